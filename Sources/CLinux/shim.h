// What Linux offers that Swift cannot call as it is.
#pragma once
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

// RLIMIT_NOFILE is an enum constant in C and a plain int in the calls' Swift signature: wrapped. 0, or an errno.
static inline int gateway_open_files(unsigned long long *soft, unsigned long long *hard) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    *soft = limit.rlim_cur;
    *hard = limit.rlim_max;
    return 0;
}

static inline int gateway_set_open_files(unsigned long long soft, unsigned long long hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? 0 : errno;
}

// fscanf is variadic. Resident pages that are no file's, in bytes (proc(5), statm); 0 when they cannot be told.
static inline long gateway_private_resident_bytes(void) {
    long size = 0, resident = 0, shared = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL) return 0;
    int count = fscanf(statm, "%ld %ld %ld", &size, &resident, &shared);
    fclose(statm);
    return count == 3 ? (resident - shared) * sysconf(_SC_PAGESIZE) : 0;
}

// struct timex has bit fields without a name, which Swift does not import. The clock's state (TIME_…), or -1; the largest
// error in microseconds.
static inline int gateway_clock_state(long *largest_error) {
    struct timex clock = {.modes = 0};
    int state = adjtimex(&clock);
    *largest_error = clock.maxerror;
    return clock.status & STA_UNSYNC ? TIME_ERROR : state;
}

// glibc's own, in no header that Swift imports.
static inline unsigned long gateway_allocated_bytes(void) {
    struct mallinfo2 all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

static inline void gateway_release_free_memory(void) { malloc_trim(0); }

// The flags are enum constants in C, which Swift does not take as an int. A descriptor that never waits; -1 and errno.
static inline int gateway_inotify(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }
