/* mail_test.c - mail.c: the octets of a message, whatever the names and texts are. */
#include "arena.h"
#include "mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena *arena;

static struct mail sample(void)
{
    return (struct mail){.from_name = "Northwind via Portal",
                         .from = "invites@portal.example",
                         .to = "bob@example.org",
                         .reply_to_name = "Anna",
                         .reply_to = "anna@northwind.example",
                         .subject = "Northwind invited you to be a customer",
                         .language = "en",
                         .text = "Hello\n",
                         .html = "<p>Hello</p>\n",
                         .host = "portal.example",
                         .id = {{0xab, 1, 2}},
                         .date = {1795243580000000}};
}

static char *build(const struct mail *m)
{
    struct bytes b = mail_build(arena, m);
    assert_null(memchr(b.p, 0, b.n));
    return arena_text(arena, b.p, b.n);
}

/* The (folded) value of a header. */
static char *header(const char *message, const char *name)
{
    const char *start = strstr(message, arena_printf(arena, "\r\n%s: ", name));
    assert_non_null(start);
    start += strlen(name) + 4;
    const char *end = start;
    while (!(end[0] == '\r' && end[1] == '\n' && end[2] != ' ' && end[2] != '\t')) end++;
    return arena_text(arena, start, (size_t)(end - start));
}

static unsigned hex(char c)
{
    const char *digits = "0123456789ABCDEF", *p = strchr(digits, c);
    assert_true(c && p);
    return (unsigned)(p - digits);
}

/* What a reader makes of a value of encoded-words and plain words. Every encoded-word must be whole UTF-8. */
static char *decoded(const char *value)
{
    char *out = arena_alloc(arena, strlen(value) + 1);
    size_t n = 0;
    bool was_word = false;
    for (const char *p = value; *p;) {
        if (!strncmp(p, "\r\n", 2)) {
            p += 2;
            if (was_word && !strncmp(p, " =?", 3)) p++; /* a blank between two words is not text */
        } else if (!strncasecmp(p, "=?UTF-8?Q?", 10)) {
            const char *begin = p;
            for (p += 10; strncmp(p, "?=", 2) != 0;) {
                assert_true(*p > ' ' && (unsigned char)*p < 0x7f && *p != '?');
                if (p == begin + 10)
                    assert_false(*p == '=' && (hex(p[1]) & 0xc) == 8 && hex(p[1]) < 0xc); /* no trailing octet first */
                out[n++] = *p == '_' ? ' ' : *p == '=' ? (char)(hex(p[1]) * 16 + hex(p[2])) : *p;
                p += *p == '=' ? 3 : 1;
            }
            p += 2;
            assert_true(p - begin <= 75);
            was_word = true;
        } else {
            was_word = false;
            out[n++] = *p++;
        }
    }
    return out;
}

/* The part of a type, with quoted-printable undone and LF lines. */
static char *part(const char *message, const char *type)
{
    const char *start = strstr(message, arena_printf(arena, "Content-Type: %s", type));
    assert_non_null(start);
    start = strstr(start, "\r\n\r\n") + 4;
    const char *end = strstr(start, "\r\n--=_");
    char *out = arena_alloc(arena, strlen(start) + 1);
    size_t n = 0;
    for (const char *p = start; p < end;) {
        if (*p == '\r') p++;
        else if (!strncmp(p, "=\r\n", 3)) p += 3;
        else if (*p == '=') out[n++] = (char)(hex(p[1]) * 16 + hex(p[2])), p += 3;
        else out[n++] = *p++;
    }
    return out;
}

