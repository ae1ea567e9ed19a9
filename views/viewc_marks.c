/* viewc_marks.c - the view language, written as C.
 *
 *   {% use "x_rows.h" %}                 a header for views.h
 *   {% view NAME(C PARAMETERS) %}…{% end %}      void view_NAME(struct out *o, …)
 *   {% subject NAME(C PARAMETERS) %}…{% end %}   the same, one line of text (only .txt)
 *   {# comment #}
 *   {{ EXPR }}   {{ rich("text *strong* %s", args) }}
 *   {% if C %}…{% elif C %}…{% else %}…{% end %}   {% for i in LIST %}…{% end %}   {% let name = EXPR %}
 *   {% include NAME(ARGUMENTS) %}
 *   {% content %}   makes the view a frame: view_NAME_begin and view_NAME_end, for {% wrap NAME(ARGUMENTS) %}…{% end %}
 *
 * Literal text is gathered and written by few out_raw calls; the author's C keeps its place by #line.
 */
#include "viewc.h"

#include <string.h>

static void rich(struct compiler *c, unsigned line, struct slice arguments)
{
    if (c->subject || (!compiler_plain(c) && c->html.place != PLACE_TEXT))
        fail(c->source, line, "rich() only in text");
    struct slice rest, sentence = c_sentence(c->source, line, arguments, &rest);
    struct text before = {0}, after = {0};
    if (rest.n) /* xgettext gives it to the translators: what stands for each %s */
        text_printf(&before, "/* TRANSLATORS: the arguments are%.*s */ ", (int)rest.n - 1, rest.p + 1);
    text_printf(&before, "%s(o, out_tr(o, ", compiler_plain(c) ? "out_rich_plain" : "out_rich");
    text_printf(&after, ")%.*s);", (int)rest.n, rest.p);
    body_author(c, line, before.p, sentence, after.p);
}

static void expression(struct compiler *c, unsigned line, struct slice expr)
{
    if (!c->in_view)
        fail(c->source, line, "an expression outside of a view");
    if (!expr.n)
        fail(c->source, line, "an empty expression");
    body_blanks(c, false);
    struct slice name, arguments;
    if (c_call(expr, &name, &arguments) && slice_is(name, "rich")) {
        rich(c, line, arguments);
        return;
    }
    const char *escaper = c->subject          ? "out_line_value"
                          : compiler_plain(c) ? "out_plain_value"
                                              : html_escaper(&c->html, line);
    struct text before = {0};
    text_printf(&before, "%s(o, ", escaper);
    body_author(c, line, before.p, expr, ");");
}

static void statement_check(struct compiler *c, unsigned line, const char *word)
{
    if (!compiler_plain(c))
        html_statement(&c->html, line, word);
}

static void content_check(struct compiler *c, unsigned line, const char *word)
{
    if (c->subject || (!compiler_plain(c) && c->html.place != PLACE_TEXT))
        fail(c->source, line, "{%% %s %%} only in text", word);
}

static struct block *block_push(struct compiler *c, enum block_kind kind, unsigned line, const char *word)
{
    if (c->depth == BLOCKS)
        fail(c->source, line, "too many blocks inside of each other");
    struct block *block = &c->blocks[c->depth++];
    *block = (struct block){.kind = kind, .line = line};
    if (!compiler_plain(c))
        block->point = html_branch(&c->html, line, word);
    return block;
}

static void mark_if(struct compiler *c, unsigned line, struct slice rest)
{
    if (!rest.n)
        fail(c->source, line, "{%% if CONDITION %%}");
    block_push(c, BLOCK_IF, line, "if");
    body_author(c, line, "if (", rest, ") {");
}

static void mark_else(struct compiler *c, unsigned line, struct slice rest, bool last)
{
    struct block *block = c->depth ? &c->blocks[c->depth - 1] : NULL;
    const char *word = last ? "else" : "elif";
    if (!block || block->kind != BLOCK_IF)
        fail(c->source, line, "{%% %s %%} without its {%% if %%}", word);
    if (last != !rest.n)
        fail(c->source, line, last ? "{%% else %%} has no condition" : "{%% elif CONDITION %%}");
    if (!compiler_plain(c))
        html_branch_next(&c->html, &block->point, line);
    if (last) {
        block->kind = BLOCK_ELSE;
        body_flush(c);
        text_printf(&c->body, "    } else {\n");
    } else {
        body_author(c, line, "} else if (", rest, ") {");
    }
}

