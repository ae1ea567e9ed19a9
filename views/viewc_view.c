/* viewc_view.c - a view begins and ends: its name, which no other view has, its C function, and the headers that views.h includes. */
#include "viewc.h"

/* Every view of the invocation, and every header. */
struct view_name {
    struct view_name *next;
    struct slice name;
    const char *path;
    unsigned line;
};

struct view_use {
    struct view_use *next;
    struct slice header;
};

static void name_take(struct compiler *c, unsigned line)
{
    for (struct view_name *other = c->program->names; other; other = other->next)
        if (slice_equal(other->name, c->name))
            fail(c->source, line, "view %.*s is also defined in %s:%u", (int)c->name.n, c->name.p, other->path,
                 other->line);
    struct view_name *name = viewc_alloc(sizeof *name);
    *name = (struct view_name){c->program->names, c->name, c->source->path, line};
    c->program->names = name;
}

void view_begin(struct compiler *c, unsigned line, struct slice rest, bool subject)
{
    if (subject && !compiler_plain(c))
        fail(c->source, line, "{%% subject %%} only in .txt");
    if (!c_call(rest, &c->name, &c->parameters))
        fail(c->source, line, "{%% %s NAME(C PARAMETERS) %%}", subject ? "subject" : "view");
    name_take(c, line);
    c->in_view = true;
    c->subject = subject;
    c->view_line = line;
    c->body = c->begin = c->raw = c->blanks = (struct text){0};
    c->newline = c->started = c->frame = false;
    c->loops = 0;
    html_start(&c->html, c->source);
}

static void function_write(struct compiler *c, const char *part, struct text body)
{
    struct text head = {0};
    text_printf(&head, "void view_%.*s%s(struct out *o%s%.*s)", (int)c->name.n, c->name.p, part,
                c->parameters.n ? ", " : "", (int)c->parameters.n, c->parameters.n ? c->parameters.p : "");
    body_line(c, &c->program->prototypes, c->view_line);
    text_printf(&c->program->prototypes, "%s;\n", head.p);
    body_line(c, &c->source->code, c->view_line);
    text_printf(&c->source->code, "%s\n{\n    (void)o;\n%s}\n\n", head.p, body.n ? body.p : "");
}

void view_end(struct compiler *c, unsigned line)
{
    body_blanks(c, true);
    if (!compiler_plain(c))
        html_finish(&c->html, line);
    body_flush(c);
    if (c->frame) {
        /* Most parameters are for one of the two halves. */
        text_printf(&c->source->code, "#pragma GCC diagnostic push\n"
                                      "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n");
        function_write(c, "_begin", c->begin);
        function_write(c, "_end", c->body);
        text_printf(&c->source->code, "#pragma GCC diagnostic pop\n\n");
    } else {
        function_write(c, "", c->body);
    }
    c->in_view = c->subject = false;
}

void view_use(struct compiler *c, unsigned line, struct slice header)
{
    bool good = header.n > 4 && header.p[0] == '"' && header.p[header.n - 1] == '"';
    for (size_t i = 1; good && i + 1 < header.n; i++)
        good = header.p[i] != '"' && header.p[i] != '\n';
    if (!good)
        fail(c->source, line, "{%% use \"header.h\" %%}");
    for (struct view_use *use = c->program->headers; use; use = use->next)
        if (slice_equal(use->header, header))
            return;
    struct view_use *use = viewc_alloc(sizeof *use);
    *use = (struct view_use){c->program->headers, header};
    c->program->headers = use;
    body_line(c, &c->program->uses, line);
    text_printf(&c->program->uses, "#include %.*s\n", (int)header.n, header.p);
}
