#include "revision.h"

// In a file of its own, and not in a header: a new commit compiles these lines and nothing else.
const char *_Nonnull scim_gateway_revision(void) { return SCIM_GATEWAY_REVISION; }
