/* Loaded into a real shell (LD_PRELOAD): the shell runs as it is, but no command does.
 * Where the shell would execute a program, the call is recorded, a deterministic answer
 * is printed and the process ends. Folders that a command would have made appear when
 * the shell enters them or writes below them; files that a command would have made are
 * empty. The shell is confined to ORACLE_ROOT, which needs nothing inside. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "confine.h"
#include "recorder.h"

static int proc_fd = -1, dev_fd = -1;
static char lookup_dir[4096];
static char *absent;
static char failed_dir[8192];

static int (*system_open)(const char *, int, ...);
static int (*system_chdir)(const char *);
static int (*system_stat)(const char *, struct stat *);
static int (*system_lstat)(const char *, struct stat *);
static int (*system_faccessat)(int, const char *, int, int);
static pid_t (*real_getpid)(void);

static int real_open(const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  return system_open(outside(path, buffer), flags, mode);
}
static int real_chdir(const char *path) {
  char buffer[PATH_MAX];
  return system_chdir(outside(path, buffer));
}
static int real_stat(const char *path, struct stat *info) {
  char buffer[PATH_MAX];
  return system_stat(outside(path, buffer), info);
}
static int real_lstat(const char *path, struct stat *info) {
  char buffer[PATH_MAX];
  return system_lstat(outside(path, buffer), info);
}
static int real_faccessat(int folder, const char *path, int mode, int flags) {
  char buffer[PATH_MAX];
  return system_faccessat(folder, outside(path, buffer), mode, flags);
}

pid_t fork(void) { return shared ? record_fork() : real_fork(); }
pid_t vfork(void) { return shared ? record_fork() : real_fork(); }

void _exit(int status) {
  if (shared) wait_for_others();
  real_exit(status);
}

int chdir(const char *path) {
  if (!shared) return real_chdir(path);
  char full[8192];
  absolute(path, full, sizeof full);
  /* bash tries a second spelling of the same folder when the first one fails. */
  if (!strcmp(full, failed_dir)) {
    failed_dir[0] = 0;
    errno = ENOENT;
    return -1;
  }
  if (path_event("cd", path, "")) {
    snprintf(failed_dir, sizeof failed_dir, "%s", full);
    errno = ENOENT;
    return -1;
  }
  if (real_chdir(path) == 0) return 0;
  if (errno != ENOENT) return -1;
  make_folders(full, 1);
  return real_chdir(path);
}

static int open_device(const char *name, int flags) {
  static const char *const standard[] = {"stdin", "stdout", "stderr"};
  for (int i = 0; i < 3; i++)
    if (!strcmp(name, standard[i])) return dup(i);
  if (!strncmp(name, "fd/", 3)) return dup(atoi(name + 3));
  return openat(dev_fd, "null", flags & ~(O_CREAT | O_EXCL | O_TRUNC));
}

/* A file that a command would have made. Its line exports a variable, so that a script that
 * is sourced leaves a trace, and a loop over the lines of a file goes round once. */
