/* viewc_c.c - the author's C in the marks: where it ends, and that it stays one expression.
 *
 * The C compiler checks what it means; here only what could reach around the escapers is refused: statements,
 * preprocessor lines, unbalanced brackets, and the out_… functions themselves.
 */
#include "viewc.h"

#include <ctype.h>
#include <string.h>

static bool word_begins(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool word_goes_on(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Behind a string or character that begins at p; NULL: it does not end in its line. */
static const char *literal_end(const char *p, const char *end)
{
    char quote = *p++;
    for (; p < end && *p != '\n'; p++) {
        if (*p == '\\' && p + 1 < end && p[1] != '\n')
            p++;
        else if (*p == quote)
            return p + 1;
    }
    return NULL;
}

static bool bracket_matches(char open, char close)
{
    return (open == '(' && close == ')') || (open == '[' && close == ']') || (open == '{' && close == '}');
}

struct slice c_scan(struct source *s, const char *p, char closer, unsigned line, const char **end)
{
    const char *start = p;
    char nest[64];
    size_t depth = 0;

    while (p < s->end) {
        if (!depth && *p == closer && p + 1 < s->end && p[1] == '}') {
            *end = p + 2;
            return slice_trim((struct slice){start, (size_t)(p - start)});
        }
        if (*p == '"' || *p == '\'') {
            p = literal_end(p, s->end);
            if (!p)
                fail(s, line, "a string in this mark does not end");
            continue;
        }
        if (word_begins(*p)) {
            const char *word = p;
            while (p < s->end && word_goes_on(*p))
                p++;
            if (p - word > 4 && memcmp(word, "out_", 4) == 0)
                fail(s, line, "%.*s: the compiler chooses the escaper", (int)(p - word), word);
            continue;
        }
        if (strchr("([{", *p)) {
            if (depth == sizeof nest)
                fail(s, line, "too many brackets");
            nest[depth++] = *p;
        } else if (strchr(")]}", *p)) {
            if (!depth || !bracket_matches(nest[--depth], *p))
                fail(s, line, "brackets do not match in this mark");
        } else if (strchr(";#\\", *p)) {
            fail(s, line, "no %c in a mark: it holds one expression", *p);
        } else if (*p == '/' && p + 1 < s->end && (p[1] == '/' || p[1] == '*')) {
            fail(s, line, "comments are written {# so #}");
        }
        p++;
    }
    fail(s, line, "this mark does not end");
}

bool c_identifier(struct slice s)
{
    if (!s.n || !word_begins(*s.p))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!word_goes_on(s.p[i]))
            return false;
    return true;
}

struct slice c_word(struct slice *s)
{
    struct slice word = {s->p, 0};
    while (word.n < s->n && word_goes_on(s->p[word.n]))
        word.n++;
    *s = slice_trim((struct slice){s->p + word.n, s->n - word.n});
    return word;
}

bool c_call(struct slice s, struct slice *name, struct slice *arguments)
{
    struct slice rest = s;
    *name = c_word(&rest);
    if (!c_identifier(*name) || !rest.n || *rest.p != '(')
        return false;
    const char *p = rest.p, *end = rest.p + rest.n;
    size_t depth = 0;
    while (p < end) {
        if (*p == '"' || *p == '\'') {
            p = literal_end(p, end);
            if (!p)
                return false;
            continue;
        }
        depth += *p == '(';
        depth -= *p == ')';
        p++;
        if (!depth)
            break;
    }
    *arguments = slice_trim((struct slice){rest.p + 1, (size_t)(p - rest.p) - 2});
    return p == end;
}

/* Only %s (or %1$s) and %%, and stars in pairs. */
static void sentence_check(struct source *s, unsigned line, struct slice sentence)
{
    size_t stars = 0;
    const char *end = sentence.p + sentence.n;
    for (const char *p = sentence.p; p < end; p++) {
        stars += *p == '*';
        if (*p != '%')
            continue;
        if (p + 2 < end && isdigit((unsigned char)p[1]) && p[2] == '$')
            p += 2;
        p++;
        if (p == end || (*p != 's' && *p != '%'))
            fail(s, line, "rich() knows only %%s and %%%%");
    }
    if (stars % 2)
        fail(s, line, "a * in rich() without its partner");
}

struct slice c_sentence(struct source *s, unsigned line, struct slice arguments, struct slice *rest)
{
    const char *p = arguments.p, *end = arguments.p + arguments.n, *last = p;
    while (p < end && *p == '"') {
        p = literal_end(p, end);
        if (!p)
            break;
        last = p;
        while (p < end && isspace((unsigned char)*p))
            p++;
    }
    if (!p || last == arguments.p || (p < end && *p != ','))
        fail(s, line, "rich() begins with a literal sentence");
    struct slice sentence = {arguments.p, (size_t)(last - arguments.p)};
    sentence_check(s, line, sentence);
    *rest = (struct slice){p, (size_t)(end - p)};
    return sentence;
}
