// What the program was built from, where its builder said so.
#ifndef SCIM_GATEWAY_REVISION_H
#define SCIM_GATEWAY_REVISION_H

// A commit's short name; "unknown" where SCIM_GATEWAY_REVISION was not set for the build.
const char *_Nonnull scim_gateway_revision(void);

#endif
