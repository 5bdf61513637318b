/* Keeps the shell below one folder. Where the right to change the root folder is missing,
 * each path that the shell names is put below that folder instead. */
#define _GNU_SOURCE
#include "confine.h"
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Empty where the system itself confines the shell. */
static char prefix[PATH_MAX];
static size_t prefix_length;

int enter_root(const char *root, int by_paths) {
  if (!by_paths && !chdir(root)) {
    if (!chroot(".")) return 0;
    if (errno != EPERM) return -1;
  }
  if (!realpath(root, prefix)) return -1;
  prefix_length = strlen(prefix);
  return 0;
}

void outside_to_inside(char *path) {
  if (!prefix_length || strncmp(path, prefix, prefix_length)) return;
  if (path[prefix_length] == 0) strcpy(path, "/");
  else if (path[prefix_length] == '/')
    memmove(path, path + prefix_length, strlen(path + prefix_length) + 1);
}

const char *outside(const char *path, char *buffer) {
  if (!prefix_length || !*path) return path;
  char full[2 * PATH_MAX] = "";
  if (path[0] != '/' && !getcwd(full, PATH_MAX)) return path;
  size_t used = strlen(full);
  snprintf(full + used, sizeof full - used, "/%s", path);
  /* No ".." may lead out, so that it's resolved in the text. */
  memcpy(buffer, prefix, prefix_length + 1);
  size_t length = prefix_length;
  for (char *part = strtok(full, "/"); part; part = strtok(NULL, "/")) {
    if (!strcmp(part, ".")) continue;
    if (!strcmp(part, "..")) {
      while (length > prefix_length && buffer[--length] != '/') continue;
      buffer[length] = 0;
      continue;
    }
    size_t more = strlen(part);
    if (length + more + 2 > PATH_MAX) return path;
    buffer[length++] = '/';
    memcpy(buffer + length, part, more + 1);
    length += more;
  }
  return buffer;
}

char *getcwd(char *buffer, size_t size) {
  static char *(*real)(char *, size_t);
  if (!real) real = dlsym(RTLD_NEXT, "getcwd");
  char *result = real(buffer, size);
  if (result) outside_to_inside(result);
  return result;
}

DIR *opendir(const char *path) {
  static DIR *(*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "opendir");
  char buffer[PATH_MAX];
  return real(outside(path, buffer));
}

int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "unlink");
  char buffer[PATH_MAX];
  return real(outside(path, buffer));
}

int mkdir(const char *path, mode_t mode) {
  static int (*real)(const char *, mode_t);
  if (!real) real = dlsym(RTLD_NEXT, "mkdir");
  char buffer[PATH_MAX];
  return real(outside(path, buffer), mode);
}
