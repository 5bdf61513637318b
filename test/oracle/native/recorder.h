/* What the recorder (events, answers) gives to the hooks around the shell's system calls. */
#ifndef ORACLE_RECORDER_H
#define ORACLE_RECORDER_H
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "protocol.h"

/* NULL while the library isn't active. */
extern struct oracle_shared *shared;
/* 0 for the shell itself, then one number for each fork. */
extern uint32_t process_number;
extern pid_t (*real_fork)(void);
extern int (*real_kill)(pid_t, int);
extern void (*real_exit)(int) __attribute__((noreturn));

/* `same`: every command prints the same text, so that a script finds what it expects. */
void start_recording(struct oracle_shared *memory, int proc_folder, int same);
void make_folders(const char *path, int last_too);
void absolute(const char *path, char *out, size_t size);
/* Records an event that has a path and no arguments; says whether it has to fail. */
int path_event(const char *kind, const char *path, const char *detail);
/* Records a command in place of executing it, answers for it, unless what it runs is
 * missing, and ends the process. */
void record_command(char *const argv[], char *const envp[], int is_missing) __attribute__((noreturn));
pid_t record_fork(void);
void wait_for_others(void);
#endif
