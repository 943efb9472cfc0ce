// Tells ThreadSanitizer of what Swift's own libraries order, which are built without it.
//
// A Mutex that is free is taken by an atomic operation in our own code, which the sanitizer sees; one that is held is waited
// for inside libswiftSynchronization. A task that waits for an answer is resumed by libswift_Concurrency. What the next
// thread does then looks unordered, and is no race. The functions here stand before the libraries', call them, and say what
// they do. Linked into everything that is built for ThreadSanitizer; a Swift that has other functions fails the probe of
// deploy/sanitize.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

// Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define ASYNC __attribute__((swiftasynccall))
#define SELF __attribute__((swift_context)) void *

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static void *original(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) abort();
  return function;
}

// -- Mutex ------------------------------------------------------------------------------------------

SWIFT void lock(uint32_t thread, SELF mutex) __asm__(LOCK);
SWIFT void unlock(SELF mutex) __asm__(UNLOCK);

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

// -- Continuations ----------------------------------------------------------------------------------
// The task stands for what is ordered: who resumes it tells so, and it is told before it goes on. That it goes on is seen by
// a function put in the place of the one that the library is to call then. The lock is none that the sanitizer knows: it
// orders nothing.

SWIFT void *swift_task_getCurrent(void);

typedef ASYNC void (*Going)(__attribute__((swift_async_context)) void *);

// The beginning of every asynchronous context (AsyncContext in the runtime's headers).
struct context {
  struct context *parent;
  Going goes_on;
};

struct waiting {
  struct context *context;
  Going goes_on;
  struct waiting *next;
};
static struct waiting *waiting[4096];
static atomic_flag busy = ATOMIC_FLAG_INIT;

static struct waiting **place(struct context *context) {
  struct waiting **at = &waiting[((uintptr_t)context >> 4) % (sizeof waiting / sizeof *waiting)];
  while (*at != NULL && (*at)->context != context) at = &(*at)->next;
  return at;
}

static void begin(void) {
  while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
  }
}

static void end(void) { atomic_flag_clear_explicit(&busy, memory_order_release); }

static ASYNC void goes_on(__attribute__((swift_async_context)) void *context) {
  begin();
  struct waiting **at = place(context);
  struct waiting *note = *at;
  if (note == NULL) abort();
  *at = note->next;
  end();
  Going then = note->goes_on;
  free(note);
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return then(context);
}

SWIFT void *swift_continuation_init(struct context *context, uintptr_t flags) {
  typedef SWIFT void *(*Init)(struct context *, uintptr_t);
  struct waiting *note = malloc(sizeof *note);
  if (note == NULL) abort();
  begin();
  struct waiting **at = place(context);
  if (*at != NULL) abort();
  *note = (struct waiting){context, context->goes_on, NULL};
  *at = note;
  end();
  context->goes_on = goes_on;
  return ((Init)original("swift_continuation_init"))(context, flags);
}

SWIFT void swift_continuation_resume(void *task) {
  typedef SWIFT void (*Resume)(void *);
  __tsan_release(task);
  ((Resume)original("swift_continuation_resume"))(task);
}

SWIFT void swift_continuation_throwingResume(void *task) {
  typedef SWIFT void (*Resume)(void *);
  __tsan_release(task);
  ((Resume)original("swift_continuation_throwingResume"))(task);
}

SWIFT void swift_continuation_throwingResumeWithError(void *task, void *error) {
  typedef SWIFT void (*Resume)(void *, void *);
  __tsan_release(task);
  ((Resume)original("swift_continuation_throwingResumeWithError"))(task, error);
}
