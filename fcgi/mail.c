/* mail.c - see mail.h.
 *
 * The same struct mail gives the same octets, always: a retry is byte-identical. Lines end in CRLF, hold only ASCII and
 * stay within 76 characters, but for a single address that is longer by itself (never above 998).
 */
#include "mail.h"

#include "arena.h"
#include "log.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MAIL_LINE = 76, MAIL_LINE_OCTETS = 57 /* of Base64 in one line */, MAIL_ADDRESS = 254, MAIL_PLAIN_WORD = 60, MAIL_LINK = 990 };

/* A growing message, and how far its last line has come. */
struct mail_out {
    struct arena *arena;
    char *p;
    size_t n, room, column;
};

static void mail_put(struct mail_out *o, const char *p, size_t n)
{
    if (n > o->room - o->n) {
        size_t room = (o->room + n) * 2;
        char *larger = arena_alloc(o->arena, room);
        if (o->n) memcpy(larger, o->p, o->n);
        o->p = larger;
        o->room = room;
    }
    for (size_t i = 0; i < n; i++) {
        o->p[o->n++] = p[i];
        o->column = p[i] == '\n' ? 0 : o->column + 1;
    }
}

static void mail_puts(struct mail_out *o, const char *text)
{
    mail_put(o, text, strlen(text));
}

static void mail_put_hex(struct mail_out *o, char mark, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char three[3] = {mark, digits[c >> 4], digits[c & 15]};
    mail_put(o, three, 3);
}

/* Controls would end the header or hide text: they become blanks. NULL counts as empty. */
static char *mail_clean(struct arena *a, const char *text)
{
    char *clean = arena_text(a, text ? text : "", text ? strlen(text) : 0);
    for (char *p = clean; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = ' ';
    return clean;
}

static const char *mail_address(const char *address)
{
    size_t n = address ? strlen(address) : 0, at = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)address[i];
        if (c <= ' ' || c >= 0x7f || strchr("<>()[],;:\\\"", c))
            log_bug("an address with a forbidden octet reached mail_build");
        if (c == '@') at++;
    }
    if (!n || n > MAIL_ADDRESS || at != 1 || address[0] == '@' || address[n - 1] == '@')
        log_bug("something that is no address reached mail_build");
    return address;
}

/* A value of our own making (host, language): letters, digits, dot, hyphen. */
static const char *mail_name(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    if (!n || n > 253 || strspn(name, good) != n) log_bug("a forbidden octet in a name reached mail_build");
    return name;
}

/* A link of our own making, inside <>. */
static const char *mail_link(const char *link)
{
    size_t n = strlen(link);
    for (size_t i = 0; i < n; i++)
        if (link[i] <= ' ' || link[i] >= 0x7f || link[i] == '<' || link[i] == '>') log_bug("a forbidden octet in a link reached mail_build");
    if (n > MAIL_LINK) log_bug("a link of %zu octets reached mail_build", n);
    return link;
}

/* ---- headers ---- */

/* Whether a header may hold the text as it is: printable ASCII that no reader takes for an encoded-word and that can be
 * folded at its blanks. */
static bool mail_is_plain(const char *text)
{
    size_t n = strlen(text), word = 0;
    if (!n || text[0] == ' ' || text[n - 1] == ' ' || strstr(text, "=?") || strstr(text, "  ")) return false;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] >= 0x7f) return false;
        word = text[i] == ' ' ? 0 : word + 1;
        if (word > MAIL_PLAIN_WORD) return false;
    }
    return true;
}

/* Octets of the character at p: at least 1, never past the end, 1 for what is no UTF-8. */
static size_t mail_character(const char *p)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)p[i] & 0xc0) != 0x80) return 1;
    return n;
}

/* RFC 2047, Q, with the few characters that are also good inside a name (section 5, rule 3). A character is never split
 * between two words. */
static void mail_put_encoded(struct mail_out *o, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/";
    static const char open[] = "=?UTF-8?Q?", close[] = "?=";
    mail_puts(o, open);
    for (const char *p = text; *p;) {
        size_t n = mail_character(p);
        bool as_is = n == 1 && (*p == ' ' || strchr(plain, *p));
        if (o->column + (as_is ? 1 : 3 * n) + 2 > MAIL_LINE) {
            mail_puts(o, close);
            mail_puts(o, "\r\n ");
            mail_puts(o, open);
        }
        for (size_t i = 0; i < n; i++, p++) {
            if (!as_is) mail_put_hex(o, '=', (unsigned char)*p);
            else mail_put(o, *p == ' ' ? "_" : p, 1);
        }
    }
    mail_puts(o, close);
}

