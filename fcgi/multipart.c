/* multipart.c - see multipart.h.
 *
 * A boundary line is CR LF "--" boundary, and the first one counts as if a line end stood before it. CR is in no boundary, so where
 * a look-alike breaks off, only the octet that broke it can begin the next one.
 */
#include "multipart.h"

#include "arena.h"
#include "utf8.h"

#include <string.h>
#include <strings.h>

enum stage { STAGE_DATA, STAGE_LINE, STAGE_HEAD, STAGE_OVER, STAGE_REFUSED };

struct multipart {
    struct arena *arena;
    struct multipart_sink sink;
    char line[4 + MULTIPART_BOUNDARY + 1]; /* CR LF "--" boundary */
    size_t line_n, matched;
    enum stage stage;
    bool in_part; /* what stands before the first boundary belongs to no part, and is refused */
    unsigned parts;
    char after[2]; /* behind a boundary: CR LF, or "--" for the last one; then what may follow that, CR LF */
    size_t after_n;
    char head[MULTIPART_HEAD + 1];
    size_t head_n;
};

/* RFC 2046: bchars; a blank only inside, and we take none. */
static bool boundary_good(const char *p, size_t n)
{
    static const char bchars[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=?";
    return n > 0 && n <= MULTIPART_BOUNDARY && strspn(p, bchars) >= n;
}

const char *multipart_boundary(struct arena *a, const char *content_type)
{
    static const char type[] = "multipart/form-data", word[] = "boundary=";
    if (!content_type || strncasecmp(content_type, type, sizeof type - 1) != 0) return NULL;
    const char *p = content_type + sizeof type - 1;
    p += strspn(p, " \t");
    if (*p++ != ';') return NULL;
    p += strspn(p, " \t");
    if (strncasecmp(p, word, sizeof word - 1) != 0) return NULL;
    p += sizeof word - 1;
    bool quoted = *p == '"';
    if (quoted) p++;
    size_t n = strcspn(p, quoted ? "\"" : "; \t");
    if (!boundary_good(p, n)) return NULL;
    const char *rest = p + n;
    if (quoted && *rest++ != '"') return NULL;
    return *rest ? NULL : arena_text(a, p, n);
}

struct multipart *multipart_new(struct arena *a, const char *boundary, struct multipart_sink sink)
{
    struct multipart *m = arena_alloc(a, sizeof *m);
    *m = (struct multipart){.arena = a, .sink = sink, .stage = STAGE_DATA};
    memcpy(m->line, "\r\n--", 4);
    m->line_n = 4 + strlen(boundary);
    memcpy(m->line + 4, boundary, m->line_n - 4);
    m->matched = 2;
    return m;
}

/* ---- a part's head ---- */

/* `name="value"` at *p; *p is left behind it. Browsers write a quotation mark as %22 and a line end as %0D%0A: they stay so. NULL: none
 * such, or a value that is not text. */
static const char *quoted_take(struct arena *a, const char **p, const char *name)
{
    size_t n = strlen(name);
    if (strncasecmp(*p, name, n) != 0 || (*p)[n] != '=' || (*p)[n + 1] != '"') return NULL;
    const char *value = *p + n + 2, *end = strchr(value, '"');
    if (!end) return NULL;
    *p = end + 1;
    const char *text = arena_text(a, value, (size_t)(end - value));
    return utf8_good(value, (size_t)(end - value)) && !utf8_has_control(text, false) ? text : NULL;
}

static const char *after_semicolon(const char *p)
{
    p += strspn(p, " \t");
    if (*p != ';') return p;
    p++;
    return p + strspn(p, " \t");
}

/* form-data; name="…"[; filename="…"] and nothing else. */
static bool disposition_read(struct arena *a, const char *p, struct multipart_part *part)
{
    static const char word[] = "form-data";
    if (part->name || strncasecmp(p, word, sizeof word - 1) != 0) return false;
    p = after_semicolon(p + sizeof word - 1);
    part->name = quoted_take(a, &p, "name");
    if (!part->name || !part->name[0]) return false;
    p = after_semicolon(p);
    if (*p) {
        part->file_name = quoted_take(a, &p, "filename");
        if (!part->file_name) return false;
    }
    return p[strspn(p, " \t")] == 0;
}

static bool type_read(struct arena *a, const char *p, struct multipart_part *part)
{
    if (part->type[0]) return false;
    part->type = arena_text(a, p, strlen(p));
    return utf8_good(p, strlen(p)) && !utf8_has_control(part->type, false);
}

/* One header line, without its end. */
static bool header_read(struct arena *a, char *line, struct multipart_part *part)
{
    char *value = strchr(line, ':');
    if (!value) return false;
    *value++ = 0;
    value += strspn(value, " \t");
    if (strcasecmp(line, "Content-Disposition") == 0) return disposition_read(a, value, part);
    if (strcasecmp(line, "Content-Type") == 0) return type_read(a, value, part);
    return false;
}

/* The whole head with the line end of each of its lines; the empty line that ends it is cut off. */
static bool head_read(struct multipart *m)
{
    struct multipart_part part = {.type = ""};
    if (strlen(m->head) != m->head_n) return false;
    for (char *line = m->head; *line;) {
        char *end = strstr(line, "\r\n");
        if (!end) return false;
        *end = 0;
        if (!header_read(m->arena, line, &part)) return false;
        line = end + 2;
    }
    m->head_n = 0;
    m->in_part = true;
    return part.name && m->sink.begin(m->sink.to, &part);
}

static enum stage head_take(struct multipart *m, char c)
{
    if (m->head_n == MULTIPART_HEAD) return STAGE_REFUSED;
    m->head[m->head_n++] = c;
    m->head[m->head_n] = 0;
    if (m->head_n < 4 || memcmp(m->head + m->head_n - 4, "\r\n\r\n", 4) != 0) return STAGE_HEAD;
    m->head_n -= 2;
    m->head[m->head_n] = 0;
    return head_read(m) ? STAGE_DATA : STAGE_REFUSED;
}

/* ---- boundaries ---- */

/* The two octets behind a boundary. */
static enum stage line_take(struct multipart *m, char c)
{
    m->after[m->after_n++] = c;
    if (m->after_n < 2) return STAGE_LINE;
    m->after_n = 0;
    if (memcmp(m->after, "--", 2) == 0) return m->parts ? STAGE_OVER : STAGE_REFUSED;
    return memcmp(m->after, "\r\n", 2) == 0 && m->parts++ < MULTIPART_PARTS ? STAGE_HEAD : STAGE_REFUSED;
}

/* Behind the last boundary a line end may stand, and nothing more. */
static enum stage over_take(struct multipart *m, char c)
{
    return m->after_n < 2 && c == "\r\n"[m->after_n++] ? STAGE_OVER : STAGE_REFUSED;
}

static bool pass_on(struct multipart *m, const char *p, size_t n)
{
    return n == 0 || (m->in_part && m->sink.data(m->sink.to, p, n));
}

/* A part's content up to a boundary, or to the end of what has come. Returns how far it got. */
static size_t data_take(struct multipart *m, const char *p, size_t n)
{
    size_t i = 0;
    if (m->matched == 0) { /* the long run: to the next octet that can begin a boundary */
        const char *cr = memchr(p, '\r', n);
        i = cr ? (size_t)(cr - p) : n;
        if (!pass_on(m, p, i)) m->stage = STAGE_REFUSED;
    }
    while (i < n && m->stage == STAGE_DATA && m->matched < m->line_n) {
        if (p[i] == m->line[m->matched]) {
            m->matched++;
            i++;
            continue;
        }
        size_t held = m->matched;
        m->matched = 0;
        if (!pass_on(m, m->line, held)) m->stage = STAGE_REFUSED;
        if (p[i] != '\r') return i; /* again from the long run */
    }
    if (m->stage == STAGE_DATA && m->matched == m->line_n) {
        m->matched = 0;
        m->stage = m->in_part && !m->sink.end(m->sink.to) ? STAGE_REFUSED : STAGE_LINE;
        m->in_part = false;
    }
    return i;
}

bool multipart_feed(struct multipart *m, const void *octets, size_t n)
{
    const char *p = octets, *end = p + n;
    while (p < end && m->stage != STAGE_REFUSED) {
        switch (m->stage) {
        case STAGE_DATA: p += data_take(m, p, (size_t)(end - p)); break;
        case STAGE_LINE: m->stage = line_take(m, *p++); break;
        case STAGE_HEAD: m->stage = head_take(m, *p++); break;
        case STAGE_OVER: m->stage = over_take(m, *p++); break;
        case STAGE_REFUSED: break;
        }
    }
    return m->stage != STAGE_REFUSED;
}

bool multipart_whole(const struct multipart *m)
{
    return m->stage == STAGE_OVER;
}
