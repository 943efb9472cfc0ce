// The system libcurl, built with OpenSSL (Debian: libcurl4-openssl-dev).
//
// curl_easy_setopt and curl_easy_getinfo are variadic: one inline function for each kind of value that is passed.
#pragma once
// Its type checks are macros around the variadic calls; the functions below check better.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define GATEWAY_INLINE static inline __attribute__((unused))

GATEWAY_INLINE CURLcode gateway_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
// libcurl copies the text; NULL takes the option back.
GATEWAY_INLINE CURLcode gateway_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
// libcurl does not copy what it points to.
GATEWAY_INLINE CURLcode gateway_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
GATEWAY_INLINE CURLcode gateway_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
GATEWAY_INLINE CURLcode gateway_curl_set_taker(
    CURL *handle, CURLoption option, size_t (*taker)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(handle, option, taker);
}
// CURLOPT_SSL_CTX_FUNCTION.
GATEWAY_INLINE CURLcode gateway_curl_set_preparer(
    CURL *handle, CURLcode (*preparer)(CURL *, void *, void *)) {
    return curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, preparer);
}

GATEWAY_INLINE long gateway_curl_long(CURL *handle, CURLINFO what) {
    long value = 0;
    return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : 0;
}
GATEWAY_INLINE curl_off_t gateway_curl_offset(CURL *handle, CURLINFO what) {
    curl_off_t value = 0;
    return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : 0;
}
// Lives as long as the handle does nothing else.
GATEWAY_INLINE const char *gateway_curl_text(CURL *handle, CURLINFO what) {
    char *value = NULL;
    return curl_easy_getinfo(handle, what, &value) == CURLE_OK ? value : NULL;
}
