/* viewc_place.c - what a mark may be in the place where it stands.
 *
 * html_escaper() names the escaper of that place or refuses. All branches of an {% if %} must end in the place where they began, with the
 * same elements open, so that whatever follows is read in one place.
 */
#include "viewc.h"

#include <string.h>

static const char *const place_names[] = {
    [PLACE_TEXT] = "text",
    [PLACE_WORDS] = "textarea or title",
    [PLACE_CODE] = "script or style",
    [PLACE_COMMENT] = "a comment",
    [PLACE_DOCTYPE] = "the doctype",
    [PLACE_OPEN] = "the beginning of a tag",
    [PLACE_BANG] = "<!",
    [PLACE_END_NAME] = "an end tag",
    [PLACE_TAG_NAME] = "a tag's name",
    [PLACE_BLANK] = "a tag",
    [PLACE_AFTER] = "a tag",
    [PLACE_SLASH] = "a tag",
    [PLACE_ATTRIBUTE_NAME] = "an attribute's name",
    [PLACE_EQUALS] = "an unquoted attribute value",
    [PLACE_VALUE] = "an attribute value",
};

const char *html_escaper(struct html *h, unsigned line)
{
    h->line = line;
    if (h->place == PLACE_TEXT || h->place == PLACE_WORDS)
        return "out_value";
    if (h->place != PLACE_VALUE)
        fail(h->source, line, "no expression in %s", place_names[h->place]);

    struct attribute *attribute = html_attribute(h);
    attribute->dynamic = true;
    if (attribute->kind == ATTRIBUTE_TEXT)
        return "out_attribute_value";
    if (attribute->kind == ATTRIBUTE_STYLE)
        return "out_style_value";
    if (attribute->kind == ATTRIBUTE_LITERAL)
        fail(h->source, line, "no expression in %s=", attribute->name);
    switch (h->url) {
    case URL_START: h->url = URL_WHOLE; return "out_url";
    case URL_PATH: return "out_segment_value";
    case URL_QUERY: return "out_query_value";
    case URL_WHOLE: fail(h->source, line, "an expression that begins %s= must be its whole value", attribute->name);
    case URL_OPEN: break;
    }
    fail(h->source, line, "the value could choose the host: %s= must begin with /word, ?, # or mailto:",
         attribute->name);
}

void html_statement(struct html *h, unsigned line, const char *word)
{
    h->line = line;
    html_settle(h);
    bool tag = h->place == PLACE_BLANK || h->place == PLACE_AFTER;
    if (h->place != PLACE_TEXT && h->place != PLACE_WORDS && h->place != PLACE_VALUE && !tag)
        fail(h->source, line, "no {%% %s %%} in %s", word, place_names[h->place]);
    if (tag && strcmp(word, "for") == 0)
        fail(h->source, line, "no {%% for %%} in a tag: it would repeat attributes");
    if (h->place != PLACE_VALUE)
        return;
    struct attribute *attribute = html_attribute(h);
    attribute->dynamic = true;
    if (attribute->kind == ATTRIBUTE_LITERAL || attribute->kind == ATTRIBUTE_STYLE)
        fail(h->source, line, "no {%% %s %%} in %s=", word, attribute->name);
    if (attribute->kind == ATTRIBUTE_URL && h->url != URL_PATH && h->url != URL_QUERY)
        fail(h->source, line, "no {%% %s %%} where %s= begins: use one expression, a ? b : c", word, attribute->name);
}

struct html_point html_branch(struct html *h, unsigned line, const char *word)
{
    html_statement(h, line, word);
    struct html_point point = {
        .place = h->place, .depth = h->depth, .attribute_n = h->attribute_n, .url = h->url,
        .after = h->place == PLACE_AFTER,
        .outer_branched = h->branched, .outer_within = h->within, .outer_floor = h->floor,
    };
    h->branched = true;
    h->within = h->place;
    h->floor = h->depth;
    return point;
}

void html_branch_next(struct html *h, struct html_point *point, unsigned line)
{
    h->line = line;
    html_settle(h);
    if (h->depth != point->depth)
        fail(h->source, line, "<%s> of line %u is not closed in this branch", h->open[h->depth - 1].element->name,
             h->open[h->depth - 1].line);
    bool tag = (point->place == PLACE_BLANK || point->place == PLACE_AFTER) &&
               (h->place == PLACE_BLANK || h->place == PLACE_AFTER);
    if (h->place != point->place && !tag)
        fail(h->source, line, "a branch that began in %s ends in %s", place_names[point->place], place_names[h->place]);
    point->after |= h->place == PLACE_AFTER;
    h->place = point->place;
    h->url = point->url;
    if (tag)
        for (size_t i = point->attribute_n; i < h->attribute_n; i++)
            h->attributes[i].hidden = true;
}

void html_branch_end(struct html *h, struct html_point *point, unsigned line)
{
    html_branch_next(h, point, line);
    if (point->place == PLACE_BLANK || point->place == PLACE_AFTER) {
        /* Any of the branches may have been the one taken: assume the one that needs more care. */
        h->place = point->after ? PLACE_AFTER : PLACE_BLANK;
        for (size_t i = point->attribute_n; i < h->attribute_n; i++)
            h->attributes[i].hidden = false;
    }
    h->branched = point->outer_branched;
    h->within = point->outer_within;
    h->floor = point->outer_floor;
}

void html_finish(struct html *h, unsigned line)
{
    if (h->place != PLACE_TEXT && h->place != PLACE_WORDS && h->place != PLACE_CODE)
        fail(h->source, line, "the view ends in %s", place_names[h->place]);
    if (h->depth)
        fail(h->source, h->open[h->depth - 1].line, "<%s> is never closed", h->open[h->depth - 1].element->name);
    lint_labels(h);
}
