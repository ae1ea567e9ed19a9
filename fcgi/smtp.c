/* smtp.c - see smtp.h. The session itself; smtp_wire.c guards the conversation, smtp_tls.c the certificate. */
#include "smtp.h"

#include "smtp_tls.h"
#include "smtp_wire.h"
#include "utf8.h"

#include <auth-client.h>
#include <libesmtp.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message under way, next to the caller's. */
struct smtp_item {
    struct smtp_session_state *state;
    struct smtp_mail *mail;
    smtp_message_t message;
    smtp_recipient_t recipient;
    bool read; /* the library has taken the text */
};

struct smtp_session_state {
    const struct smtp_options *options;
    struct smtp_wire wire;
    struct smtp_item items[SMTP_MOST];
    unsigned n;
    void (*report)(void *arg, const struct smtp_mail *mail);
    void *arg;
};

void smtp_words(char reply[SMTP_REPLY + 1], const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p;) {
        unsigned char c = (unsigned char)*p;
        size_t size = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        if (strnlen(p, size) < size || !utf8_good(p, size)) size = 1, c = '?';
        else if (size == 1 && (c < 0x20 || c == 0x7f)) c = ' ';
        else if (size == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0) c = ' '; /* C1 */
        else if (size == 3 && (!memcmp(p, "\u2028", 3) || !memcmp(p, "\u2029", 3))) c = ' ';
        size_t out = c == ' ' || c == '?' ? 1 : size;
        if (n + out > SMTP_REPLY) break;
        if (out > 1) memcpy(reply + n, p, out);
        else reply[n] = (char)c;
        if (c != ' ' || (n && reply[n - 1] != ' ')) n += out;
        p += size;
    }
    while (n && reply[n - 1] == ' ') n--;
    reply[n] = 0;
}

static void smtp_finish(struct smtp_session_state *state, struct smtp_mail *mail, enum mail_result result,
                        const char *words)
{
    if (mail->done) return;
    mail->done = true;
    mail->result = result;
    smtp_words(mail->reply, words);
    state->report(state->arg, mail);
}

static void smtp_finish_status(struct smtp_item *item, enum mail_result result, const smtp_status_t *status)
{
    char words[2 * SMTP_REPLY];
    snprintf(words, sizeof words, "%d %s", status->code, status->text ? status->text : "");
    smtp_finish(item->state, item->mail, result, words);
}

/* ---- what may not be sent at all ---- */

static bool smtp_is_address(const char *address)
{
    size_t n = strlen(address), at = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)address[i];
        if (c <= ' ' || c >= 0x7f || strchr("<>()[],;:\\\"", c)) return false;
        if (c == '@') at++;
    }
    return n && n <= 254 && at == 1;
}

/* Seven bits, no NUL, CRLF only, lines within the limit: nothing that a relay could read in two ways. */
static bool smtp_is_text(struct bytes text)
{
    const unsigned char *p = text.p;
    size_t column = 0;
    if (text.n < 2 || p[text.n - 2] != '\r' || p[text.n - 1] != '\n' || text.n > INT_MAX) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (!p[i] || p[i] >= 0x80) return false;
        if (p[i] == '\r' && p[i + 1] != '\n') return false; /* the last octet is LF, so i + 1 is inside */
        if (p[i] == '\n' && (!i || p[i - 1] != '\r')) return false;
        column = p[i] == '\n' ? 0 : column + 1;
        if (column > SMTP_LINE + 1) return false;
    }
    return true;
}

/* ---- libesmtp's callbacks ---- */

static const char *smtp_read_message(void **context, int *n, void *arg)
{
    (void)context; /* the library would free() it */
    struct smtp_item *item = arg;
    smtp_wire_touch(&item->state->wire);
    if (!n) {
        item->read = false;
        return NULL;
    }
    *n = item->read ? 0 : (int)item->mail->text.n;
    item->read = true;
    return item->mail->text.p;
}

static int smtp_credentials(auth_client_request_t request, char **result, int fields, void *arg)
{
    const struct smtp_options *options = arg;
    for (int i = 0; i < fields; i++) {
        const char *value = request[i].flags & AUTH_USER   ? options->user
                            : request[i].flags & AUTH_PASS ? options->password
                                                           : NULL;
        result[i] = (char *)(uintptr_t)value;
    }
    return 1;
}

/* MAIL FROM was answered. A "no" here is about us and the relay, not about the recipient: later again. */
static void smtp_on_sender(struct smtp_session_state *state, smtp_message_t message)
{
    struct smtp_item *item = smtp_message_get_application_data(message);
    const smtp_status_t *status = smtp_reverse_path_status(message);
    if (item && item->state == state && status->code / 100 != 2) smtp_finish_status(item, MAIL_DEFERRED, status);
}

/* The text was answered, or DATA was refused: the one place where a mail becomes sent. */
static void smtp_on_sent(struct smtp_session_state *state, smtp_message_t message)
{
    struct smtp_item *item = smtp_message_get_application_data(message);
    if (!item || item->state != state) return;
    const smtp_status_t *recipient = smtp_recipient_status(item->recipient),
                        *text = smtp_message_transfer_status(message);
    if (recipient->code / 100 != 2)
        smtp_finish_status(item, recipient->code / 100 == 5 ? MAIL_REFUSED : MAIL_DEFERRED, recipient);
    else if (text->code / 100 == 2 && item->read)
        smtp_finish_status(item, MAIL_SENT, text);
    else
        smtp_finish_status(item, text->code / 100 == 5 ? MAIL_REFUSED : MAIL_DEFERRED, text);
}

/* libesmtp compares the certificate with the DNS canonical name; OpenSSL has compared it with the configured one. */
static void smtp_on_name(struct smtp_session_state *state, int *good, const SSL *ssl)
{
    *good = ssl && SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER && SSL_get_verify_result(ssl) == X509_V_OK;
    if (!*good) smtp_wire_stop(&state->wire, "The mail server's certificate is not accepted: wrong name");
}

static void smtp_on_event(smtp_session_t session, int event, void *arg, ...)
{
    (void)session;
    struct smtp_session_state *state = arg;
    va_list list;
    va_start(list, arg);
    switch (event) {
    case SMTP_EV_MAILSTATUS:
        (void)va_arg(list, const char *);
        smtp_on_sender(state, va_arg(list, smtp_message_t));
        break;
    case SMTP_EV_MESSAGESENT:
        smtp_on_sent(state, va_arg(list, smtp_message_t));
        break;
    case SMTP_EV_WRONG_PEER_CERTIFICATE: {
        int *good = va_arg(list, int *);
        (void)va_arg(list, const char *);
        smtp_on_name(state, good, va_arg(list, SSL *));
        break;
    }
    case SMTP_EV_STARTTLS_OK: state->wire.tls = true; break;
    case SMTP_EV_EXTNA_STARTTLS: smtp_wire_stop(&state->wire, "The mail server does not offer TLS"); break;
    case SMTP_EV_DISCONNECT: state->wire.fd = -1; break;
    default: break; /* whatever else asks for leniency gets none */
    }
    va_end(list);
}

/* ---- the session ---- */