static void mark_for(struct compiler *c, unsigned line, struct slice rest)
{
    struct slice name = c_word(&rest), in = c_word(&rest);
    if (!c_identifier(name) || !slice_is(in, "in") || !rest.n)
        fail(c->source, line, "{%% for NAME in LIST %%}");
    block_push(c, BLOCK_FOR, line, "for");
    unsigned i = ++c->loops;
    struct text before = {0}, item = {0};
    text_printf(&before, "{ const __auto_type viewc_list%u = (", i);
    text_printf(&item, " = &viewc_list%u.v[viewc_i%u];", i, i);
    body_author(c, line, before.p, rest, ");");
    text_printf(&c->body, "    for (size_t viewc_i%u = 0; viewc_i%u < viewc_list%u.n; viewc_i%u++) {\n", i, i, i, i);
    body_author(c, line, "const __auto_type ", name, item.p);
    text_printf(&c->body, "    (void)%.*s;\n", (int)name.n, name.p);
}

static void mark_let(struct compiler *c, unsigned line, struct slice rest)
{
    struct slice name = c_word(&rest);
    if (!c_identifier(name) || rest.n < 2 || rest.p[0] != '=' || rest.p[1] == '=')
        fail(c->source, line, "{%% let NAME = EXPRESSION %%}");
    statement_check(c, line, "let");
    struct text before = {0};
    text_printf(&before, "const __auto_type %.*s = ", (int)name.n, name.p);
    body_author(c, line, before.p, slice_trim((struct slice){rest.p + 1, rest.n - 1}), ";");
}

static void call_view(struct compiler *c, unsigned line, struct slice name, const char *part, struct slice arguments)
{
    struct text before = {0};
    text_printf(&before, "view_%.*s%s(o%s", (int)name.n, name.p, part, arguments.n ? ", " : "");
    body_author(c, line, before.p, arguments, ");");
}

static void mark_call(struct compiler *c, unsigned line, struct slice rest, bool wrap)
{
    const char *word = wrap ? "wrap" : "include";
    struct slice name, arguments;
    if (!c_call(rest, &name, &arguments))
        fail(c->source, line, "{%% %s NAME(ARGUMENTS) %%}", word);
    content_check(c, line, word);
    if (wrap) {
        struct block *block = block_push(c, BLOCK_WRAP, line, word);
        block->name = name;
        block->arguments = arguments;
    }
    call_view(c, line, name, wrap ? "_begin" : "", arguments);
}

static void mark_content(struct compiler *c, unsigned line)
{
    content_check(c, line, "content");
    if (c->frame)
        fail(c->source, line, "a second {%% content %%} in this view");
    for (size_t i = 0; i < c->depth; i++)
        if (c->blocks[i].kind != BLOCK_WRAP)
            fail(c->source, line, "{%% content %%} in a branch or loop");
    body_flush(c);
    c->frame = true;
    c->begin = c->body;
    c->body = (struct text){0};
}

static void mark_end(struct compiler *c, unsigned line)
{
    if (!c->depth) {
        view_end(c, line);
        return;
    }
    struct block *block = &c->blocks[--c->depth];
    if (!compiler_plain(c))
        html_branch_end(&c->html, &block->point, line);
    if (block->kind == BLOCK_WRAP) {
        call_view(c, line, block->name, "_end", block->arguments);
        return;
    }
    body_flush(c);
    text_printf(&c->body, block->kind == BLOCK_FOR ? "    }}\n" : "    }\n");
}

static void mark_in_view(struct compiler *c, unsigned line, struct slice word, struct slice rest)
{
    body_blanks(c, slice_is(word, "end") && !c->depth);
    if (slice_is(word, "if"))
        mark_if(c, line, rest);
    else if (slice_is(word, "elif") || slice_is(word, "else"))
        mark_else(c, line, rest, slice_is(word, "else"));
    else if (slice_is(word, "for"))
        mark_for(c, line, rest);
    else if (slice_is(word, "let"))
        mark_let(c, line, rest);
    else if (slice_is(word, "include") || slice_is(word, "wrap"))
        mark_call(c, line, rest, slice_is(word, "wrap"));
    else if (slice_is(word, "content") && !rest.n)
        mark_content(c, line);
    else if (slice_is(word, "end") && !rest.n)
        mark_end(c, line);
    else if (slice_is(word, "view") || slice_is(word, "subject") || slice_is(word, "use"))
        fail(c->source, line, "{%% %.*s %%} inside of view %.*s", (int)word.n, word.p, (int)c->name.n, c->name.p);
    else
        fail(c->source, line, "unknown mark {%% %.*s", (int)word.n, word.p);
}

