// Tells ThreadSanitizer of Swift's Mutex when threads wait for it.
//
// On Linux a free Mutex is taken by an atomic operation in our own code, which the sanitizer sees. One that is held is
// waited for inside libswiftSynchronization, which is built without the sanitizer: what the next thread does then looks
// unordered, and is no race. These two stand before the library's functions, call them, and say what they do. Linked
// into everything that is built for ThreadSanitizer; a Swift whose Mutex has other functions fails the probe of
// deploy/sanitize.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

// Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock(uint32_t thread, SELF mutex) __asm__(LOCK);
SWIFT void unlock(SELF mutex) __asm__(UNLOCK);

static void *original(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) abort();
  return function;
}

SWIFT void lock(uint32_t thread, SELF mutex) {
  typedef SWIFT void (*Lock)(uint32_t, SELF);
  ((Lock)original(LOCK))(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void unlock(SELF mutex) {
  typedef SWIFT void (*Unlock)(SELF);
  __tsan_release(mutex);
  ((Unlock)original(UNLOCK))(mutex);
}
