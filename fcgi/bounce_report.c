/* bounce_report.c - see bounce_report.h. Looks for the part of type message/delivery-status and reads the first failed recipient in it. */
#include "bounce_report.h"

#include "arena.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

/* The next unfolded line of [*p, end), without its end; NULL after the last. Lines that begin with a blank go on with the one before. */
static const char *line_next(struct arena *a, const char **p, const char *end)
{
    if (*p >= end) return NULL;
    const char *begin = *p, *stop;
    do {
        stop = memchr(*p, '\n', (size_t)(end - *p));
        *p = stop ? stop + 1 : end;
    } while (*p < end && (**p == ' ' || **p == '\t') && stop != begin && stop);
    size_t n = (size_t)((stop ? stop : end) - begin);
    char *line = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) line[i] = begin[i] == '\r' || begin[i] == '\n' || begin[i] == 0 ? ' ' : begin[i];
    while (n && line[n - 1] == ' ') line[--n] = 0;
    return line;
}

/* The value of the field of that name, or NULL. */
static const char *field_value(const char *line, const char *name)
{
    size_t n = strlen(name);
    if (strncasecmp(line, name, n) != 0 || line[n] != ':') return NULL;
    return line + n + 1 + strspn(line + n + 1, " \t");
}

/* One line of harmless text: what is not UTF-8, a control or invisible becomes a question mark. */
static const char *tame(struct arena *a, const char *text)
{
    size_t n = strnlen(text, BOUNCE_REASON);
    char *out = arena_text(a, text, n);
    while (n && !utf8_good(out, n) && ((unsigned char)out[n - 1] & 0xc0) == 0x80) out[--n] = 0; /* cut inside a character */
    bool good = utf8_good(out, n) && !utf8_has_hidden(out);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f || (!good && (unsigned char)out[i] >= 0x80)) out[i] = '?';
    return utf8_has_control(out, false) ? "" : out;
}

/* "smtp; 550 5.1.1 …" says what it is before the semicolon. */
static const char *after_type(const char *value)
{
    const char *semicolon = strchr(value, ';');
    return semicolon ? semicolon + 1 + strspn(semicolon + 1, " \t") : value;
}

static void recipient_read(struct arena *a, const char **p, const char *end, struct bounce_report *report, bool *last)
{
    const char *line, *value, *diagnostic = "", *status = "";
    bool failed = false;
    *last = true;
    while ((line = line_next(a, p, end))) {
        if (line[0] == '-' && line[1] == '-') break;
        if (!*line) {
            *last = false;
            break;
        }
        if ((value = field_value(line, "Action"))) failed = strncasecmp(value, "failed", 6) == 0;
        else if ((value = field_value(line, "Diagnostic-Code"))) diagnostic = after_type(value);
        else if ((value = field_value(line, "Status"))) status = value;
    }
    if (failed) *report = (struct bounce_report){true, tame(a, *diagnostic ? diagnostic : status)};
}

bool bounce_report_read(struct arena *a, struct bytes message, struct bounce_report *report)
{
    const char *p = message.p, *end = p + message.n, *line, *value;
    *report = (struct bounce_report){false, ""};
    bool status_part = false;
    while ((line = line_next(a, &p, end))) {
        if ((value = field_value(line, "Content-Type"))) status_part = strncasecmp(value, "message/delivery-status", 23) == 0;
        if (*line || !status_part) continue;
        for (bool last = false; !last && !report->failed;) recipient_read(a, &p, end, report, &last);
        return true;
    }
    return false;
}
