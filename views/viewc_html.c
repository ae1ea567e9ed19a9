/* viewc_html.c - where in the HTML a view is, character by character.
 *
 * The safety of every page rests on this file and on viewc_place.c, which says what a mark may be in that place. It is stricter than
 * HTML: what a browser would have to repair is an error here, so we and it agree on the place.
 */
#include "viewc.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_name(char c)
{
    return is_word(c) || c == ':' || c == '.';
}

void html_start(struct html *h, struct source *source)
{
    *h = (struct html){.source = source};
}

bool html_inside(const struct html *h, const char *element)
{
    for (size_t i = 0; i < h->depth; i++)
        if (strcmp(h->open[i].element->name, element) == 0)
            return true;
    return false;
}

bool html_keeps_blanks(const struct html *h)
{
    return h->place == PLACE_WORDS || html_inside(h, "pre");
}

/* What an element's content is. */
static enum place content_place(const struct html *h)
{
    unsigned flags = h->depth ? h->open[h->depth - 1].element->flags : 0;
    if (flags & ELEMENT_CODE)
        return PLACE_CODE;
    /* <title> in a picture is an element like others. */
    return (flags & ELEMENT_WORDS) && !html_inside(h, "svg") ? PLACE_WORDS : PLACE_TEXT;
}

static void name_add(struct html *h, char c)
{
    if (h->name_n + 1 >= sizeof h->name)
        fail(h->source, h->line, "name too long: %s", h->name);
    h->name[h->name_n++] = c;
    h->name[h->name_n] = '\0';
}

static void name_begin(struct html *h, enum place place, char c)
{
    h->name_n = 0;
    h->place = place;
    name_add(h, c);
}

static void tag_named(struct html *h)
{
    h->tag = lint_element(h);
    h->attribute_n = 0;
    h->place = PLACE_AFTER;
}

struct attribute *html_attribute(struct html *h)
{
    return &h->attributes[h->attribute_n - 1];
}