/* What every message must keep, whatever is in it. */
static void check_octets(const char *message)
{
    size_t column = 0;
    const char *line = message;
    for (const char *p = message; *p; p++) {
        assert_true((*p >= ' ' && (unsigned char)*p < 0x7f) || *p == '\r' || *p == '\n' || *p == '\t');
        if (*p == '\r') assert_int_equal(p[1], '\n');
        if (*p == '\n') {
            assert_true(p > message && p[-1] == '\r');
            assert_true(column <= 77); /* 76 and the CR */
            if (column > 1) assert_false(p[-2] == ' ' || p[-2] == '\t');
            assert_false(line[0] == '.' || !strncmp(line, "From ", 5));
            line = p + 1;
            column = 0;
        } else {
            column++;
        }
    }
    assert_int_equal(column, 0);
    const char *body = strstr(message, "\r\n\r\n");
    for (const char *h = message; h < body; h = strstr(h, "\r\n") + 2)
        assert_true(*h == ' ' || (strchr(h, ':') && strcspn(h, ": ") == (size_t)(strchr(h, ':') - h)));
}

static void test_golden(void **state)
{
    (void)state;
    struct mail m = sample();
    char *message = build(&m);
    check_octets(message);
    assert_string_equal(message,
                        "Date: Sat, 21 Nov 2026 06:46:20 +0000\r\n"
                        "From: Northwind via Portal <invites@portal.example>\r\n"
                        "To: <bob@example.org>\r\n"
                        "Reply-To: Anna <anna@northwind.example>\r\n"
                        "Subject: Northwind invited you to be a customer\r\n"
                        "Message-ID: <ab010200000000000000000000000000@portal.example>\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Language: en\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "Content-Type: multipart/alternative;\r\n"
                        " boundary=\"=_ab010200000000000000000000000000\"\r\n\r\n"
                        "--=_ab010200000000000000000000000000\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "Hello\r\n\r\n"
                        "--=_ab010200000000000000000000000000\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "<p>Hello</p>\r\n\r\n"
                        "--=_ab010200000000000000000000000000--\r\n");
    assert_string_equal(message, build(&m));
}

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } dates[] = {{0, "Thu, 1 Jan 1970 00:00:00 +0000"}, {951782399, "Mon, 28 Feb 2000 23:59:59 +0000"},
                 {951868799, "Tue, 29 Feb 2000 23:59:59 +0000"}, {4102444800, "Fri, 1 Jan 2100 00:00:00 +0000"}};
    setenv("TZ", "America/New_York", 1);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct mail m = sample();
        m.date.us = dates[i].seconds * 1000000 + 999999;
        assert_non_null(strstr(build(&m), arena_printf(arena, "Date: %s\r\n", dates[i].text)));
    }
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"Anna", "Anna"},
        {"Smith, Jones & Co.", "\"Smith, Jones & Co.\""},
        {"The \"Best\" \\ One", "\"The \\\"Best\\\" \\\\ One\""},
        {"a@b.example", "\"a@b.example\""},
        {"Müller", "=?UTF-8?Q?M=C3=BCller?="},
        {"=?UTF-8?Q?x?=", "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?="},
        {"Eve\r\nBcc: all@example.org", "=?UTF-8?Q?Eve__Bcc=3A_all=40example=2Eorg?="},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct mail m = sample();
        m.from_name = names[i][0];
        char *message = build(&m);
        check_octets(message);
        assert_string_equal(header(message, "From"), arena_printf(arena, "%s <invites@portal.example>", names[i][1]));
        assert_null(strstr(message, "\nBcc"));
    }
    struct mail m = sample();
    m.from_name = "";
    m.reply_to_name = NULL;
    assert_string_equal(header(build(&m), "From"), "<invites@portal.example>");
    assert_string_equal(header(build(&m), "Reply-To"), "<anna@northwind.example>");
    m.reply_to = NULL;
    assert_null(strstr(build(&m), "Reply-To"));
}

