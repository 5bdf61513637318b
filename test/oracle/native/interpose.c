/* Loaded into a real shell (LD_PRELOAD): the shell runs as it is, but no command does.
 * Where the shell would execute a program, the call is recorded, a deterministic answer
 * is printed and the process ends. Folders that a command would have made appear when
 * the shell enters them or writes below them; files that a command would have made are
 * empty. The shell is confined to ORACLE_ROOT, which needs nothing inside. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "protocol.h"

extern char **environ;

#define MAX_FD 64
#define MAX_ENV 4096

static struct oracle_shared *shared;
static uint32_t process_number;
static int proc_fd = -1, dev_fd = -1;
static struct stat initial[3];
static struct rlimit initial_limits[RLIM_NLIMITS];
static char *base_env[MAX_ENV + 1];
static int base_env_count;
static char lookup_dir[4096];
static char *absent;
static char failed_dir[8192];

static int (*real_open)(const char *, int, ...);
static int (*real_chdir)(const char *);
static int (*real_stat)(const char *, struct stat *);
static int (*real_lstat)(const char *, struct stat *);
static int (*real_faccessat)(int, const char *, int, int);
static pid_t (*real_fork)(void);
static int (*real_kill)(pid_t, int);
static void (*real_exit)(int) __attribute__((noreturn));

/* One record is one write, so that processes that run at the same time can't mix. */
static char record[1 << 20];
static size_t record_length;

static void put(const char *text, size_t length) {
  if (record_length + length + 1 > sizeof record) length = 0;
  memcpy(record + record_length, text, length);
  record_length += length;
  record[record_length++] = 0;
}
static void put_text(const char *text) { put(text, strlen(text)); }
static void put_number(uint64_t number) {
  char digits[32];
  put(digits, (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number));
}
static void start_record(const char *kind) {
  record_length = 0;
  put_text(kind);
  put_number(process_number);
}
static void end_record(void) {
  ssize_t written = write(ORACLE_LOG_FD, record, record_length);
  (void)written;
}

static uint64_t hash_more(uint64_t hash, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211ULL;
  return (hash ^ 0xffULL) * 1099511628211ULL;
}
static uint64_t hash_text(uint64_t hash, const char *text) {
  return hash_more(hash, text, strlen(text));
}
#define HASH_START 14695981039346656037ULL

static void absolute(const char *path, char *out, size_t size) {
  if (path[0] == '/') {
    snprintf(out, size, "%s", path);
    return;
  }
  char cwd[4096];
  if (!getcwd(cwd, sizeof cwd)) strcpy(cwd, "?");
  snprintf(out, size, "%s/%s", strcmp(cwd, "/") ? cwd : "", path);
}

static void make_folders(const char *path, int last_too) {
  char copy[4096];
  snprintf(copy, sizeof copy, "%s", path);
  mode_t mask = umask(0);
  for (char *c = copy + 1; *c; c++)
    if (*c == '/') {
      *c = 0;
      mkdir(copy, 0755);
      *c = '/';
    }
  if (last_too) mkdir(copy, 0755);
  umask(mask);
}

static void count_event(void) {
  uint32_t events = __atomic_add_fetch(&shared->events, 1, __ATOMIC_SEQ_CST);
  if (events <= shared->max_events) return;
  __atomic_or_fetch(&shared->flags, ORACLE_OVERFLOW, __ATOMIC_SEQ_CST);
  real_kill(-1, SIGKILL);
  real_exit(70);
}

/* Says whether this event is the one that has to fail. */
static int injected(uint64_t key) {
  if (!shared->inject_key || shared->inject_key != key) return 0;
  uint32_t seen = __atomic_add_fetch(&shared->inject_seen, 1, __ATOMIC_SEQ_CST);
  if (seen != shared->inject_nth) return 0;
  __atomic_or_fetch(&shared->flags, ORACLE_INJECTED, __ATOMIC_SEQ_CST);
  return 1;
}

