/* Events: how they are written down, which one fails, and what a command answers. */
#define _GNU_SOURCE
#include "recorder.h"
#include "confine.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define MAX_FD 64
#define MAX_ENV 4096
#define MAX_DEPTH 100

struct oracle_shared *shared;
uint32_t process_number;
/* Which fork of which process this one is, up to the shell itself. Other than the number it
 * doesn't depend on which of several processes was faster. */
static uint64_t process_path;
static uint64_t forks;
/* Processes above this one. A function that calls itself in a subshell goes on for ever, and
 * each fork takes the longer the more there are. */
static int depth;
pid_t (*real_fork)(void);
int (*real_kill)(pid_t, int);
void (*real_exit)(int) __attribute__((noreturn));

static int proc_fd = -1;
static struct stat initial[3];
static struct rlimit initial_limits[RLIM_NLIMITS];
static char *base_env[MAX_ENV + 1];
static int base_env_count;
static int same_answers;

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
/* Like commands of two processes are told apart: which one comes first may be chance. */
static uint64_t start_key(const char *kind) {
  return hash_more(hash_text(HASH_START, kind), (const char *)&process_path, sizeof process_path);
}

void absolute(const char *path, char *out, size_t size) {
  if (path[0] == '/') {
    snprintf(out, size, "%s", path);
    return;
  }
  char cwd[4096];
  if (!getcwd(cwd, sizeof cwd)) strcpy(cwd, "?");
  snprintf(out, size, "%s/%s", strcmp(cwd, "/") ? cwd : "", path);
}

void make_folders(const char *path, int last_too) {
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

static void __attribute__((noreturn)) overflow(void) {
  __atomic_or_fetch(&shared->flags, ORACLE_OVERFLOW, __ATOMIC_SEQ_CST);
  /* The shell leads a session of its own: 0 is the processes of this RUN alone. */
  real_kill(0, SIGKILL);
  real_exit(70);
}

static void count_event(void) {
  uint32_t events = __atomic_add_fetch(&shared->events, 1, __ATOMIC_SEQ_CST);
  if (events > shared->max_events) overflow();
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
int path_event(const char *kind, const char *path, const char *detail) {
  char full[8192];
  absolute(path, full, sizeof full);
  uint64_t key = hash_text(start_key(kind), full);
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
      outside_to_inside(path);
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

static uint64_t drain(uint64_t hash, int fd) {
  char buffer[4096];
  ssize_t got;
  size_t total = 0;
  while (total < (4u << 20) && (got = read(fd, buffer, sizeof buffer)) != 0) {
    /* The shell is told of the end of a job. */
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    for (ssize_t i = 0; i < got; i++) hash = (hash ^ (unsigned char)buffer[i]) * 1099511628211ULL;
    total += (size_t)got;
  }
  return hash | 1;
}

/* What a command would read: the content of pipes and of here-documents. To read a process
 * substitution to its end also waits for it, so that the order of events stays the same. */
static uint64_t read_input(void) {
  uint64_t hash = 0;
  for (int fd = 0; fd < MAX_FD; fd++) {
    struct stat input;
    int flags = fcntl(fd, F_GETFD);
    if (fd == 1 || fd == 2 || flags < 0 || flags & FD_CLOEXEC) continue;
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY || fstat(fd, &input)) continue;
    if (same_file(&input, &initial[0])) continue;
    int here_document = fd == 0 && S_ISREG(input.st_mode) && input.st_nlink == 0;
    if (S_ISFIFO(input.st_mode) || here_document) hash = drain(hash ? hash : HASH_START, fd);
  }
  return hash;
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

/* What a rewrite may add to a command or take from it doesn't change what it prints. */
static int ignorable_word(const char *word) {
  return !strncmp(word, "/var/cache/apk", 14) || !strcmp(word, "--no-cache") || !strcmp(word, "--no-cache-dir") || !strcmp(word, "-U") ||
         !strcmp(word, "--update") || !strcmp(word, "--update-cache");
}

/* `rm` prints nothing unless it is told to, so that what leaves it out prints the same. */
static int is_silent(char *const argv[]) {
  while (*argv && (!strcmp(*argv, "sudo") || !strcmp(*argv, "doas"))) argv++;
  if (!*argv || strcmp(*argv, "rm")) return 0;
  for (; *argv; argv++)
    if (argv[0][0] == '-' && (!strcmp(*argv, "--verbose") || (argv[0][1] != '-' && strchr(*argv, 'v')))) return 0;
  return 1;
}

static void answer(char *const argv[]) {
  struct stat out;
  if (fstat(1, &out) || same_file(&out, &initial[1]) || is_silent(argv)) return;
  char line[512] = "";
  uint64_t hash = HASH_START;
  for (int i = 0; argv[i]; i++) {
    if (!ignorable_word(argv[i])) hash = hash_text(hash, argv[i]);
    const char *slash = i ? NULL : strrchr(argv[i], '/');
    size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, "%s%s", i ? " " : "", slash ? slash + 1 : argv[i]);
  }
  const char *text = NULL;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    if (!strcmp(line, answers[i][0])) text = answers[i][1];
  if (text) snprintf(line, sizeof line, "%s\n", text);
  else if (same_answers) snprintf(line, sizeof line, "out\n");
  else snprintf(line, sizeof line, "out%010llx\n", (unsigned long long)(hash & 0xffffffffffULL));
  signal(SIGPIPE, SIG_IGN);
  ssize_t written = write(1, line, strlen(line));
  (void)written;
}

/* The first process of a RUN lets jobs in the background come to their end, so that what
 * they do is always recorded in full. */
void wait_for_others(void) {
  if (process_number != 0) return;
  for (int i = 0; i < 400; i++) {
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

static void __attribute__((noreturn)) finish(int status) {
  close(0);
  close(1);
  close(2);
  wait_for_others();
  real_exit(status);
}

void record_command(char *const argv[], char *const envp[], int is_missing) {
  uint64_t key = start_key("exec");
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
  if (is_missing) finish(127);
  answer(argv);
  finish(0);
}

pid_t record_fork(void) {
  /* The first process of a process namespace isn't killed from inside: it has to go itself. */
  if (__atomic_load_n(&shared->flags, __ATOMIC_SEQ_CST) & ORACLE_OVERFLOW) real_exit(70);
  uint32_t child = __atomic_add_fetch(&shared->next_process, 1, __ATOMIC_SEQ_CST);
  start_record("fork");
  put_number(child);
  /* bash gives the commands of a group their signals back, so that the group has to tell. */
  put_text(is_background() ? "1" : "0");
  end_record();
  forks++;
  pid_t pid = real_fork();
  if (pid == 0) {
    process_number = child;
    process_path = hash_more(process_path ? process_path : HASH_START, (const char *)&forks, sizeof forks);
    forks = 0;
    if (++depth > MAX_DEPTH) overflow();
  }
  return pid;
}
void start_recording(struct oracle_shared *memory, int proc_folder, int same) {
  same_answers = same;
  proc_fd = proc_folder;
  for (char **entry = environ; *entry && base_env_count < MAX_ENV; entry++)
    base_env[base_env_count++] = strdup(*entry);
  for (int i = 0; i < 3; i++) fstat(i, &initial[i]);
  for (int r = 0; r < RLIM_NLIMITS; r++) getrlimit(r, &initial_limits[r]);
  shared = memory;
}
