#pragma once
#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

// renameat2(2) stands behind _GNU_SOURCE in glibc's headers, which the importer does not define, and syscall(2) takes a
// variable number of arguments, which Swift can't call. The flag is RENAME_NOREPLACE of linux/fs.h.
static inline int disburse_rename_noreplace(const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u);
}

// adjtimex(2) is not in Swift's Glibc. Without modes it only reads; TIME_ERROR is its word for a clock that nothing
// keeps right.
static inline int disburse_clock_is_unsynchronized(void) {
  struct timex time = {.modes = 0};
  return adjtimex(&time) == TIME_ERROR;
}

// glibc 2.34 and 2.29; <spawn.h> shows them only where _GNU_SOURCE was there before its first header, and Swift's Glibc
// module comes first.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

// prctl(2) takes a variable number of arguments, which Swift can't call.
static inline int disburse_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
