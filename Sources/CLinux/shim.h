// What Linux offers that Swift cannot call as it is.
#pragma once
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

// The start of what dl_iterate_phdr(3) tells of an object, and that function by a name of ours: <link.h> declares both only
// where _GNU_SOURCE is defined, and with that the system's headers are others than those that Swift has imported.
struct gateway_object {
    ElfW(Addr) address;
    const char *name;
    const ElfW(Phdr) *headers;
    ElfW(Half) count;
};
extern int gateway_dl_iterate_phdr(int (*each)(struct gateway_object *, size_t, void *), void *) __asm__("dl_iterate_phdr");

// Types and entries of an object are macros. Segments that nobody can write hold what is in the file:
// without their pages the next use maps them again. An object whose code the loader itself has changed (DT_TEXTREL) keeps
// its own.
static inline int gateway_unmap_segments(struct gateway_object *object, size_t size, void *unused) {
    (void)size, (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->count; index++) {
        const ElfW(Phdr) *header = &object->headers[index];
        if (header->p_type != PT_DYNAMIC) continue;
        for (const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->address + header->p_vaddr); entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL)) return 0;
        }
    }
    for (int index = 0; index < object->count; index++) {
        const ElfW(Phdr) *header = &object->headers[index];
        if (header->p_type != PT_LOAD || header->p_flags & PF_W) continue;
        uintptr_t start = (object->address + header->p_vaddr + page - 1) & -page;
        uintptr_t end = (object->address + header->p_vaddr + header->p_memsz) & -page;
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

static inline void gateway_unmap_program_pages(void) { gateway_dl_iterate_phdr(gateway_unmap_segments, NULL); }

// fscanf is variadic. Resident pages of files, in bytes (proc(5), statm); 0 when they cannot be told.
static inline long gateway_file_resident_bytes(void) {
    long size = 0, resident = 0, shared = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL) return 0;
    int count = fscanf(statm, "%ld %ld %ld", &size, &resident, &shared);
    fclose(statm);
    return count == 3 ? shared * sysconf(_SC_PAGESIZE) : 0;
}

// The flags are enum constants in C, which Swift does not take as an int. A descriptor that never waits; -1 and errno.
static inline int gateway_inotify(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

// Has the kernel begin to write a file's changed pages to its disk; 0, or -1 and errno, which for a pipe is ESPIPE. Glibc's
// declaration needs _GNU_SOURCE, which Swift does not define; 2 is SYNC_FILE_RANGE_WRITE of linux/fs.h.
static inline int gateway_begin_writeback(int descriptor) { return (int)syscall(SYS_sync_file_range, descriptor, 0L, 0L, 2); }

// What sched_setattr(2) takes, for which glibc has neither a wrapper nor a type before 2.41. Of the calling thread; 0, or an
// errno. A slice in nanoseconds is heeded since Linux 6.12, and passed over before.
struct gateway_precedence {
    uint32_t size, policy;
    uint64_t flags;
    int32_t niceness;
    uint32_t priority;
    uint64_t slice, deadline, period;
};

static inline int gateway_take_precedence(uint32_t policy, int32_t niceness, uint64_t slice) {
    struct gateway_precedence wanted = {.size = sizeof wanted, .policy = policy, .niceness = niceness, .slice = slice};
    return syscall(SYS_sched_setattr, 0, &wanted, 0) == 0 ? 0 : errno;
}

static inline int gateway_precedence(uint32_t *policy, int32_t *niceness, uint64_t *slice) {
    struct gateway_precedence found = {.size = sizeof found};
    if (syscall(SYS_sched_getattr, 0, &found, sizeof found, 0) != 0) return errno;
    *policy = found.policy;
    *niceness = found.niceness;
    *slice = found.slice;
    return 0;
}
