/* viewc_body.c - what a view's C function does: literal text in few out_raw calls, and the author's C at its place.
 *
 * Blanks: in text, a run with a newline becomes that newline, and a view neither begins nor ends with one; a mail's
 * subject has blanks instead of newlines. Everything else stays as written.
 */
#include "viewc.h"

#include <string.h>

bool compiler_plain(const struct compiler *c)
{
    return c->source->kind == KIND_MAIL_TEXT;
}

void body_line(const struct compiler *c, struct text *code, unsigned line)
{
    text_printf(code, "#line %u \"%s\"\n", line, c->source->path);
}

static void string_write(struct text *code, struct text raw)
{
    text_add(code, "\"", 1);
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char byte = (unsigned char)raw.p[i];
        if (byte == '\n')
            text_printf(code, i + 1 < raw.n ? "\\n\"\n            \"" : "\\n");
        else if (byte == '"' || byte == '\\')
            text_printf(code, "\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f || byte == '?')
            text_printf(code, "\\%03o", byte);
        else
            text_add(code, &raw.p[i], 1);
    }
    text_add(code, "\"", 1);
}

/* What is left of the run of blanks: a newline stands for any run that has one; at either end of a view, nothing. */
void body_blanks(struct compiler *c, bool end)
{
    if (c->blanks.n && (c->subject || c->newline) && (end || !c->started))
        ;
    else if (c->blanks.n && c->newline)
        text_add(&c->raw, c->subject ? " " : "\n", 1);
    else if (c->blanks.n)
        text_add(&c->raw, c->blanks.p, c->blanks.n);
    c->blanks.n = 0;
    c->newline = false;
    c->started = true;
}

void body_flush(struct compiler *c)
{
    if (c->raw.n) {
        text_printf(&c->body, "    out_raw(o, ");
        string_write(&c->body, c->raw);
        text_printf(&c->body, ", %zu);\n", c->raw.n);
    }
    c->raw.n = 0;
}

/* Line the author's C up: before, the C, after; on a line of its own that points into the view. */
void body_author(struct compiler *c, unsigned line, const char *before, struct slice author, const char *after)
{
    body_flush(c);
    body_line(c, &c->body, line);
    text_printf(&c->body, "    %s%.*s%s\n", before, (int)author.n, author.p, after);
}

/* ---- literal text ---- */

static bool is_blank(char b)
{
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
}

/* Blanks may be collapsed here. */
bool body_collapses(const struct compiler *c)
{
    return compiler_plain(c) ? c->subject : c->html.place == PLACE_TEXT && !html_keeps_blanks(&c->html);
}

static void literal_html(struct compiler *c)
{
    enum place before = c->html.place;
    enum html_event event = html_char(&c->html, c->at, c->line);
    bool tag = before == PLACE_TAG_NAME || before == PLACE_ATTRIBUTE_NAME || before == PLACE_BLANK ||
               before == PLACE_AFTER;
    if (!tag || !is_blank(*c->at))
        text_add(&c->raw, c->at, 1);
    else if (before != PLACE_BLANK)
        text_add(&c->raw, " ", 1);
    if (event == HTML_POST_FORM) {
        body_flush(c);
        text_printf(&c->body, "    out_csrf(o);\n");
    }
    /* Browsers drop a newline that begins a textarea or pre: without this one they would drop the value's. */
    if (event == HTML_NEWLINE && c->at + 1 < c->source->end && c->at[1] != '\n')
        text_add(&c->raw, "\n", 1);
}

void body_literal(struct compiler *c)
{
    char byte = *c->at;
    if (!c->in_view) {
        if (!is_blank(byte))
            fail(c->source, c->line, "text outside of a view");
    } else if (body_collapses(c) && is_blank(byte)) {
        text_add(&c->blanks, &byte, 1);
        c->newline |= byte == '\n';
    } else {
        body_blanks(c, false);
        if (compiler_plain(c))
            text_add(&c->raw, &byte, 1);
        else
            literal_html(c);
    }
    c->line += byte == '\n';
    c->at++;
}
