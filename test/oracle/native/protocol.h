/* What the runner and the library inside the shell share. Everything lives in memory
 * files that the runner opens once and that every shell inherits by number. */
#ifndef ORACLE_PROTOCOL_H
#define ORACLE_PROTOCOL_H
#include <stdint.h>

#define ORACLE_LOG_FD 240
#define ORACLE_SHARED_FD 241

enum { ORACLE_OVERFLOW = 1, ORACLE_TIMEOUT = 2, ORACLE_INJECTED = 4, ORACLE_LINGERED = 8 };

struct oracle_shared {
  uint32_t next_process;  /* last process number that was given out */
  uint32_t events;        /* events so far in this RUN */
  uint32_t max_events;
  uint32_t flags;
  uint64_t inject_key;    /* 0: let everything succeed */
  uint32_t inject_nth;    /* 1-based: which event with this key fails */
  uint32_t inject_seen;
};
#endif
