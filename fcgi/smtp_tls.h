/* smtp_tls.h - the TLS context of one session: ours, because libesmtp's own is unsafe in a second session, sends no
 * server name and compares the certificate with what the DNS says instead of what the operator wrote. */
#ifndef FCGI_SMTP_TLS_H
#define FCGI_SMTP_TLS_H

#include "smtp_wire.h"

#include <openssl/ssl.h>

/* TLS 1.2 exactly (with 1.3 libesmtp hangs in one session of twelve), peer verified for options->host. Why a handshake
 * fails is told to the wire. NULL: no context, e.g. an unreadable CA file. */
SSL_CTX *smtp_tls_context(struct smtp_wire *wire);

#endif
