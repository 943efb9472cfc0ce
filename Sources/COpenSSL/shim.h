// The system OpenSSL 3 (Debian: libssl-dev).
//
// Swift does not see function-like macros, nor constants made by SSL_OP_BIT(n): each one that is needed has
// a one-line inline function here, named `gateway_` + the macro's name.
#pragma once
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/self_test.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define GATEWAY_INLINE static inline __attribute__((unused))

// Start-up options of libcrypto: long constants with an L suffix, joined here to the type of the call.
GATEWAY_INLINE uint64_t gateway_OPENSSL_INIT_options(void) {
    return OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
}

// SSL_CTX: macros over SSL_CTX_ctrl.
GATEWAY_INLINE int gateway_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}
GATEWAY_INLINE int gateway_SSL_CTX_set_max_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_max_proto_version(ctx, version);
}
GATEWAY_INLINE void gateway_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) { SSL_CTX_set_mode(ctx, mode); }
GATEWAY_INLINE int gateway_SSL_CTX_set1_groups_list(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}
GATEWAY_INLINE int gateway_SSL_CTX_set1_sigalgs_list(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_sigalgs_list(ctx, list);
}
GATEWAY_INLINE void gateway_SSL_CTX_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_session_cache_mode(ctx, mode);
}
GATEWAY_INLINE void gateway_SSL_CTX_set_tlsext_servername_callback(
    SSL_CTX *ctx, int (*callback)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(ctx, callback);
    SSL_CTX_set_tlsext_servername_arg(ctx, argument);
}
GATEWAY_INLINE void gateway_SSL_CTX_set_tlsext_status_cb(
    SSL_CTX *ctx, int (*callback)(SSL *, void *), void *argument) {
    SSL_CTX_set_tlsext_status_cb(ctx, callback);
    SSL_CTX_set_tlsext_status_arg(ctx, argument);
}
GATEWAY_INLINE int gateway_SSL_CTX_set_app_data(SSL_CTX *ctx, void *object) {
    return SSL_CTX_set_app_data(ctx, object);
}
GATEWAY_INLINE void *gateway_SSL_CTX_get_app_data(SSL_CTX *ctx) { return SSL_CTX_get_app_data(ctx); }
// Adds to the chain and takes its own reference.
GATEWAY_INLINE int gateway_SSL_CTX_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

// SSL_OP_*: SSL_OP_BIT(n) is not a constant to Swift.
GATEWAY_INLINE uint64_t gateway_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
GATEWAY_INLINE uint64_t gateway_SSL_OP_CIPHER_SERVER_PREFERENCE(void) {
    return SSL_OP_CIPHER_SERVER_PREFERENCE;
}
GATEWAY_INLINE uint64_t gateway_SSL_OP_PRIORITIZE_CHACHA(void) { return SSL_OP_PRIORITIZE_CHACHA; }
GATEWAY_INLINE uint64_t gateway_SSL_OP_NO_TICKET(void) { return SSL_OP_NO_TICKET; }
GATEWAY_INLINE uint64_t gateway_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }

// SSL: macros over SSL_ctrl.
GATEWAY_INLINE int gateway_SSL_get_extms_support(SSL *ssl) { return (int)SSL_get_extms_support(ssl); }
GATEWAY_INLINE int gateway_SSL_get_negotiated_group(SSL *ssl) { return (int)SSL_get_negotiated_group(ssl); }
GATEWAY_INLINE int gateway_SSL_set_app_data(SSL *ssl, void *object) { return SSL_set_app_data(ssl, object); }
GATEWAY_INLINE void *gateway_SSL_get_app_data(SSL *ssl) { return SSL_get_app_data(ssl); }
// Takes a copy: OpenSSL frees what it is given.
GATEWAY_INLINE int gateway_SSL_set1_tlsext_status_ocsp_resp(SSL *ssl, const unsigned char *bytes, size_t count) {
    unsigned char *copy = OPENSSL_memdup(bytes, count);
    if (copy == NULL) return 0;
    if (SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)count) == 1) return 1;
    OPENSSL_free(copy);
    return 0;
}
GATEWAY_INLINE void gateway_SSL_set_msg_callback_arg(SSL *ssl, void *argument) {
    SSL_set_msg_callback_arg(ssl, argument);
}

// OCSP: OpenSSL's own check of a response computes in the global library context; an ASN1_ITEM is made by a macro.
GATEWAY_INLINE int gateway_OCSP_BASICRESP_verify_ex(
    const OCSP_BASICRESP *response, EVP_PKEY *key, OSSL_LIB_CTX *library) {
    return ASN1_item_verify_ex(
        ASN1_ITEM_rptr(OCSP_RESPDATA), OCSP_resp_get0_tbs_sigalg(response), OCSP_resp_get0_signature(response),
        OCSP_resp_get0_respdata(response), NULL, key, library, NULL);
}

// X509_NAME: several flags, joined by a macro.
GATEWAY_INLINE unsigned long gateway_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }

// OSSL_PROVIDER: a parameter points at its name, which a string that Swift lends for one call does not outlive.
GATEWAY_INLINE const char *gateway_OSSL_PROVIDER_get_text(const OSSL_PROVIDER *provider, const char *name) {
    char *text = NULL;
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_ptr(name, &text, 0), OSSL_PARAM_construct_end()};
    return OSSL_PROVIDER_get_params(provider, parameters) == 1 ? text : NULL;
}
GATEWAY_INLINE unsigned int gateway_OSSL_PROVIDER_is_running(const OSSL_PROVIDER *provider) {
    unsigned int status = 0;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_uint(OSSL_PROV_PARAM_STATUS, &status),
        OSSL_PARAM_construct_end(),
    };
    return OSSL_PROVIDER_get_params(provider, parameters) == 1 ? status : 0;
}

// BIO: macros over BIO_set_flags and BIO_clear_flags.
GATEWAY_INLINE void gateway_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
GATEWAY_INLINE void gateway_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

// EVP_MAC: the parameters point at their names, which a string that Swift lends for one call does not outlive.
GATEWAY_INLINE int gateway_EVP_MAC_CTX_set_SHA256_key(EVP_MAC_CTX *mac, const unsigned char *key, size_t count) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string("digest", (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string("key", (void *)key, count),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters);
}
GATEWAY_INLINE int gateway_EVP_MAC_init_SHA256(EVP_MAC_CTX *mac, const unsigned char *key, size_t count) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string("digest", (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(mac, key, count, parameters);
}

// EVP_PKEY: a macro that renames.
GATEWAY_INLINE int gateway_EVP_PKEY_get_base_id(const EVP_PKEY *key) { return EVP_PKEY_get_base_id(key); }