static void smtp_set_limits(smtp_session_t session, unsigned seconds)
{
    static const int stages[] = {Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER};
    long limit = (long)seconds * 1000; /* milliseconds, whatever the manual says */
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        smtp_set_timeout(session, stages[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, limit);
    smtp_set_timeout(session, Timeout_DATA2 | Timeout_OVERRIDE_RFC2822_MINIMUM, limit * SMTP_FINAL_FACTOR);
}

static bool smtp_add(smtp_session_t session, struct smtp_session_state *state, struct smtp_mail *mail)
{
    struct smtp_item *item = &state->items[state->n++];
    *item = (struct smtp_item){.state = state, .mail = mail, .message = smtp_add_message(session)};
    if (!item->message) return false;
    smtp_message_set_application_data_release(item->message, item, NULL);
    item->recipient = smtp_add_recipient(item->message, mail->recipient);
    return item->recipient && smtp_set_reverse_path(item->message, mail->sender) &&
           smtp_set_messagecb(item->message, smtp_read_message, item);
}

/* Everything but the messages. False: the wire knows why. */
static bool smtp_set_up(smtp_session_t session, struct smtp_session_state *state, SSL_CTX **ctx, auth_context_t *auth)
{
    const struct smtp_options *options = state->options;
    char server[300];
    int n = snprintf(server, sizeof server, "%s:%u", options->host, options->port);
    bool good = options->host[0] && !strchr(options->host, ':') && n > 0 && n < (int)sizeof server &&
                smtp_set_server(session, server) && smtp_set_hostname(session, options->helo);
    smtp_set_limits(session, options->seconds);
    smtp_set_eventcb(session, smtp_on_event, state);
    smtp_set_monitorcb(session, smtp_wire_monitor, &state->wire, 0);
    if (!good) {
        smtp_wire_stop(&state->wire, "The mail server's name in the configuration cannot be used");
        return false;
    }
    if (options->tls) {
        *ctx = smtp_tls_context(&state->wire);
        if (!*ctx || !smtp_starttls_enable(session, Starttls_REQUIRED) || !smtp_starttls_set_ctx(session, *ctx)) {
            smtp_wire_stop(&state->wire, "The certificates that vouch for the mail server cannot be read");
            return false;
        }
    }
    if (!options->user[0]) return true;
    if (!options->tls && !smtp_is_loopback(options->host)) {
        smtp_wire_stop(&state->wire, "A password for the mail server is only sent over TLS");
        return false;
    }
    auth_client_init();
    *auth = auth_create_context();
    if (!*auth || !auth_set_mechanism_flags(*auth, AUTH_PLUGIN_PLAIN, 0) ||
        !auth_set_interact_cb(*auth, smtp_credentials, (void *)(uintptr_t)options) ||
        !smtp_auth_set_context(session, *auth)) {
        smtp_wire_stop(&state->wire, "The mail program cannot sign in to the mail server");
        return false;
    }
    return true;
}

static void smtp_converse(struct smtp_session_state *state, struct smtp_mail *mails, unsigned n)
{
    SSL_CTX *ctx = NULL;
    auth_context_t auth = NULL;
    smtp_session_t session = smtp_create_session();
    bool good = session && smtp_set_up(session, state, &ctx, &auth);
    for (unsigned i = 0; good && i < n; i++)
        if (!mails[i].done) good = smtp_add(session, state, &mails[i]);
    /* The return value says nothing: 1 stands for dropped connections and failed handshakes too. */
    if (good && state->n) smtp_start_session(session);
    if (session) smtp_destroy_session(session);
    if (auth) auth_destroy_context(auth);
    SSL_CTX_free(ctx);
}

void smtp_deliver(const struct smtp_options *options, struct smtp_mail *mails, unsigned n,
                  void (*report)(void *arg, const struct smtp_mail *mail), void *arg)
{
    struct smtp_session_state state = {.options = options, .report = report, .arg = arg};
    signal(SIGPIPE, SIG_IGN);
    smtp_wire_begin(&state.wire, options);
    for (unsigned i = 0; i < n; i++) {
        struct smtp_mail *mail = &mails[i];
        mail->done = false;
        if (i >= SMTP_MOST) smtp_finish(&state, mail, MAIL_DEFERRED, "Too many mails for one conversation");
        else if (!smtp_is_address(mail->sender) || !smtp_is_address(mail->recipient))
            smtp_finish(&state, mail, MAIL_REFUSED, "This mail has an address that cannot be sent to");
        else if (!smtp_is_text(mail->text)) smtp_finish(&state, mail, MAIL_REFUSED, "This mail is damaged");
    }
    smtp_converse(&state, mails, n);
    smtp_wire_end();
    char reason[SMTP_REPLY + 1];
    smtp_wire_reason(&state.wire, reason);
    for (unsigned i = 0; i < n; i++) smtp_finish(&state, &mails[i], MAIL_DEFERRED, reason);
}