static void mark(struct compiler *c, unsigned line, struct slice rest)
{
    struct slice word = c_word(&rest);
    if (c->in_view)
        mark_in_view(c, line, word, rest);
    else if (slice_is(word, "view") || slice_is(word, "subject"))
        view_begin(c, line, rest, slice_is(word, "subject"));
    else if (slice_is(word, "use"))
        view_use(c, line, rest);
    else
        fail(c->source, line, "{%% %.*s %%} outside of a view", (int)word.n, word.p);
}

/* ---- the file ---- */

static void comment_skip(struct compiler *c)
{
    const char *start = c->at;
    for (c->at += 2; c->at + 1 < c->source->end; c->at++) {
        if (c->at[0] == '#' && c->at[1] == '}') {
            c->at += 2;
            return;
        }
    }
    c->at = start;
    fail(c->source, c->line, "this comment does not end");
}

/* The mark from `start` to c->at is all of its line: then *indent is what stands before it. */
static bool mark_alone(const struct compiler *c, const char *start, size_t *indent)
{
    const char *p = start, *end = c->at;
    while (p > c->source->start && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    while (end < c->source->end && (*end == ' ' || *end == '\t' || *end == '\r'))
        end++;
    *indent = (size_t)(start - p);
    return (p == c->source->start || p[-1] == '\n') && (end == c->source->end || *end == '\n');
}

/* Behind a mark that was alone: the line vanishes; where blanks collapse, also the next one's indentation. */
static void line_skip(struct compiler *c)
{
    while (c->at < c->source->end && *c->at != '\n')
        c->at++;
    if (c->at < c->source->end) {
        c->at++;
        c->line++;
    }
    while (body_collapses(c) && c->at < c->source->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
}

static void mark_read(struct compiler *c)
{
    const char *start = c->at;
    char opener = start[1];
    struct slice inner = {start, 0};
    unsigned line = c->line;
    if (opener == '#')
        comment_skip(c);
    else
        inner = c_scan(c->source, start + 2, opener == '{' ? '}' : '%', line, &c->at);
    for (const char *p = start; p < c->at; p++) {
        c->line += *p == '\n';
        line += *p == '\n' && p < inner.p;
    }

    struct slice rest = inner, word = c_word(&rest);
    bool writes = opener == '{' || slice_is(word, "include") || slice_is(word, "content");
    bool vanishes = !c->in_view || compiler_plain(c) ? opener != '{' : !writes && body_collapses(c);
    size_t indent;
    vanishes = vanishes && mark_alone(c, start, &indent);
    if (vanishes && c->in_view && compiler_plain(c) && !c->subject)
        c->raw.n -= indent; /* it was read as text; in HTML it is part of a run of blanks */

    if (opener == '{')
        expression(c, line, inner);
    else if (opener == '%')
        mark(c, line, inner);
    if (vanishes)
        line_skip(c);
}

void marks_compile(struct program *program, struct source *source)
{
    struct compiler *c = viewc_alloc(sizeof *c);
    c->program = program;
    c->source = source;
    c->at = source->start;
    c->line = 1;
    text_printf(&source->code,
                "/* Generated by viewc from %s. */\n#include \"views.h\"\n\n#include \"arena.h\"\n\n"
                "#define tr(s) out_tr(o, s)\n"
                "#define trc(context, s) out_trc(o, context, s)\n"
                "#define trn(one, many, n) out_trn(o, one, many, n)\n"
                "#define trf(format, ...) arena_printf(o->arena, out_tr(o, format), __VA_ARGS__)\n"
                "#define trnf(one, many, n, ...) arena_printf(o->arena, out_trn(o, one, many, n), __VA_ARGS__)\n\n",
                source->path);
    while (c->at < source->end) {
        if (c->at[0] == '{' && c->at + 1 < source->end && strchr("{%#", c->at[1]))
            mark_read(c);
        else
            body_literal(c);
    }
    if (c->depth)
        fail(source, c->blocks[c->depth - 1].line, "this block is never ended");
    if (c->in_view)
        fail(source, c->view_line, "view %.*s is never ended", (int)c->name.n, c->name.p);
}