static int is_background(void) {
  struct sigaction interrupt, quit;
  sigaction(SIGINT, NULL, &interrupt);
  sigaction(SIGQUIT, NULL, &quit);
  return interrupt.sa_handler == SIG_IGN && quit.sa_handler == SIG_IGN;
}

/* The part of an event that every kind has: place, umask, background. */
static void put_context(uint64_t key) {
  char hex[32], cwd[4096];
  snprintf(hex, sizeof hex, "%016llx", (unsigned long long)key);
  put_text(hex);
  put_text(getcwd(cwd, sizeof cwd) ? cwd : "?");
  mode_t mask = umask(0);
  umask(mask);
  snprintf(hex, sizeof hex, "%04o", (unsigned)mask);
  put_text(hex);
  put_text(is_background() ? "1" : "0");
}

/* Records an event that has a path and no arguments; says whether it has to fail. */
static int path_event(const char *kind, const char *path, const char *detail) {
  char full[8192];
  absolute(path, full, sizeof full);
  uint64_t key = hash_text(hash_text(HASH_START, kind), full);
  count_event();
  start_record(kind);
  put_context(key);
  put_text(full);
  put_text(detail);
  end_record();
  return injected(key);
}

static int same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static void put_descriptors(void) {
  static struct stat seen[MAX_FD];
  static int open_fds[MAX_FD];
  int count = 0;
  char text[4352], path[4096], link[64];
  for (int fd = 0; fd < MAX_FD; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && !(flags & FD_CLOEXEC)) open_fds[count++] = fd;
  }
  put_number((uint64_t)count);
  for (int i = 0; i < count; i++) {
    int fd = open_fds[i];
    fstat(fd, &seen[i]);
    const char *name = NULL;
    char other[16];
    if (same_file(&seen[i], &initial[0])) name = "RUN's stdin";
    else if (same_file(&seen[i], &initial[1])) name = "RUN's stdout";
    else if (same_file(&seen[i], &initial[2])) name = "RUN's stderr";
    for (int j = 0; !name && j < i; j++)
      if (S_ISFIFO(seen[i].st_mode) && same_file(&seen[i], &seen[j])) {
        snprintf(other, sizeof other, "&%d", open_fds[j]);
        name = other;
      }
    if (!name && S_ISFIFO(seen[i].st_mode)) name = "a pipe";
    if (!name) {
      snprintf(link, sizeof link, "self/fd/%d", fd);
      ssize_t length = readlinkat(proc_fd, link, path, sizeof path - 1);
      path[length > 0 ? length : 0] = 0;
      /* A shell may keep a here-document in a file with a random name. */
      name = strstr(path, " (deleted)") ? "a here-document" : path;
    }
    int mode = fcntl(fd, F_GETFL);
    const char *access = name == other || name[0] == 'R' ? ""
                         : mode & O_APPEND ? ">>" : (mode & O_ACCMODE) == O_RDONLY ? "<"
                         : (mode & O_ACCMODE) == O_RDWR ? "<>" : ">";
    snprintf(text, sizeof text, "%d%s%s", fd, access, name);
    put_text(text);
  }
}

/* What a command would read: the content of a pipe or of a here-document. */
static uint64_t read_input(void) {
  struct stat input;
  if (fstat(0, &input) || same_file(&input, &initial[0])) return 0;
  if (!S_ISFIFO(input.st_mode) && !(S_ISREG(input.st_mode) && input.st_nlink == 0)) return 0;
  if ((fcntl(0, F_GETFL) & O_ACCMODE) == O_WRONLY) return 0;
  uint64_t hash = HASH_START;
  char buffer[4096];
  ssize_t got;
  size_t total = 0;
  while (total < (4u << 20) && (got = read(0, buffer, sizeof buffer)) > 0) {
    for (ssize_t i = 0; i < got; i++) hash = (hash ^ (unsigned char)buffer[i]) * 1099511628211ULL;
    total += (size_t)got;
  }
  return hash | 1;
}

