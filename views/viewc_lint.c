/* viewc_lint.c - which elements and attributes views may use, and what each of them needs.
 *
 * Elements are a list of what is allowed, so a misspelled one is an error and nothing unknown to viewc_html.c gets in.
 */
#include "viewc.h"

#include <string.h>

enum {
    VOID = ELEMENT_VOID,
    BLOCK = ELEMENT_BLOCK,
    SVG = ELEMENT_SVG,
    SINGLE = ELEMENT_SINGLE,
    PAGE = ELEMENT_PAGE,
    WORDS = ELEMENT_WORDS,
    CODE = ELEMENT_CODE,
    FIELD = ELEMENT_FIELD,
};

static const struct element elements[] = {
    {"html", SINGLE}, {"head", SINGLE}, {"body", SINGLE}, {"title", WORDS}, {"meta", VOID}, {"link", VOID | PAGE},
    {"script", CODE | PAGE}, {"style", CODE}, {"noscript", PAGE},
    {"header", BLOCK}, {"footer", BLOCK}, {"main", BLOCK | SINGLE}, {"nav", BLOCK}, {"section", BLOCK},
    {"article", BLOCK}, {"aside", BLOCK}, {"address", BLOCK}, {"hgroup", BLOCK}, {"search", BLOCK}, {"div", BLOCK},
    {"h1", BLOCK}, {"h2", BLOCK}, {"h3", BLOCK}, {"h4", BLOCK}, {"h5", BLOCK}, {"h6", BLOCK},
    {"p", BLOCK}, {"hr", BLOCK | VOID}, {"pre", BLOCK}, {"blockquote", BLOCK}, {"ol", BLOCK}, {"ul", BLOCK},
    {"menu", BLOCK}, {"li", 0}, {"dl", BLOCK}, {"dt", 0}, {"dd", 0}, {"figure", BLOCK}, {"figcaption", BLOCK},
    {"details", BLOCK}, {"summary", 0}, {"dialog", BLOCK | PAGE},
    {"a", SINGLE}, {"em", 0}, {"strong", 0}, {"small", 0}, {"s", 0}, {"cite", 0}, {"q", 0}, {"dfn", 0}, {"abbr", 0},
    {"data", 0}, {"time", 0}, {"code", 0}, {"var", 0}, {"samp", 0}, {"kbd", 0}, {"sub", 0}, {"sup", 0}, {"i", 0},
    {"b", 0}, {"u", 0}, {"mark", 0}, {"bdi", 0}, {"bdo", 0}, {"span", 0}, {"ins", 0}, {"del", 0}, {"br", VOID},
    {"wbr", VOID}, {"img", VOID}, {"picture", PAGE}, {"source", VOID | PAGE}, {"center", BLOCK},
    {"table", BLOCK}, {"caption", 0}, {"colgroup", 0}, {"col", VOID}, {"thead", 0}, {"tbody", 0}, {"tfoot", 0},
    {"tr", 0}, {"th", 0}, {"td", 0},
    {"form", BLOCK | SINGLE | PAGE}, {"label", SINGLE | PAGE}, {"input", VOID | FIELD | PAGE},
    {"select", SINGLE | FIELD | PAGE}, {"textarea", WORDS | FIELD | PAGE}, {"button", SINGLE | PAGE},
    {"datalist", PAGE}, {"optgroup", PAGE}, {"option", SINGLE | PAGE}, {"output", PAGE}, {"progress", PAGE},
    {"meter", PAGE}, {"fieldset", BLOCK | PAGE}, {"legend", PAGE},
    {"svg", SVG}, {"g", SVG}, {"path", SVG}, {"circle", SVG}, {"ellipse", SVG}, {"rect", SVG}, {"line", SVG},
    {"polyline", SVG}, {"polygon", SVG}, {"text", SVG}, {"tspan", SVG}, {"use", SVG}, {"symbol", SVG}, {"defs", SVG},
    {"desc", SVG}, {"linearGradient", SVG}, {"radialGradient", SVG}, {"stop", SVG}, {"clipPath", SVG}, {"mask", SVG},
};

static const char *const url_attributes[] = {"href", "src",    "action", "formaction", "xlink:href",
                                             "cite", "poster", "data",   NULL};

/* Never with an expression: addresses in a syntax of their own, or words that change what the element does. */
static const char *const literal_attributes[] = {"method", "target",      "http-equiv", "srcset",   "imagesrcset",
                                                 "ping",   "formtarget",  "background", "manifest", "longdesc",
                                                 "rel",    "xlink:type",  "type",       NULL};

static bool listed(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

static const struct element *element_known(const char *name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcmp(elements[i].name, name) == 0)
            return &elements[i];
    return NULL;
}

const struct element *lint_element(struct html *h)
{
    const struct element *element = element_known(h->name);
    if (!element)
        fail(h->source, h->line, "unknown element <%s>", h->name);
    if (h->source->kind != KIND_PAGE && (element->flags & PAGE))
        fail(h->source, h->line, "no <%s> in mail", h->name);
    if (h->source->kind == KIND_PAGE && strcmp(h->name, "style") == 0)
        fail(h->source, h->line, "styles belong in views/static");
    bool svg = html_inside(h, "svg");
    if ((element->flags & SVG) && !svg && strcmp(h->name, "svg") != 0)
        fail(h->source, h->line, "<%s> outside of <svg>", h->name);
    if (svg && !(element->flags & SVG) && strcmp(h->name, "title") != 0)
        fail(h->source, h->line, "<%s> inside of <svg>", h->name);
    if ((element->flags & SINGLE) && html_inside(h, h->name))
        fail(h->source, h->line, "<%s> inside of <%s>", h->name, h->name);
    if ((element->flags & BLOCK) && html_inside(h, "p"))
        fail(h->source, h->line, "<%s> inside of <p>: browsers would end the paragraph", h->name);
    return element;
}

