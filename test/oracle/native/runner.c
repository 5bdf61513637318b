/* Runs one shell after another for the oracle: reads requests from stdin and writes what
 * happened to stdout. Each shell is the first process of its own process namespace, as in
 * a container, so that process numbers repeat and nothing outlives its RUN.
 *
 * Request: length (uint32), then strings that end in NUL: library, shell, root, working
 * directory, absent commands, key (hex), nth, longest time in ms without an event, number of
 * arguments, arguments, number of environment entries, entries.
 * With the argument `probe`, it only says how shells are confined: `root` or `paths`.
 * Answer: length of log, length of output, length of errors, flags, status (uint32 each),
 * then the log, the output and the errors. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "protocol.h"

enum { TICK_MS = 100 };

static volatile pid_t child;
static volatile sig_atomic_t timed_out;
static struct oracle_shared *shared;
static uint32_t seen_events;
static int idle_ticks, most_idle_ticks;

/* A busy machine makes everything slow: what counts is that something still happens. */
static void on_alarm(int number) {
  (void)number;
  if (shared->events != seen_events) {
    seen_events = shared->events;
    idle_ticks = 0;
  }
  if (idle_ticks++ < most_idle_ticks) return;
  timed_out = 1;
  if (child > 0) kill(-child, SIGKILL);
}

static void read_fully(void *into, size_t length) {
  char *at = into;
  while (length) {
    ssize_t got = read(0, at, length);
    if (got <= 0) exit(0);
    at += got;
    length -= (size_t)got;
  }
}
static void write_fully(const void *from, size_t length) {
  const char *at = from;
  while (length) {
    ssize_t put = write(1, at, length);
    if (put <= 0) exit(1);
    at += put;
    length -= (size_t)put;
  }
}
static void fail(const char *what) {
  perror(what);
  exit(2);
}
static int memory_file(const char *name) {
  int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) fail(name);
  return fd;
}
static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

/* Without root, a user namespace gives the right to change the root folder; where there is
 * none, the library inside the shell makes do with changing paths. */
static void become_root(void) {
  if (geteuid() == 0) return;
  char map[64];
  snprintf(map, sizeof map, "0 %u 1", (unsigned)geteuid());
  if (unshare(CLONE_NEWUSER)) return;
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", map);
}

static char *next_string(char **at) {
  char *text = *at;
  *at += strlen(text) + 1;
  return text;
}

int main(int argument_count, char **arguments) {
  become_root();
  if (argument_count > 1 && !strcmp(arguments[1], "probe"))
    return puts(chroot("/") ? "paths" : "root") < 0;
  signal(SIGPIPE, SIG_IGN);
  struct sigaction alarm_action = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &alarm_action, NULL);
  umask(022);
  int log_fd = memory_file("log"), shared_fd = memory_file("shared");
  int in_fd = memory_file("in"), out_fd = memory_file("out"), err_fd = memory_file("err");
  fcntl(log_fd, F_SETFL, O_APPEND);
  fcntl(out_fd, F_SETFL, O_APPEND);
  fcntl(err_fd, F_SETFL, O_APPEND);
  if (ftruncate(shared_fd, 4096)) fail("shared memory");
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, shared_fd, 0);
  if (shared == MAP_FAILED) fail("shared memory");

  for (;;) {
    uint32_t length;
    read_fully(&length, sizeof length);
    char *request = malloc(length + 1);
    read_fully(request, length);
    request[length] = 0;
    char *at = request;
    const char *library = next_string(&at), *shell = next_string(&at), *root = next_string(&at);
    const char *cwd = next_string(&at), *absent = next_string(&at);
    memset(shared, 0, sizeof *shared);
    shared->inject_key = strtoull(next_string(&at), NULL, 16);
    shared->inject_nth = (uint32_t)atoi(next_string(&at));
    shared->max_events = 1000;
    most_idle_ticks = atoi(next_string(&at)) / TICK_MS;
    int argc = atoi(next_string(&at));
    char **argv = calloc((size_t)argc + 1, sizeof *argv);
    for (int i = 0; i < argc; i++) argv[i] = next_string(&at);
    int envc = atoi(next_string(&at));
    char **env = calloc((size_t)envc + 5, sizeof *env);
    for (int i = 0; i < envc; i++) env[i] = next_string(&at);
    if (asprintf(&env[envc], "LD_PRELOAD=%s", library) < 0 ||
        asprintf(&env[envc + 1], "ORACLE_ROOT=%s", root) < 0 ||
        asprintf(&env[envc + 2], "ORACLE_CWD=%s", cwd) < 0 ||
        asprintf(&env[envc + 3], "ORACLE_ABSENT=%s", absent) < 0)
      fail("memory");
    if (ftruncate(log_fd, 0) || ftruncate(out_fd, 0) || ftruncate(err_fd, 0)) fail("truncate");
    timed_out = 0;

    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
    /* A container may have the right to change the root folder and not this one. */
    if (pid < 0 && errno == EPERM) pid = fork();
    if (pid < 0) fail("process");
    if (pid == 0) {
      signal(SIGPIPE, SIG_DFL);
      setsid();
      dup2(in_fd, 0);
      dup2(out_fd, 1);
      dup2(err_fd, 2);
      dup2(log_fd, ORACLE_LOG_FD);
      dup2(shared_fd, ORACLE_SHARED_FD);
      struct rlimit cpu = {4, 5}, size = {64 << 20, 64 << 20}, core = {0, 0};
      setrlimit(RLIMIT_CPU, &cpu);
      setrlimit(RLIMIT_FSIZE, &size);
      setrlimit(RLIMIT_CORE, &core);
      execve(shell, argv, env);
      _exit(126);
    }
    child = pid;
    seen_events = 0;
    idle_ticks = 0;
    struct itimerval timer = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    kill(-pid, SIGKILL);
    memset(&timer, 0, sizeof timer);
    setitimer(ITIMER_REAL, &timer, NULL);
    child = 0;

    struct stat log_info, out_info, err_info;
    fstat(log_fd, &log_info);
    fstat(out_fd, &out_info);
    fstat(err_fd, &err_info);
    uint32_t header[5] = {
        (uint32_t)log_info.st_size, (uint32_t)out_info.st_size, (uint32_t)err_info.st_size,
        shared->flags | (timed_out ? ORACLE_TIMEOUT : 0),
        WIFEXITED(status) ? (uint32_t)WEXITSTATUS(status) : 128u + (uint32_t)WTERMSIG(status)};
    write_fully(header, sizeof header);
    int fds[] = {log_fd, out_fd, err_fd};
    for (int i = 0; i < 3; i++) {
      if (!header[i]) continue;
      char *text = malloc(header[i]);
      if (pread(fds[i], text, header[i], 0) != (ssize_t)header[i]) fail("read back");
      write_fully(text, header[i]);
      free(text);
    }
    for (int i = 0; i < 4; i++) free(env[envc + i]);
    free(argv);
    free(env);
    free(request);
  }
}
