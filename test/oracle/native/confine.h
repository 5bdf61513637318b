/* The folder that a shell sees as its root. */
#ifndef ORACLE_CONFINE_H
#define ORACLE_CONFINE_H

/* Makes `root` the root folder; with `by_paths`, or without the right, by changing paths.
 * Returns 0, or -1 with errno. */
int enter_root(const char *root, int by_paths);
/* The path for the system of a path that the shell named; `buffer` has PATH_MAX bytes. */
const char *outside(const char *path, char *buffer);
/* The other way round, in place. */
void outside_to_inside(char *path);
#endif
