/* log.c - see log.h. One line, one write(2): lines of several processes never mix.
 *
 *   2026-11-21T06:31:03.123456Z info web[4711] req=… words
 *
 * No allocation, so it works when memory is gone; errno is left alone.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

static enum log_level level_now = LOG_LEVEL_INFO;
static const char *role_now = "invited";
static const char *request_now;

struct line {
    char text[LINE_MAX_BYTES];
    size_t n;
};

static const char cut_mark[] = " [cut]\n";

void log_level_set(enum log_level level)
{
    level_now = level;
}

void log_role_set(const char *role)
{
    role_now = role;
}

void log_request_set(const char *request_id)
{
    request_now = request_id;
}

/* True while there is room for n more bytes and the mark. */
static bool line_add(struct line *line, const char *p, size_t n)
{
    if (n > sizeof line->text - sizeof cut_mark - line->n)
        return false;
    memcpy(line->text + line->n, p, n);
    line->n += n;
    return true;
}

/* How many bytes at p are one control character: C0, DEL, or C1 written in UTF-8; 0: none. */
static size_t control_length(const unsigned char *p)
{
    if (p[0] < 0x20 || p[0] == 0x7f)
        return 1;
    return p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0 ? 2 : 0;
}

static size_t character_length(const unsigned char *p)
{
    size_t n = 1;
    if (*p >= 0xc0)
        while (n < 4 && (p[n] & 0xc0) == 0x80)
            n++;
    return n;
}

/* Whole characters only, so that a cut line is still UTF-8. */
static bool line_add_words(struct line *line, const char *words)
{
    for (const unsigned char *p = (const unsigned char *)words; *p;) {
        size_t control = control_length(p);
        size_t n = control ? control : character_length(p);
        if (control) {
            char code[9];
            int code_n = control == 1 ? snprintf(code, sizeof code, "\\x%02x", p[0])
                                      : snprintf(code, sizeof code, "\\x%02x\\x%02x", p[0], p[1]);
            if (!line_add(line, code, (size_t)code_n))
                return false;
        } else if (!line_add(line, (const char *)p, n)) {
            return false;
        }
        p += n;
    }
    return true;
}

static void line_begin(struct line *line, const char *level)
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);

    char head[160];
    size_t n = strftime(head, sizeof head, "%Y-%m-%dT%H:%M:%S", &utc);
    int more = snprintf(head + n, sizeof head - n, ".%06ldZ %s %.40s[%d] ", now.tv_nsec / 1000, level, role_now,
                        (int)getpid());
    line_add(line, head, n + (size_t)more);
    if (request_now) {
        line_add(line, "req=", 4);
        line_add_words(line, request_now);
        line_add(line, " ", 1);
    }
}

static __attribute__((format(printf, 2, 0))) void log_line(enum log_level level, const char *format, va_list list)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    if (level > level_now)
        return;
    int saved = errno;

    struct line line = {.n = 0};
    line_begin(&line, names[level]);
    char words[LINE_MAX_BYTES + 1];
    int n = vsnprintf(words, sizeof words, format, list);
    bool whole = line_add_words(&line, n < 0 ? format : words) && n < (int)sizeof words;
    const char *end = whole ? "\n" : cut_mark;
    memcpy(line.text + line.n, end, strlen(end));
    line.n += strlen(end);

    /* Nobody is left to tell when this fails. */
    while (write(STDERR_FILENO, line.text, line.n) < 0 && errno == EINTR)
        ;
    errno = saved;
}

#define LOG_AT(level)                 \
    do {                              \
        va_list list;                 \
        va_start(list, format);       \
        log_line(level, format, list); \
        va_end(list);                 \
    } while (0)

void log_error(const char *format, ...)
{
    LOG_AT(LOG_LEVEL_ERROR);
}

void log_warning(const char *format, ...)
{
    LOG_AT(LOG_LEVEL_WARNING);
}

void log_info(const char *format, ...)
{
    LOG_AT(LOG_LEVEL_INFO);
}

void log_debug(const char *format, ...)
{
    LOG_AT(LOG_LEVEL_DEBUG);
}

_Noreturn void log_bug(const char *format, ...)
{
    LOG_AT(LOG_LEVEL_ERROR);
    abort();
}