static void mail_put_unstructured(struct mail_out *o, const char *text)
{
    if (!*text) return;
    if (!mail_is_plain(text)) {
        mail_put_encoded(o, text);
        return;
    }
    while (*text) {
        size_t n = strcspn(text + 1, " ") + 1; /* a word with the blank before it */
        if (o->column + n > MAIL_LINE) mail_puts(o, "\r\n");
        mail_put(o, text, n);
        text += n;
    }
}

/* A display name: atoms, quoted-string or encoded-words, whichever is the simplest that can hold it. */
static void mail_put_phrase(struct mail_out *o, const char *text)
{
    if (!mail_is_plain(text) || strlen(text) > MAIL_PLAIN_WORD) {
        mail_put_encoded(o, text);
    } else if (text[strcspn(text, "()<>[]:;@\\,.\"")]) {
        mail_puts(o, "\"");
        for (; *text; text++) {
            if (*text == '"' || *text == '\\') mail_puts(o, "\\");
            mail_put(o, text, 1);
        }
        mail_puts(o, "\"");
    } else {
        mail_puts(o, text);
    }
}

static void mail_put_mailbox(struct mail_out *o, const char *header, const char *name, const char *address)
{
    const char *clean = mail_clean(o->arena, name);
    mail_address(address);
    mail_puts(o, header);
    if (clean[strspn(clean, " ")]) {
        mail_put_phrase(o, clean);
        mail_puts(o, o->column + strlen(address) + 3 > MAIL_LINE ? "\r\n <" : " <");
        mail_puts(o, address);
        mail_puts(o, ">");
    } else { /* in angle brackets too: filters take a bare To for a program's */
        mail_puts(o, "<");
        mail_puts(o, address);
        mail_puts(o, ">");
    }
    mail_puts(o, "\r\n");
}

static void mail_put_date(struct mail_out *o, struct moment date)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(date.us / 1000000);
    struct tm t;
    if (date.us < 0 || !gmtime_r(&seconds, &t)) log_bug("a mail without a date");
    mail_puts(o, arena_printf(o->arena, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday % 7], t.tm_mday,
                              months[t.tm_mon % 12], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec));
}

/* ---- bodies ---- */

/* Whether an octet must be encoded at this place of the line. */
static bool mail_must_encode(const struct mail_out *o, const char *p)
{
    unsigned char c = (unsigned char)*p;
    if (c == ' ' || c == '\t') return p[1] == 0 || p[1] == '\n' || (p[1] == '\r' && p[2] == '\n');
    if (c < 0x20 || c >= 0x7f || c == '=') return true;
    if (o->column) return false;
    /* A server that does not undo dot-stuffing, and one that keeps mail in an mbox, would change these. */
    return c == '.' || strncmp(p, "From ", 5) == 0;
}

static void mail_put_quoted_printable(struct mail_out *o, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\r' && p[1] == '\n') continue;
        if (*p == '\n') {
            mail_puts(o, "\r\n");
            continue;
        }
        bool last = p[1] == 0 || p[1] == '\n' || (p[1] == '\r' && p[2] == '\n');
        size_t limit = last ? MAIL_LINE : MAIL_LINE - 1; /* room for the soft break's "=" */
        if (o->column + (mail_must_encode(o, p) ? 3u : 1u) > limit) mail_puts(o, "=\r\n");
        if (mail_must_encode(o, p)) mail_put_hex(o, '=', (unsigned char)*p);
        else mail_put(o, p, 1);
    }
    if (o->column) mail_puts(o, "\r\n");
}