static int made_up_file(const char *path) {
  char full[2 * PATH_MAX], line[2 * PATH_MAX];
  absolute(path, full, sizeof full);
  for (char *c = full; *c; c++)
    if (!strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", *c)) *c = '_';
  make_folders(path, 0);
  int fd = real_open(path, O_RDWR | O_CREAT, 0644);
  if (fd < 0) return fd;
  int length = snprintf(line, sizeof line, "export FROM_FILE_%s=1\n", full);
  if (pwrite(fd, line, (size_t)length, 0) < 0) return -1;
  close(fd);
  fd = real_open(path, O_RDONLY, 0);
  unlink(path);
  return fd;
}

static int open_path(const char *path, int flags, mode_t mode) {
  if (!shared) return real_open(path, flags, mode);
  if (!strcmp(path, "/dev/tty")) {
    errno = ENXIO;
    return -1;
  }
  if (!strncmp(path, "/dev/", 5) && strncmp(path, "/dev/shm", 8)) return open_device(path + 5, flags);
  const char *base = strrchr(path, '/');
  if (!strncmp(base ? base + 1 : path, "sh-thd", 6)) {
    make_folders(path, 0);
    return real_open(path, flags, mode);
  }
  if ((flags & O_ACCMODE) != O_RDONLY && flags & O_CREAT) {
    if (path_event("write", path, flags & O_APPEND ? ">>" : ">")) {
      errno = EACCES;
      return -1;
    }
    int fd = real_open(path, flags, mode);
    if (fd >= 0 || errno != ENOENT) return fd;
    make_folders(path, 0);
    return real_open(path, flags, mode);
  }
  int fd = real_open(path, flags, mode);
  if (fd >= 0 || errno != ENOENT || (flags & O_ACCMODE) != O_RDONLY) return fd;
  if (path_event("read", path, "")) {
    errno = ENOENT;
    return -1;
  }
  return made_up_file(path);
}

#define OPEN_MODE(flags)            \
  mode_t mode = 0;                  \
  if ((flags) & O_CREAT) {          \
    va_list arguments;              \
    va_start(arguments, flags);     \
    mode = va_arg(arguments, mode_t); \
    va_end(arguments);              \
  }
int open(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return open_path(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return open_path(path, flags, mode);
}

static int is_absent(const char *name) {
  size_t length = strlen(name);
  for (const char *at = length ? absent : NULL; at && (at = strstr(at, name)); at++)
    if ((at == absent || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return 1;
  return 0;
}

/* Any name is a command of the last folder in PATH, unless the scenario says it's absent. */
static int is_command(const char *path) {
  size_t length = strlen(lookup_dir);
  if (!length || strncmp(path, lookup_dir, length) || path[length] != '/') return 0;
  const char *name = path + length + 1;
  return *name && !strchr(name, '/') && !is_absent(name);
}

/* Whether a script of plain commands, joined by `&&` and `;` alone, ends with an absent one. */
static int ends_with_absent(const char *script) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 &;./_:=,@%+-";
  char copy[4096], *rest;
  if (strlen(script) >= sizeof copy || script[strspn(script, plain)]) return 0;
  strcpy(copy, script);
  int lacks = 0;
  for (char *list = strtok_r(copy, ";", &rest); list; list = strtok_r(NULL, ";", &rest)) {
    if (!list[strspn(list, " ")]) continue;
    lacks = 0;
    for (char *at = list; *at;) {
      char name[256];
      at += strspn(at, " ");
      snprintf(name, sizeof name, "%.*s", (int)strcspn(at, " &"), at);
      lacks |= is_absent(name);
      at += strcspn(at, "&");
      size_t operator = strspn(at, "&");
      if (operator == 1) return 0;
      at += operator;
    }
  }
  return lacks;
}

/* The script of `sh -c script`, also behind `sudo` and its like, and of `su user -c script`. */
static const char *script_of(char *const argv[]) {
  static const char *const shells[] = {"sh", "bash", "dash", "ash", "su"};
  int is_shell = 0;
  for (int i = 0; argv[i]; i++) {
    const char *slash = strrchr(argv[i], '/');
    for (size_t j = 0; j < sizeof shells / sizeof *shells; j++)
      is_shell |= !strcmp(slash ? slash + 1 : argv[i], shells[j]);
    size_t length = strlen(argv[i]);
    if (is_shell && argv[i][0] == '-' && argv[i][1] != '-' && argv[i][length - 1] == 'c') return argv[i + 1];
  }
  return NULL;
}

/* `sudo npm ci` and `sh -c 'npm ci'` fail like `npm ci` where there is no npm. */
static int lacks_program(char *const argv[]) {
  static const char *const prefixes[] = {"sudo", "doas", "gosu", "su-exec", "env", "nice", "ionice", "nohup",
                                         "timeout", "time", "eatmydata", "stdbuf", "xargs", "command", "exec"};
  const char *slash = strrchr(argv[0], '/');
  int is_prefix = 0;
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    is_prefix |= !strcmp(slash ? slash + 1 : argv[0], prefixes[i]);
  for (int i = 1; is_prefix && argv[i]; i++)
    if (is_absent(argv[i])) return 1;
  const char *script = script_of(argv);
  return script && ends_with_absent(script);
}

int execve(const char *path, char *const argv[], char *const envp[]) {
  if (!shared || is_absent(path)) {
    errno = shared ? ENOENT : ENOSYS;
    return -1;
  }
  record_command(argv, envp, lacks_program(argv));
}

static int command_stat(const char *path, struct stat *info) {
  if (!is_command(path)) return -1;
  memset(info, 0, sizeof *info);
  info->st_mode = S_IFREG | 0755;
  info->st_nlink = 1;
  info->st_size = 1;
  errno = 0;
  return 0;
}
int stat(const char *path, struct stat *info) {
  int result = real_stat(path, info);
  return result && shared && errno == ENOENT ? command_stat(path, info) : result;
}
int stat64(const char *path, struct stat64 *info) { return stat(path, (struct stat *)info); }
int lstat(const char *path, struct stat *info) {
  int result = real_lstat(path, info);
  return result && shared && errno == ENOENT ? command_stat(path, info) : result;
}
int lstat64(const char *path, struct stat64 *info) { return lstat(path, (struct stat *)info); }
int faccessat(int folder, const char *path, int mode, int flags) {
  int result = real_faccessat(folder, path, mode, flags);
  return result && shared && errno == ENOENT && is_command(path) ? 0 : result;
}
int access(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }
int eaccess(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, AT_EACCESS); }
int euidaccess(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, AT_EACCESS); }

/* Jobs in the background have ended here long before they would have in a build, so that a
 * signal to one of them is recorded and not sent. */
int kill(pid_t pid, int number) {
  if (!shared || pid == getpid()) return real_kill(pid == getpid() ? real_getpid() : pid, number);
  char text[16];
  snprintf(text, sizeof text, "%d", number);
  return path_event("kill", "/", text) ? (errno = ESRCH, -1) : 0;
}

int killpg(pid_t group, int number) { return kill(-group, number); }

/* Without a process namespace, process numbers would differ from run to run. */
pid_t getpid(void) { return shared ? (pid_t)process_number + 1 : real_getpid(); }

/* bash's /dev/tcp would reach the network. */
int socket(int domain, int type, int protocol) {
  (void)domain, (void)type, (void)protocol;
  errno = EACCES;
  return -1;
}

__attribute__((constructor)) static void start(void) {
  system_open = dlsym(RTLD_NEXT, "open");
  system_chdir = dlsym(RTLD_NEXT, "chdir");
  system_stat = dlsym(RTLD_NEXT, "stat");
  system_lstat = dlsym(RTLD_NEXT, "lstat");
  system_faccessat = dlsym(RTLD_NEXT, "faccessat");
  real_fork = dlsym(RTLD_NEXT, "fork");
  real_getpid = dlsym(RTLD_NEXT, "getpid");
  real_kill = dlsym(RTLD_NEXT, "kill");
  *(void **)&real_exit = dlsym(RTLD_NEXT, "_exit");
  const char *root = getenv("ORACLE_ROOT"), *cwd = getenv("ORACLE_CWD");
  const char *missing = getenv("ORACLE_ABSENT");
  if (!root || !cwd) return;
  absent = strdup(missing ? missing : "");
  struct oracle_shared *memory =
      mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, ORACLE_SHARED_FD, 0);
  if (memory == MAP_FAILED) real_exit(71);
  fcntl(ORACLE_LOG_FD, F_SETFD, FD_CLOEXEC);
  fcntl(ORACLE_SHARED_FD, F_SETFD, FD_CLOEXEC);
  int fd = system_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  proc_fd = fcntl(fd, F_DUPFD_CLOEXEC, 242);
  close(fd);
  fd = system_open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
  dev_fd = fcntl(fd, F_DUPFD_CLOEXEC, 243);
  close(fd);
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", cwd);
  if (enter_root(root, getenv("ORACLE_BY_PATHS") != NULL)) real_exit(72);
  make_folders(folder, 1);
  if (real_chdir(folder)) real_exit(73);
  unsetenv("ORACLE_ROOT");
  unsetenv("ORACLE_CWD");
  int same = getenv("ORACLE_SAME") != NULL;
  unsetenv("ORACLE_ABSENT");
  unsetenv("ORACLE_SAME");
  unsetenv("ORACLE_BY_PATHS");
  unsetenv("LD_PRELOAD");
  const char *search = getenv("PATH");
  if (search) {
    const char *last = search;
    for (const char *c = search; *c; c++)
      if (*c == ':' && c[1] && c[1] != ':') last = c + 1;
    snprintf(lookup_dir, sizeof lookup_dir, "%.*s", (int)strcspn(last, ":"), last);
  }
  /* Orphans come back to the shell, where their end is waited for. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  start_recording(memory, proc_fd, same);
}

__attribute__((destructor)) static void stop(void) {
  if (shared) wait_for_others();
}
