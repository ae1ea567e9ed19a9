/* smtp_drive.c - hands mails to smtp.c and prints how each ended; driven by smtp_test.py.
 *
 * Arguments are key=value: port, host, tls, ca, user, password, seconds, session, n, size, from, to (instead of n), raw
 * (a text to be sent unchecked). Prints `INDEX RESULT SHA256 REPLY` as each result comes, then `done MICROSECONDS`.
 */
#include "arena.h"
#include "drive.h"
#include "mail.h"
#include "smtp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void print_result(void *arg, const struct smtp_mail *mail)
{
    static const char *const names[] = {"sent", "deferred", "refused"};
    const struct smtp_mail *first = arg;
    uint8_t hash[32];
    char hex[65];
    crypto_hash_sha256(hash, mail->text.p, mail->text.n);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    printf("%d %s %s %s\n", (int)(mail - first), names[mail->result], hex, mail->reply);
    fflush(stdout);
}

static struct bytes message(struct arena *a, unsigned i, const char *to, unsigned size)
{
    if (argument("raw", NULL)) return (struct bytes){argument("raw", ""), strlen(argument("raw", ""))};
    char *body = arena_alloc(a, size + 1);
    for (unsigned k = 0; k < size; k++) body[k] = k % 61 == 60 ? '\n' : (char)('!' + (k * 7 + i) % 90);
    if (size > 122) memcpy(body + 61, ".\n..dots\nFrom me\n", 17);
    return mail_build(a, &(struct mail){.from_name = "Müller via Portal",
                                        .from = "invites@portal.example",
                                        .to = to,
                                        .reply_to_name = "Anna",
                                        .reply_to = "anna@vendor.example",
                                        .subject = "Müller invited you to be a customer",
                                        .language = "en",
                                        .text = body,
                                        .html = "<p>Hello</p>\n",
                                        .host = "portal.example",
                                        .id = {{(uint8_t)i}},
                                        .date = {1795243580000000 + i}});
}

static struct sockaddr_in local(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* Other callers of connect() in this executable must not notice that it is ours. */
static int check_connect(unsigned port)
{
    struct sockaddr_in good = local(port), closed = local(1);
    struct sockaddr_un nowhere = {.sun_family = AF_UNIX, .sun_path = "/nowhere/at/all"};
    int blocking = socket(AF_INET, SOCK_STREAM, 0), free_running = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int refused = socket(AF_INET, SOCK_STREAM, 0), path = socket(AF_UNIX, SOCK_STREAM, 0),
        datagram = socket(AF_INET, SOCK_DGRAM, 0);
    int failures = 0;
    if (connect(blocking, (struct sockaddr *)&good, sizeof good) || fcntl(blocking, F_GETFL) & O_NONBLOCK)
        failures |= 1;
    if (connect(free_running, (struct sockaddr *)&good, sizeof good) && errno != EINPROGRESS) failures |= 2;
    if (connect(refused, (struct sockaddr *)&closed, sizeof closed) != -1 || errno != ECONNREFUSED) failures |= 4;
    if (connect(path, (struct sockaddr *)&nowhere, sizeof nowhere) != -1 || errno != ENOENT) failures |= 8;
    if (connect(datagram, (struct sockaddr *)&good, sizeof good)) failures |= 16;
    if (connect(-1, (struct sockaddr *)&good, sizeof good) != -1 || errno != EBADF) failures |= 32;
    return failures;
}

int main(int argc, char **argv)
{
    argument_count = argc;
    arguments = argv;
    if (sodium_init() < 0) return 1;
    if (argument("connect", NULL)) return check_connect(number("port", "25"));
    struct smtp_options options = {.host = argument("host", "127.0.0.1"),
                                   .port = number("port", "25"),
                                   .tls = number("tls", "0"),
                                   .tls_ca = argument("ca", ""),
                                   .user = argument("user", ""),
                                   .password = argument("password", ""),
                                   .helo = "portal.example",
                                   .seconds = number("seconds", "2"),
                                   .session_seconds = number("session", "60")};
    struct arena *a = arena_new();
    struct smtp_mail *mails = arena_alloc(a, 1000 * sizeof *mails);
    unsigned n = 0, many = argument("to", NULL) ? 0 : number("n", "1");
    for (; n < many; n++) mails[n].recipient = arena_printf(a, "user%u@example.org", n);
    for (int i = 1; i < argc; i++)
        if (!strncmp(argv[i], "to=", 3)) mails[n++].recipient = argv[i] + 3;
    for (unsigned i = 0; i < n; i++) {
        mails[i].sender = argument("from", "invites@portal.example");
        mails[i].text =
            message(a, i, argument("raw", NULL) || argument("unsafe", NULL) ? "x@example.org" : mails[i].recipient,
                    number("size", "600"));
    }
    struct timespec t0, t1;
    clock_gettime(CLOCK_MONOTONIC, &t0);
    for (unsigned i = 0; i < n; i += SMTP_MOST)
        smtp_deliver(&options, mails + i, n - i < SMTP_MOST ? n - i : SMTP_MOST, print_result, mails);
    clock_gettime(CLOCK_MONOTONIC, &t1);
    printf("done %lld\n", (long long)(t1.tv_sec - t0.tv_sec) * 1000000 + (t1.tv_nsec - t0.tv_nsec) / 1000);
    arena_free(a);
    return 0;
}
