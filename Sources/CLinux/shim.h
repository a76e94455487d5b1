#pragma once
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// renameat2(2) stands behind _GNU_SOURCE in glibc's headers, which the importer does not define, and syscall(2) takes a
// variable number of arguments, which Swift can't call. The flag is RENAME_NOREPLACE of linux/fs.h.
static inline int disburse_rename_noreplace(const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u);
}