enum attribute_kind lint_attribute(struct html *h)
{
    const char *name = h->name;
    for (size_t i = 0; i < h->attribute_n; i++)
        if (!h->attributes[i].hidden && strcmp(h->attributes[i].name, name) == 0)
            fail(h->source, h->line, "%s= twice in <%s>", name, h->tag->name);
    if (strncmp(name, "on", 2) == 0)
        fail(h->source, h->line, "%s= never runs under our content security policy", name);
    if (strcmp(name, "style") == 0 && h->source->kind == KIND_PAGE)
        fail(h->source, h->line, "style= has no effect under our content security policy: use a class");
    if (strcmp(name, "srcdoc") == 0)
        fail(h->source, h->line, "no srcdoc=");
    if (strcmp(name, "formmethod") == 0)
        fail(h->source, h->line, "no formmethod=: the form's method decides about the CSRF field");
    if (listed(name, url_attributes))
        return ATTRIBUTE_URL;
    if (strcmp(name, "style") == 0)
        return ATTRIBUTE_STYLE;
    return listed(name, literal_attributes) ? ATTRIBUTE_LITERAL : ATTRIBUTE_TEXT;
}

struct attribute *lint_find(struct html *h, const char *name)
{
    for (size_t i = 0; i < h->attribute_n; i++)
        if (strcmp(h->attributes[i].name, name) == 0)
            return &h->attributes[i];
    return NULL;
}

static void check_word(struct html *h, const struct attribute *attribute, const char *const *words)
{
    for (; *words; words++)
        if (slice_is(attribute->value, *words))
            return;
    fail(h->source, h->tag_line, "unknown %s=\"%.*s\" of <%s>", attribute->name, (int)attribute->value.n,
         attribute->value.n ? attribute->value.p : "", h->tag->name);
}

/* Must be there, in no branch, and one of the words. */
static void need_word(struct html *h, const char *name, const char *const *words)
{
    struct attribute *attribute = lint_find(h, name);
    if (!attribute)
        fail(h->source, h->tag_line, "<%s> needs %s=", h->tag->name, name);
    if (attribute->branch)
        fail(h->source, h->tag_line, "%s= of <%s> must not stand in a branch", name, h->tag->name);
    check_word(h, attribute, words);
}

static void label_add(struct html *h, struct label **list, struct slice text)
{
    struct label *label = viewc_alloc(sizeof *label);
    *label = (struct label){.next = *list, .text = text, .element = h->tag->name, .line = h->tag_line};
    *list = label;
}

static void lint_field(struct html *h)
{
    static const char *const types[] = {"text",  "email", "password", "search", "tel",    "url",   "number",
                                        "date",  "time",  "month",    "week",   "hidden", "radio", "checkbox",
                                        "file",  "submit", "datetime-local", "range", "color", NULL};
    if (strcmp(h->tag->name, "input") == 0) {
        for (size_t i = 0; i < h->attribute_n; i++)
            if (strcmp(h->attributes[i].name, "type") == 0)
                check_word(h, &h->attributes[i], types);
        struct attribute *type = lint_find(h, "type");
        if (type && !type->branch && (slice_is(type->value, "hidden") || slice_is(type->value, "submit")))
            return;
    }
    if (html_inside(h, "label") || lint_find(h, "aria-label") || lint_find(h, "aria-labelledby"))
        return;
    struct attribute *id = lint_find(h, "id");
    if (!id)
        fail(h->source, h->tag_line, "<%s> needs a label: an id and a <label for=…>, or aria-label=", h->tag->name);
    label_add(h, &h->fields, id->value);
}

void lint_tag(struct html *h)
{
    static const char *const methods[] = {"get", "post", NULL};
    static const char *const buttons[] = {"submit", "button", "reset", NULL};
    const char *name = h->tag->name;

    if (strcmp(name, "form") == 0)
        need_word(h, "method", methods);
    if (strcmp(name, "button") == 0)
        need_word(h, "type", buttons);
    if (strcmp(name, "img") == 0 && !lint_find(h, "alt"))
        fail(h->source, h->tag_line, "<img> needs alt=");
    for (size_t i = 0; i < h->attribute_n; i++) {
        struct attribute *target = &h->attributes[i];
        if (strcmp(target->name, "target") == 0 && target->value.n == 6 &&
            strncasecmp(target->value.p, "_blank", 6) == 0)
            fail(h->source, h->tag_line, "no target=\"_blank\"");
    }
    struct attribute *content = lint_find(h, "content");
    if (content && content->dynamic && lint_find(h, "http-equiv"))
        fail(h->source, h->tag_line, "no expression in content= beside http-equiv=");
    if (strcmp(name, "label") == 0 && lint_find(h, "for"))
        label_add(h, &h->labels, lint_find(h, "for")->value);
    if (h->tag->flags & FIELD)
        lint_field(h);
}

void lint_labels(struct html *h)
{
    for (struct label *field = h->fields; field; field = field->next) {
        struct label *label = h->labels;
        while (label && !slice_equal(label->text, field->text))
            label = label->next;
        if (!label)
            fail(h->source, field->line, "<%s id=\"%.*s\"> has no <label for=\"%.*s\"> in this view", field->element,
                 (int)field->text.n, field->text.p, (int)field->text.n, field->text.p);
    }
}