static void test_subjects(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "",
        "x",
        "Müller & Söhne hat Sie eingeladen, Lieferant zu werden: bitte antworten Sie bis zum nächsten Dienstag",
        "日本語の件名はとても長いので何行にもなりますがどの文字も二つに分けられてはいけません",
        "🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭🏭",
        "a plain one that is much longer than one line may be, so that it has to be folded at a blank somewhere, and "
        "once more",
        "averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongwordthatnobodycanfold",
        " blanks ",
        "two  blanks",
        "=?x?=",
    };
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct mail m = sample();
        m.subject = subjects[i];
        char *message = build(&m);
        if (*subjects[i]) check_octets(message);
        assert_string_equal(decoded(header(message, "Subject")), subjects[i]);
    }
    struct mail m = sample();
    m.subject = "Hello\r\nBcc: x@example.org\n\tmore\x7f";
    char *message = build(&m);
    assert_null(strstr(message, "\nBcc"));
    assert_string_equal(decoded(header(message, "Subject")), "Hello  Bcc: x@example.org  more ");
}

static void test_bodies(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "\n",
        "no end\n",
        ".\n..\n.dot\nFrom me\nfrom you\n From \n",
        "blank at the end \ntab\t\n \n\t\n",
        "a = b = c\n",
        "--=_ab010200000000000000000000000000--\n",
        "Grüße, ваш, 日本語, 🏭\n",
        "a line that is much longer than seventy-six characters and must therefore be broken softly, more than once . "
        "From here\n",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct mail m = sample();
        m.text = bodies[i];
        m.html = bodies[i];
        char *message = build(&m);
        check_octets(message);
        assert_string_equal(part(message, "text/plain"), bodies[i]);
        assert_string_equal(part(message, "text/html"), bodies[i]);
    }
    struct mail m = sample();
    m.text = "CRLF\r\nlone \r CR\r\nlast";
    assert_string_equal(part(build(&m), "text/plain"), "CRLF\nlone \r CR\nlast\n");
}

/* Any text of a small alphabet that has every special octet at every place sooner or later. */
static void test_random(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a", " ", "\n", ".", "=", "From ", "é", "日", "🏭", "\t", "word", "x"};
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        char text[1200] = "", subject[200] = "s";
        size_t n = 0, k = 1;
        for (int i = rand_r(&seed) % 200; i > 0; i--) {
            const char *piece = pieces[(unsigned)rand_r(&seed) % 12];
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", piece);
            if (k < 150 && *piece != '\n' && *piece != '\t')
                k += (size_t)snprintf(subject + k, sizeof subject - k, "%s", piece);
        }
        snprintf(text + n, sizeof text - n, "\n");
        struct mail m = sample();
        m.text = m.html = text;
        m.subject = m.from_name = subject;
        char *message = build(&m);
        check_octets(message);
        assert_string_equal(part(message, "text/plain"), text);
        assert_string_equal(decoded(header(message, "Subject")), subject);
        arena_reset(arena);
    }
}

/* How the process ends that builds this mail. */
static int build_status(const struct mail *m)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr)) _exit(3);
        mail_build(arena, m);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void test_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "a",    "@",     "a@",  "@b",    "a@b@c", "a b@c", "a@b\r\nBcc: d@e",
                                      "a@b>", "<a@b", "a,b@c", "é@b", "a@b\t", "a\"@b"};
    struct mail good = sample();
    assert_int_equal(build_status(&good), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mail m[3] = {sample(), sample(), sample()};
        m[0].from = m[1].to = m[2].reply_to = bad[i];
        for (int k = 0; k < 3; k++) assert_true(WIFSIGNALED(build_status(&m[k])));
    }
    struct mail host = sample(), language = sample();
    host.host = "a>\r\nX: y";
    language.language = "en\r\nX: y";
    assert_true(WIFSIGNALED(build_status(&host)));
    assert_true(WIFSIGNALED(build_status(&language)));
}

static void test_long_address(void **state)
{
    (void)state;
    char address[255];
    memset(address, 'a', sizeof address);
    memcpy(address + 60, "@", 1);
    memcpy(address + 246, ".example", 9);
    struct mail m = sample();
    m.to = m.reply_to = address;
    char *message = build(&m);
    assert_string_equal(header(message, "To"), arena_printf(arena, "<%s>", address));
    assert_string_equal(header(message, "Reply-To"), arena_printf(arena, "Anna\r\n <%s>", address));
}

