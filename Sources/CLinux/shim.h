// What Linux offers that Swift cannot call as it is.
#pragma once
#include <errno.h>
#include <sys/resource.h>

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
