#pragma once

#include <spawn.h>

// glibc 2.34 and 2.29; <spawn.h> shows them only where _GNU_SOURCE was there before its first header, and Swift's Glibc
// module comes first.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