/* Answers that scripts branch on, so that the branch for an ordinary Linux is taken. */
static const char *const answers[][2] = {
    {"uname -m", "x86_64"}, {"uname -p", "x86_64"}, {"uname -i", "x86_64"},
    {"uname -s", "Linux"}, {"uname", "Linux"}, {"uname -o", "GNU/Linux"},
    {"arch", "x86_64"}, {"dpkg --print-architecture", "amd64"},
    {"apk --print-arch", "x86_64"}, {"rpm --eval %{_arch}", "x86_64"},
    {"nproc", "4"}, {"id -u", "0"}, {"id -un", "root"}, {"whoami", "root"},
    {"getconf LONG_BIT", "64"}, {"getconf _NPROCESSORS_ONLN", "4"},
};

static int ignorable_flag(const char *word) {
  return !strcmp(word, "--no-cache") || !strcmp(word, "--no-cache-dir") || !strcmp(word, "-U") ||
         !strcmp(word, "--update") || !strcmp(word, "--update-cache");
}

static void answer(char *const argv[]) {
  struct stat out;
  if (fstat(1, &out) || same_file(&out, &initial[1])) return;
  char line[512] = "";
  uint64_t hash = HASH_START;
  for (int i = 0; argv[i]; i++) {
    if (!ignorable_flag(argv[i])) hash = hash_text(hash, argv[i]);
    const char *slash = i ? NULL : strrchr(argv[i], '/');
    size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, "%s%s", i ? " " : "", slash ? slash + 1 : argv[i]);
  }
  const char *text = NULL;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    if (!strcmp(line, answers[i][0])) text = answers[i][1];
  if (text) snprintf(line, sizeof line, "%s\n", text);
  else snprintf(line, sizeof line, "out%010llx\n", (unsigned long long)(hash & 0xffffffffffULL));
  signal(SIGPIPE, SIG_IGN);
  ssize_t written = write(1, line, strlen(line));
  (void)written;
}

/* The first process of a RUN lets jobs in the background come to their end, so that what
 * they do is always recorded in full. */
static void wait_for_others(void) {
  if (process_number != 0 || getpid() != 1) return;
  for (int i = 0; i < 60; i++) {
    pid_t ended = waitpid(-1, NULL, WNOHANG);
    if (ended > 0) {
      i = -1;
      continue;
    }
    if (ended < 0 && errno == ECHILD) return;
    struct timespec pause = {0, 2000000};
    nanosleep(&pause, NULL);
  }
  __atomic_or_fetch(&shared->flags, ORACLE_LINGERED, __ATOMIC_SEQ_CST);
}

static void finish(int status) {
  close(0);
  close(1);
  close(2);
  wait_for_others();
  real_exit(status);
}

int execve(const char *path, char *const argv[], char *const envp[]) {
  (void)path;
  uint64_t key = hash_text(HASH_START, "exec");
  char cwd[4096];
  int count = 0;
  key = hash_text(key, getcwd(cwd, sizeof cwd) ? cwd : "?");
  for (; argv[count]; count++) key = hash_text(key, argv[count]);
  count_event();
  uint64_t input = read_input();
  start_record("exec");
  put_context(key);
  put_number((uint64_t)count);
  for (int i = 0; i < count; i++) put_text(argv[i]);
  put_descriptors();
  put_number(input);
  uint64_t ignored = 0;
  for (int s = 1; s < 32; s++) {
    struct sigaction action;
    if (s == SIGINT || s == SIGQUIT || sigaction(s, NULL, &action)) continue;
    if (action.sa_handler == SIG_IGN) ignored |= 1ULL << s;
  }
  put_number(ignored);
  char limits[512] = "";
  for (int r = 0; r < RLIM_NLIMITS; r++) {
    struct rlimit now;
    if (getrlimit(r, &now) || !memcmp(&now, &initial_limits[r], sizeof now)) continue;
    size_t used = strlen(limits);
    snprintf(limits + used, sizeof limits - used, "%d=%llu/%llu ", r,
             (unsigned long long)now.rlim_cur, (unsigned long long)now.rlim_max);
  }
  put_text(limits);
  /* Only what differs from the RUN's first environment: most events change nothing. */
  int changed = 0;
  static const char *changes[2 * MAX_ENV];
  static char signs[2 * MAX_ENV];
  for (int i = 0; envp[i] && changed < MAX_ENV; i++) {
    int known = 0;
    for (int j = 0; j < base_env_count && !known; j++) known = !strcmp(envp[i], base_env[j]);
    if (!known) signs[changed] = '+', changes[changed++] = envp[i];
  }
  for (int j = 0; j < base_env_count; j++) {
    size_t name = strcspn(base_env[j], "=") + 1;
    int known = 0;
    for (int i = 0; envp[i] && !known; i++) known = !strncmp(envp[i], base_env[j], name);
    if (!known) signs[changed] = '-', changes[changed++] = base_env[j];
  }
  put_number((uint64_t)changed);
  for (int i = 0; i < changed; i++) {
    char sign[2] = {signs[i], 0};
    put_text(sign);
    put_text(changes[i]);
  }
  end_record();
  if (injected(key)) finish(1);
  answer(argv);
  finish(0);
  return -1;
}

