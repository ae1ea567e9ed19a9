/* smtp_wire.c - see smtp_wire.h. */
#include "smtp_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct smtp_wire *wire_current;

static int64_t wire_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wire_limit_ms(const struct smtp_wire *wire)
{
    return (int64_t)wire->options->seconds * 1000 * (wire->sending ? SMTP_FINAL_FACTOR : 1);
}

/* 20 ms of grace: the library's own poll may end a moment early. */
static bool wire_is_late(const struct smtp_wire *wire)
{
    return wire->owed && wire_now_ms() - wire->asked_ms >= wire_limit_ms(wire) - 20;
}

void smtp_wire_begin(struct smtp_wire *wire, const struct smtp_options *options)
{
    *wire = (struct smtp_wire){.options = options, .fd = -1, .started_ms = wire_now_ms()};
    wire_current = wire;
}

void smtp_wire_end(void)
{
    wire_current = NULL;
}

void smtp_wire_touch(struct smtp_wire *wire)
{
    wire->asked_ms = wire_now_ms();
}

void smtp_wire_stop(struct smtp_wire *wire, const char *format, ...)
{
    if (!wire->trouble[0]) {
        char text[2 * SMTP_REPLY];
        va_list list;
        va_start(list, format);
        vsnprintf(text, sizeof text, format, list);
        va_end(list);
        smtp_words(wire->trouble, text);
    }
    if (wire->fd >= 0) shutdown(wire->fd, SHUT_RDWR);
}

static void wire_stop_late(struct smtp_wire *wire)
{
    smtp_wire_stop(wire, "The mail server did not answer within %u seconds", (unsigned)(wire_limit_ms(wire) / 1000));
}

/* ---- connect(): the executable's symbol wins over libc's, in libesmtp too ---- */

static int wire_connect_plain(int fd, const struct sockaddr *address, socklen_t length)
{
    return (int)syscall(SYS_connect, fd, address, length);
}

/* 0 when the connection that is under way has come about; otherwise -1 and errno. */
static int wire_await(int fd, int64_t limit_ms)
{
    int64_t end = wire_now_ms() + limit_ms;
    for (;;) {
        int64_t left = end - wire_now_ms();
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return -1;
        if (!ready) {
            errno = ETIMEDOUT;
            return -1;
        }
        int error = 0;
        socklen_t size = sizeof error;
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size)) return -1;
        errno = error;
        return error ? -1 : 0;
    }
}

static void wire_reset(struct smtp_wire *wire, int fd)
{
    wire->fd = fd;
    wire->connected = true;
    wire->tls = wire->authenticated = wire->mailing = wire->closing = wire->sending = false;
    wire->owed = 1; /* the greeting */
    wire->n = 0;
    wire->command[0] = 0;
    wire->asked_ms = wire_now_ms();
}

/* Everybody else's connections (another address family, a datagram, a socket that does not block, no session under way)
 * pass through to the kernel unchanged. The name is given in assembly because with _GNU_SOURCE the prototype of
 * connect() has a union in place of the address. */
int smtp_wire_connect(int fd, const struct sockaddr *address, socklen_t length) __asm__("connect");
__attribute__((used, visibility("default"))) int smtp_wire_connect(int fd, const struct sockaddr *address,
                                                                   socklen_t length)
{
    struct smtp_wire *wire = wire_current;
    int type = 0, flags = fcntl(fd, F_GETFL), one = 1;
    socklen_t size = sizeof type;
    if (!wire || !address || (address->sa_family != AF_INET && address->sa_family != AF_INET6) || flags < 0 ||
        (flags & O_NONBLOCK) || getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) || type != SOCK_STREAM)
        return wire_connect_plain(fd, address, length);

    if (wire->trouble[0]) { /* the library goes on to the host's next address; we have seen enough */
        errno = ECONNABORTED;
        return -1;
    }
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    int failed = wire_connect_plain(fd, address, length);
    if (failed && errno == EINPROGRESS) failed = wire_await(fd, (int64_t)wire->options->seconds * 1000);
    int error = errno;
    fcntl(fd, F_SETFL, flags);
    if (!failed) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        wire_reset(wire, fd);
    }
    errno = error;
    return failed;
}

/* ---- what we write ---- */

static void wire_command(struct smtp_wire *wire, const char *p, size_t n)
{
    const struct smtp_options *options = wire->options;
    if (n == 1 && p[0] == '.') return; /* ends the text of a message without recipients: DATA's answer was counted */
    wire->owed++;
    size_t word = 0;
    while (word < n && word < sizeof wire->command - 1 && p[word] != ' ') word++;
    /* What follows "334" is not a command but still AUTH. */
    if (strcmp(wire->command, "AUTH") != 0 || wire->code != 334) {
        memcpy(wire->command, p, word);
        wire->command[word] = 0;
    }
    if (!strcmp(wire->command, "QUIT")) wire->closing = true;
    bool mail = !strcmp(wire->command, "MAIL");
    if (options->tls && !wire->tls && (mail || !strcmp(wire->command, "AUTH"))) {
        smtp_wire_stop(wire, "The mail server does not offer TLS");
        return;
    }
    if (!mail) return;
    if (options->user[0] && !wire->authenticated) {
        if (wire->code >= 400)
            smtp_wire_stop(wire, "The mail server did not accept our user name and password: %s", wire->reply);
        else smtp_wire_stop(wire, "The mail server offers no way to sign in");
    } else if (options->stop && *options->stop) {
        smtp_wire_stop(wire, "The mail program was stopped before this mail was sent");
    } else if (wire_now_ms() - wire->started_ms > (int64_t)options->session_seconds * 1000) {
        smtp_wire_stop(wire, "The mail server was too slow to take this mail");
    }
    wire->mailing = true;
}