static void mail_put_part(struct mail_out *o, const char *boundary, const char *type, const char *text)
{
    mail_puts(o, "--");
    mail_puts(o, boundary);
    mail_puts(o, "\r\nContent-Type: ");
    mail_puts(o, type);
    mail_puts(o, "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    mail_put_quoted_printable(o, text);
    mail_puts(o, "\r\n");
}

static const char *mail_id(struct arena *a, struct id id)
{
    char text[33];
    return arena_text(a, sodium_bin2hex(text, sizeof text, id.b, sizeof id.b), sizeof text - 1);
}

/* "=_" can stand in no quoted-printable line, so no text ends the part; neither is how the other begins. */
static const char *mail_boundary(struct arena *a, const char *id)
{
    return arena_printf(a, "=_%s", id);
}

static const char *mail_inner_boundary(struct arena *a, const char *id)
{
    return arena_printf(a, "=_p%s", id);
}

struct bytes mail_build(struct arena *a, const struct mail *m)
{
    size_t room = 2048 + (strlen(m->text) + strlen(m->html)) / 8 * 9;
    struct mail_out o = {.arena = a, .p = arena_alloc(a, room), .room = room};
    const char *id = mail_id(a, m->id), *boundary = mail_boundary(a, id), *inner = mail_inner_boundary(a, id);

    mail_put_date(&o, m->date);
    mail_put_mailbox(&o, "From: ", m->from_name, m->from);
    mail_put_mailbox(&o, "To: ", NULL, m->to);
    if (m->reply_to) mail_put_mailbox(&o, "Reply-To: ", m->reply_to_name, m->reply_to);
    mail_puts(&o, "Subject: ");
    mail_put_unstructured(&o, mail_clean(a, m->subject));
    mail_puts(&o, arena_printf(a, "\r\nMessage-ID: <%s@%s>\r\nMIME-Version: 1.0\r\n", id, mail_name(m->host)));
    mail_puts(&o,
              arena_printf(a, "Content-Language: %s\r\nAuto-Submitted: auto-generated\r\n", mail_name(m->language)));
    if (m->unsubscribe) mail_puts(&o, arena_printf(a, "List-Unsubscribe:\r\n <%s>\r\n", mail_link(m->unsubscribe)));
    mail_puts(&o, arena_printf(a, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary));
    mail_put_part(&o, boundary, "text/plain", m->text);
    if (m->pictured)
        mail_puts(&o, arena_printf(a, "--%s\r\nContent-Type: multipart/related; type=\"text/html\";\r\n boundary=\"%s\"\r\n\r\n", boundary, inner));
    mail_put_part(&o, m->pictured ? inner : boundary, "text/html", m->html);
    if (!m->pictured) mail_puts(&o, arena_printf(a, "--%s--\r\n", boundary));
    return (struct bytes){o.p, o.n};
}

struct url mail_picture_url(struct arena *a, struct id id)
{
    return (struct url){arena_printf(a, "cid:logo@%s", mail_id(a, id))};
}

struct bytes mail_picture(struct arena *a, struct id id, const char *type, struct bytes image)
{
    const char *hex = mail_id(a, id), *inner = mail_inner_boundary(a, hex);
    size_t room = 1024 + image.n / MAIL_LINE_OCTETS * (MAIL_LINE + 2) + MAIL_LINE + 2;
    struct mail_out o = {.arena = a, .p = arena_alloc(a, room), .room = room};
    mail_puts(&o, arena_printf(a, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo@%s>\r\nContent-Disposition: inline\r\n\r\n",
                               inner, type, hex));
    for (size_t i = 0; i < image.n; i += MAIL_LINE_OCTETS) {
        char line[MAIL_LINE + 1];
        size_t n = image.n - i < MAIL_LINE_OCTETS ? image.n - i : MAIL_LINE_OCTETS;
        mail_puts(&o, sodium_bin2base64(line, sizeof line, (const uint8_t *)image.p + i, n, sodium_base64_VARIANT_ORIGINAL));
        mail_puts(&o, "\r\n");
    }
    mail_puts(&o, arena_printf(a, "\r\n--%s--\r\n\r\n--%s--\r\n", inner, mail_boundary(a, hex)));
    return (struct bytes){o.p, o.n};
}

struct bytes mail_seal(struct arena *a, struct bytes message, const uint8_t key[32])
{
    uint8_t *sealed = arena_alloc(a, message.n + crypto_box_SEALBYTES);
    if (crypto_box_seal(sealed, message.p, message.n, key)) log_bug("mail_public_file holds no usable key");
    return (struct bytes){sealed, message.n + crypto_box_SEALBYTES};
}