static void attribute_named(struct html *h)
{
    for (char *p = h->name; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    if (h->attribute_n == HTML_ATTRIBUTES)
        fail(h->source, h->line, "too many attributes");
    struct attribute attribute = {.kind = lint_attribute(h), .branch = h->branched && h->within != PLACE_TEXT};
    memcpy(attribute.name, h->name, sizeof attribute.name);
    h->attributes[h->attribute_n++] = attribute;
    h->place = PLACE_AFTER;
}

void html_settle(struct html *h)
{
    if (h->place == PLACE_TAG_NAME)
        tag_named(h);
    else if (h->place == PLACE_ATTRIBUTE_NAME)
        attribute_named(h);
}

static enum html_event tag_end(struct html *h, bool closed)
{
    const struct element *tag = h->tag;
    if (h->branched && (h->within == PLACE_AFTER || h->within == PLACE_BLANK))
        fail(h->source, h->line, "<%s> ends inside of a branch that began in the tag", tag->name);
    lint_tag(h);
    if (closed && !(tag->flags & (ELEMENT_VOID | ELEMENT_SVG)))
        fail(h->source, h->line, "only void and SVG elements may end in />: write </%s>", tag->name);
    if (!closed && !(tag->flags & ELEMENT_VOID)) {
        if (h->depth == HTML_DEPTH)
            fail(h->source, h->line, "too many open elements");
        h->open[h->depth].element = tag;
        h->open[h->depth++].line = h->tag_line;
    }
    h->place = content_place(h);
    if (strcmp(tag->name, "textarea") == 0 || strcmp(tag->name, "pre") == 0)
        return HTML_NEWLINE;
    return strcmp(tag->name, "form") == 0 && slice_is(lint_find(h, "method")->value, "post") ? HTML_POST_FORM
                                                                                           : HTML_NOTHING;
}

static void end_tag(struct html *h)
{
    if (h->branched && h->depth == h->floor)
        fail(h->source, h->line, "</%s> closes what was opened outside of this branch", h->name);
    if (!h->depth)
        fail(h->source, h->line, "</%s> closes nothing", h->name);
    const char *expected = h->open[h->depth - 1].element->name;
    if (strcmp(h->name, expected) != 0)
        fail(h->source, h->line, "</%s> where </%s> is due (opened in line %u)", h->name, expected,
             h->open[h->depth - 1].line);
    h->depth--;
    h->place = content_place(h);
}

static void after_less_than(struct html *h, char c)
{
    enum place content = content_place(h);
    if (content != PLACE_TEXT && c != '/')
        fail(h->source, h->line, "only </%s> may follow: write &lt; for a <", h->open[h->depth - 1].element->name);
    h->tag_line = h->line;
    if (c == '/') {
        h->name_n = 0;
        h->name[0] = '\0';
        h->place = PLACE_END_NAME;
    } else if (c == '!') {
        h->name_n = 0;
        h->place = PLACE_BANG;
    } else if (is_letter(c)) {
        name_begin(h, PLACE_TAG_NAME, c);
    } else {
        fail(h->source, h->line, "write &lt; for a bare <");
    }
}

static void after_bang(struct html *h, char c)
{
    name_add(h, c);
    if (strcmp(h->name, "--") == 0) {
        h->place = PLACE_COMMENT;
        h->dashes = 2; /* as browsers do: <!--> is a whole comment */
    } else if (strcasecmp(h->name, "doctype") == 0) {
        h->place = PLACE_DOCTYPE;
    } else if (strncmp("--", h->name, h->name_n) != 0 && strncasecmp("doctype", h->name, h->name_n) != 0) {
        fail(h->source, h->line, "only <!doctype and <!-- may follow <!");
    }
}

/* Between attributes. */
static enum html_event in_tag(struct html *h, char c)
{
    if (c == '>')
        return tag_end(h, false);
    if (is_blank(c))
        h->place = PLACE_BLANK;
    else if (c == '/')
        h->place = PLACE_SLASH;
    else if (c == '=')
        fail(h->source, h->line, "write name=\"value\" without blanks around the =");
    else if (!is_name(c))
        fail(h->source, h->line, "unexpected %c in <%s>", c, h->tag->name);
    else if (h->place == PLACE_AFTER)
        fail(h->source, h->line, "a blank is missing between the attributes of <%s>", h->tag->name);
    else
        name_begin(h, PLACE_ATTRIBUTE_NAME, c);
    return HTML_NOTHING;
}

static void value_begin(struct html *h, const char *p)
{
    if (*p != '"' && *p != '\'')
        fail(h->source, h->line, "the value of %s= needs quotes", h->name);
    struct attribute *attribute = html_attribute(h);
    attribute->has_value = true;
    attribute->value = (struct slice){p + 1, 0};
    h->quote = *p;
    h->url = URL_START;
    h->url_head_n = 0;
    h->place = PLACE_VALUE;
}

/* Only "/word", "?", "#" and "mailto:" keep a value that follows from choosing scheme or host; "/" alone does not,
 * because "//host" is an address elsewhere. */
static enum url url_next(struct html *h, char c)
{
    if (h->url == URL_PATH || h->url == URL_START)
        if (c == '?' || c == '#')
            return URL_QUERY;
    if (h->url != URL_START && h->url != URL_OPEN)
        return h->url;
    if (h->url_head_n < sizeof h->url_head)
        h->url_head[h->url_head_n++] = c;
    if (h->url_head_n == 2 && h->url_head[0] == '/')
        return is_word(c) ? URL_PATH : c == '?' || c == '#' ? URL_QUERY : URL_OPEN;
    return h->url_head_n == 7 && memcmp(h->url_head, "mailto:", 7) == 0 ? URL_QUERY : URL_OPEN;
}

static void in_value(struct html *h, const char *p)
{
    struct attribute *attribute = html_attribute(h);
    if (*p == h->quote) {
        if (h->branched && h->within == PLACE_VALUE)
            fail(h->source, h->line, "%s= ends inside of a branch that began in its value", attribute->name);
        attribute->value.n = (size_t)(p - attribute->value.p);
        h->place = PLACE_AFTER;
    } else if (attribute->kind == ATTRIBUTE_URL) {
        if (h->url == URL_WHOLE)
            fail(h->source, h->line, "an expression that begins %s= must be its whole value", attribute->name);
        h->url = url_next(h, *p);
    }
}

static enum html_event in_name(struct html *h, char c)
{
    if (is_name(c)) {
        name_add(h, c);
        return HTML_NOTHING;
    }
    if (h->place == PLACE_ATTRIBUTE_NAME && c == '=') {
        attribute_named(h);
        h->place = PLACE_EQUALS;
        return HTML_NOTHING;
    }
    html_settle(h);
    return in_tag(h, c);
}

enum html_event html_char(struct html *h, const char *p, unsigned line)
{
    char c = *p;
    h->line = line;
    switch (h->place) {
    case PLACE_CODE:
        if (c != '<' && strcmp(h->open[h->depth - 1].element->name, "script") == 0)
            fail(h->source, line, "a script's content belongs in a file of its own");
        /* fall through */
    case PLACE_TEXT:
    case PLACE_WORDS:
        if (c == '<')
            h->place = PLACE_OPEN;
        break;
    case PLACE_COMMENT:
        if (c == '>' && h->dashes >= 2)
            h->place = PLACE_TEXT;
        if (c == '!' && h->dashes >= 2)
            fail(h->source, line, "--! may end a comment for browsers");
        h->dashes = c == '-' ? h->dashes + 1 : 0;
        break;
    case PLACE_DOCTYPE:
        if (c == '>')
            h->place = PLACE_TEXT;
        break;
    case PLACE_OPEN: after_less_than(h, c); break;
    case PLACE_BANG: after_bang(h, c); break;
    case PLACE_END_NAME:
        if (c == '>')
            end_tag(h);
        else if (is_name(c))
            name_add(h, c);
        else
            fail(h->source, line, "only a name may stand in an end tag");
        break;
    case PLACE_TAG_NAME:
    case PLACE_ATTRIBUTE_NAME: return in_name(h, c);
    case PLACE_BLANK:
    case PLACE_AFTER: return in_tag(h, c);
    case PLACE_SLASH:
        if (c != '>')
            fail(h->source, line, "> must follow the / in <%s>", h->tag->name);
        return tag_end(h, true);
    case PLACE_EQUALS: value_begin(h, p); break;
    case PLACE_VALUE: in_value(h, p); break;
    }
    return HTML_NOTHING;
}