static pid_t record_fork(void) {
  uint32_t child = __atomic_add_fetch(&shared->next_process, 1, __ATOMIC_SEQ_CST);
  start_record("fork");
  put_number(child);
  end_record();
  pid_t pid = real_fork();
  if (pid == 0) process_number = child;
  return pid;
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
  make_folders(path, 0);
  fd = real_open(path, flags | O_CREAT, 0644);
  if (fd >= 0) unlink(path);
  return fd;
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

/* Any name is a command of the last folder in PATH, unless the scenario says it's absent. */
static int is_command(const char *path) {
  size_t length = strlen(lookup_dir);
  if (!length || strncmp(path, lookup_dir, length) || path[length] != '/') return 0;
  const char *name = path + length + 1;
  if (!*name || strchr(name, '/')) return 0;
  size_t name_length = strlen(name);
  for (const char *at = absent; at && (at = strstr(at, name)); at++)
    if ((at == absent || at[-1] == ' ') && (at[name_length] == ' ' || !at[name_length])) return 0;
  return 1;
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
  if (!shared || pid == getpid()) return real_kill(pid, number);
  char text[16];
  snprintf(text, sizeof text, "%d", number);
  return path_event("kill", "/", text) ? (errno = ESRCH, -1) : 0;
}

__attribute__((constructor)) static void start(void) {
  real_open = dlsym(RTLD_NEXT, "open");
  real_chdir = dlsym(RTLD_NEXT, "chdir");
  real_stat = dlsym(RTLD_NEXT, "stat");
  real_lstat = dlsym(RTLD_NEXT, "lstat");
  real_faccessat = dlsym(RTLD_NEXT, "faccessat");
  real_fork = dlsym(RTLD_NEXT, "fork");
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
  int fd = real_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  proc_fd = fcntl(fd, F_DUPFD_CLOEXEC, 242);
  close(fd);
  fd = real_open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC);
  dev_fd = fcntl(fd, F_DUPFD_CLOEXEC, 243);
  close(fd);
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", cwd);
  if (real_chdir(root) || chroot(".")) real_exit(72);
  make_folders(folder, 1);
  if (real_chdir(folder)) real_exit(73);
  unsetenv("ORACLE_ROOT");
  unsetenv("ORACLE_CWD");
  unsetenv("ORACLE_ABSENT");
  unsetenv("LD_PRELOAD");
  for (char **entry = environ; *entry && base_env_count < MAX_ENV; entry++)
    base_env[base_env_count++] = strdup(*entry);
  const char *search = getenv("PATH");
  if (search) {
    const char *last = search;
    for (const char *c = search; *c; c++)
      if (*c == ':' && c[1] && c[1] != ':') last = c + 1;
    snprintf(lookup_dir, sizeof lookup_dir, "%.*s", (int)strcspn(last, ":"), last);
  }
  for (int i = 0; i < 3; i++) fstat(i, &initial[i]);
  for (int r = 0; r < RLIM_NLIMITS; r++) getrlimit(r, &initial_limits[r]);
  shared = memory;
}

__attribute__((destructor)) static void stop(void) {
  if (shared) wait_for_others();
}