static void test_unsubscribe(void **state)
{
    (void)state;
    struct mail m = sample();
    assert_null(strstr(build(&m), "List-Unsubscribe"));
    m.unsubscribe = "https://portal.example/never/abc";
    assert_non_null(strstr(build(&m), "\r\nList-Unsubscribe:\r\n <https://portal.example/never/abc>\r\n"));
    static const char *const bad[] = {"https://a/\r\nBcc: x", "https://a/ b", "https://a/>", "https://a/\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        m.unsubscribe = bad[i];
        assert_true(WIFSIGNALED(build_status(&m)));
    }
}

static void test_seal(void **state)
{
    (void)state;
    uint8_t public[32], secret[32];
    crypto_box_keypair(public, secret);
    struct mail m = sample();
    struct bytes message = mail_build(arena, &m), sealed = mail_seal(arena, message, public);
    assert_int_equal(sealed.n, message.n + crypto_box_SEALBYTES);
    uint8_t *opened = arena_alloc(arena, message.n);
    assert_int_equal(crypto_box_seal_open(opened, sealed.p, sealed.n, public, secret), 0);
    assert_memory_equal(opened, message.p, message.n);
}

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return sodium_init() < 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_a_picture_follows_its_message_in_lines_of_76(void **state)
{
    (void)state;
    struct mail m = sample();
    m.pictured = true;
    uint8_t image[1000];
    for (size_t i = 0; i < sizeof image; i++) image[i] = (uint8_t)(i * 7);
    for (size_t n = 0; n <= sizeof image; n += n < 120 ? 1 : 293) {
        struct bytes rest = mail_picture(arena, m.id, "image/png", (struct bytes){image, n});
        const char *whole = arena_printf(arena, "%s%.*s", build(&m), (int)rest.n, (const char *)rest.p);
        const char *outer = strstr(whole, "boundary=\"=_ab0102"), *inner = strstr(whole, "boundary=\"=_pab0102"), *html = strstr(whole, "text/html; charset"),
                   *picture = strstr(whole, "\r\n--=_pab010200000000000000000000000000\r\nContent-Type: image/png\r\n"), *body;
        assert_true(outer && inner && html && picture && outer < inner && inner < html && html < picture);
        assert_non_null(strstr(picture, "\r\nContent-ID: <logo@ab010200000000000000000000000000>\r\n"));
        body = strstr(picture + 2, "\r\n\r\n") + 4;
        const char *end = strstr(body, "\r\n--=_pab010200000000000000000000000000--\r\n\r\n--=_ab010200000000000000000000000000--\r\n");
        assert_non_null(end);
        assert_int_equal(end[strlen("\r\n--=_pab010200000000000000000000000000--\r\n\r\n--=_ab010200000000000000000000000000--\r\n")], 0);
        for (const char *line = body; line < end; line = strstr(line, "\r\n") + 2) assert_true(strstr(line, "\r\n") - line <= 76);
        uint8_t found[sizeof image];
        size_t found_n;
        assert_int_equal(sodium_base642bin(found, sizeof found, body, (size_t)(end - body), "\r\n", &found_n, NULL, sodium_base64_VARIANT_ORIGINAL), 0);
        assert_int_equal(found_n, n);
        assert_memory_equal(found, image, n);
    }
    assert_string_equal(mail_picture_url(arena, m.id).text, "cid:logo@ab010200000000000000000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),       cmocka_unit_test(test_dates),     cmocka_unit_test(test_names),
        cmocka_unit_test(test_subjects),     cmocka_unit_test(test_bodies),    cmocka_unit_test(test_random),
        cmocka_unit_test(test_addresses),    cmocka_unit_test(test_long_address), cmocka_unit_test(test_seal),
        cmocka_unit_test(test_unsubscribe),  cmocka_unit_test(test_a_picture_follows_its_message_in_lines_of_76),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
