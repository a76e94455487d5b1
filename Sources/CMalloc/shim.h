// <malloc.h> is no part of the Glibc module; mallopt(3) and its parameters are there.
#include <malloc.h>

// sqlite3_config is variadic, which Swift can't call. 9 is SQLITE_CONFIG_MEMSTATUS: nobody reads SQLite's memory
// statistics here, and keeping them takes a lock at each of its allocations.
int sqlite3_config(int option, ...);
static inline int disableSQLiteMemoryStatistics(void) { return sqlite3_config(9, 0); }

// prctl(2) is variadic, too. 4 is PR_SET_DUMPABLE.
int prctl(int option, ...);
static inline int forbidDumps(void) { return prctl(4, 0UL, 0UL, 0UL, 0UL); }