static void wire_written(struct smtp_wire *wire, const char *p, size_t n)
{
    if (wire_is_late(wire)) wire_stop_late(wire);
    while (n) {
        const char *end = memchr(p, '\n', n);
        size_t line = end ? (size_t)(end - p) : n, used = end ? line + 1 : n;
        wire_command(wire, p, line && p[line - 1] == '\r' ? line - 1 : line);
        p += used;
        n -= used;
    }
    wire->asked_ms = wire_now_ms();
}

/* ---- what we read ---- */

/* A complete answer. */
static void wire_answer(struct smtp_wire *wire, int code)
{
    if (wire->owed) wire->owed--;
    if (!wire->closing) {
        wire->code = code;
        smtp_words(wire->reply, wire->line);
    }
    wire->sending = false;
    if (code == 354) {
        wire->owed++; /* the text's own answer; the text itself is not shown to the monitor */
        wire->sending = true;
    }
    if (!strcmp(wire->command, "AUTH") && code / 100 == 2) wire->authenticated = true;
    wire->asked_ms = wire_now_ms();
}

/* One line without its end. False: this is not SMTP. */
static bool wire_line(struct smtp_wire *wire)
{
    const char *line = wire->line;
    for (size_t i = 0; i < 3; i++)
        if (wire->n < 3 || line[i] < '0' || line[i] > '9') return false;
    if (memchr(line, 0, wire->n) || (line[3] != 0 && line[3] != ' ' && line[3] != '-')) return false;
    int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (line[3] != '-') wire_answer(wire, code);
    return true;
}

/* libesmtp uses some extensions badly, and has no switch for it: with CHUNKING it takes an answer for another's, with
 * ENHANCEDSTATUSCODES it drops the session when the lines of an answer differ. As a keyword's last octet arrives it is
 * changed, which makes it one that the library does not know. */
static void wire_hide_extension(const struct smtp_wire *wire, char *octet)
{
    static const char *const hidden[] = {"CHUNKING", "BINARYMIME", "ENHANCEDSTATUSCODES", "XUSR"};
    if (strcmp(wire->command, "EHLO") != 0 || wire->n < 5) return;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (wire->n - 4 == strlen(hidden[i]) && !strncasecmp(wire->line + 4, hidden[i], wire->n - 4)) *octet = '_';
}

/* An answer without a question. Before TLS this is how answers are injected; after it the library would take it for the
 * next one. Only a server that closes down may speak up by itself. */
static void wire_unasked(struct smtp_wire *wire, const char *p, size_t n)
{
    if (n > 4 && !memcmp(p, "421 ", 4)) smtp_wire_stop(wire, "%.*s", (int)(n < SMTP_REPLY ? n : SMTP_REPLY), p);
    else smtp_wire_stop(wire, "The mail server sent an answer that nobody asked for");
}

static void wire_read(struct smtp_wire *wire, char *p, size_t n)
{
    for (size_t i = 0; i < n && !wire->trouble[0]; i++) {
        if (!wire->owed) {
            wire_unasked(wire, p + i, n - i);
            return;
        }
        if (p[i] == '\n') {
            if (wire->n && wire->line[wire->n - 1] == '\r') wire->n--;
            wire->line[wire->n] = 0;
            if (!wire_line(wire)) smtp_wire_stop(wire, "The mail server did not speak SMTP");
            wire->n = 0;
            continue;
        }
        if (wire->n >= SMTP_LINE) {
            smtp_wire_stop(wire, "The mail server sent a line that is too long");
            return;
        }
        wire->line[wire->n++] = p[i];
        wire_hide_extension(wire, p + i);
        /* "250" without words is allowed, but libesmtp wants the blank: a mail would be sent again. */
        if (wire->n == 4 && p[i] == '\r') p[i] = ' ';
    }
    if (wire_is_late(wire)) wire_stop_late(wire); /* an octet a second is no answer either */
}

void smtp_wire_monitor(const char *p, int n, int writing, void *arg)
{
    struct smtp_wire *wire = arg;
    if (n <= 0) return;
    if (writing == 1) wire_written(wire, p, (size_t)n);
    else if (writing == 0) wire_read(wire, (char *)(uintptr_t)p, (size_t)n); /* the library's own read buffer */
}

void smtp_wire_tls_begins(struct smtp_wire *wire)
{
    if (wire->owed || wire->n) smtp_wire_stop(wire, "The mail server sent an answer that nobody asked for");
}

void smtp_wire_reason(const struct smtp_wire *wire, char reply[SMTP_REPLY + 1])
{
    char text[64];
    if (wire->trouble[0]) {
        memcpy(reply, wire->trouble, sizeof wire->trouble);
    } else if (!wire->connected) {
        smtp_words(reply, "No connection to the mail server");
    } else if (wire->code == 421 || (wire->code >= 400 && !wire->mailing)) {
        memcpy(reply, wire->reply, sizeof wire->reply);
    } else if (!strcmp(wire->command, "STARTTLS") && !wire->tls) {
        smtp_words(reply, "No TLS connection to the mail server");
    } else if (wire_is_late(wire)) {
        snprintf(text, sizeof text, "The mail server did not answer within %u seconds",
                 (unsigned)(wire_limit_ms(wire) / 1000));
        smtp_words(reply, text);
    } else {
        smtp_words(reply, "The mail server ended the conversation");
    }
}

bool smtp_is_loopback(const char *host)
{
    struct in_addr address;
    return !strcasecmp(host, "localhost") ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}
