// The system nghttp2 (Debian: libnghttp2-dev).
#pragma once
#include <nghttp2/nghttp2.h>
