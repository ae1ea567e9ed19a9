/* smtp_tls.c - see smtp_tls.h. */
#include "smtp_tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

static bool tls_is_literal(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static struct smtp_wire *tls_wire(const SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

/* libesmtp makes the SSL itself and connects at once; this callback runs before the first octet leaves. */
static void tls_info(const SSL *ssl, int where, int value)
{
    (void)value;
    if (!(where & SSL_CB_HANDSHAKE_START)) return;
    struct smtp_wire *wire = tls_wire(ssl);
    smtp_wire_tls_begins(wire);
    if (!tls_is_literal(wire->options->host)) SSL_set_tlsext_host_name((SSL *)(uintptr_t)ssl, wire->options->host);
}

static int tls_verify(int good, X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    if (!good && ssl)
        smtp_wire_stop(tls_wire(ssl), "The mail server's certificate is not accepted: %s",
                       X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
    return good;
}

static bool tls_trust(SSL_CTX *ctx, const struct smtp_options *options)
{
    X509_VERIFY_PARAM *verify = SSL_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    int host = tls_is_literal(options->host) ? X509_VERIFY_PARAM_set1_ip_asc(verify, options->host)
                                             : X509_VERIFY_PARAM_set1_host(verify, options->host, 0);
    int roots = options->tls_ca && options->tls_ca[0] ? SSL_CTX_load_verify_locations(ctx, options->tls_ca, NULL)
                                                      : SSL_CTX_set_default_verify_paths(ctx);
    return host == 1 && roots == 1;
}

SSL_CTX *smtp_tls_context(struct smtp_wire *wire)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx) return NULL;
    if (!tls_trust(ctx, wire->options) || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION) != 1) {
        ERR_clear_error();
        SSL_CTX_free(ctx);
        return NULL;
    }
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, tls_verify);
    SSL_CTX_set_app_data(ctx, wire);
    SSL_CTX_set_info_callback(ctx, tls_info);
    return ctx;
}
