#ifndef DISBURSE_CCLOCK_SHIM_H
#define DISBURSE_CCLOCK_SHIM_H

#include <sys/timex.h>

// adjtimex(2) is not in Swift's Glibc. Without modes it only reads; TIME_ERROR is its word for a clock that nothing
// keeps right.
static inline int shim_clock_is_unsynchronized(void) {
  struct timex time = {.modes = 0};
  return adjtimex(&time) == TIME_ERROR;
}

#endif
