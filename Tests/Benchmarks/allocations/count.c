// Counts what a program asks the allocator for: two numbers in a file, which others can read while it runs. How often it
// asked, and how many bytes it has and has not given back.
//
//     SCIM_ALLOCATIONS=FILE LD_PRELOAD=count.so PROGRAM …
//
// A block that is made larger or smaller counts as a new one, and has as many bytes as it could hold. glibc's own names stand for the library's functions: looking
// them up would allocate.
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void __libc_free(void *);

struct counts {
    _Atomic uint64_t asked;
    _Atomic int64_t held;
};

static struct counts before_the_file_is_open;
static struct counts *counts = &before_the_file_is_open;

__attribute__((constructor)) static void open_file(void) {
    const char *path = getenv("SCIM_ALLOCATIONS");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *counts) != 0) return;
    struct counts *place = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (place == MAP_FAILED) return;
    // Other threads do not run yet.
    *place = before_the_file_is_open;
    counts = place;
}

static void holds(int64_t bytes) { atomic_fetch_add_explicit(&counts->held, bytes, memory_order_relaxed); }

static void *counted(void *block) {
    atomic_fetch_add_explicit(&counts->asked, 1, memory_order_relaxed);
    if (block) holds((int64_t)malloc_usable_size(block));
    return block;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t items, size_t size) { return counted(__libc_calloc(items, size)); }

void free(void *block) {
    if (block) holds(-(int64_t)malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, size_t size) {
    int64_t before = block ? (int64_t)malloc_usable_size(block) : 0;
    void *larger = counted(__libc_realloc(block, size));
    // What could not be made larger is still there; what was made 0 bytes is not.
    if (larger || size == 0) holds(-before);
    return larger;
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    *block = memalign(alignment, size);
    return *block ? 0 : 12; // ENOMEM
}
