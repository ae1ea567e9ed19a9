/* viewc.h - the view compiler's parts: viewc.c (files), viewc_marks.c (the marks, written as C), viewc_c.c (the
 * author's C in them), viewc_view.c (a view's beginning and end), viewc_body.c (literal text), viewc_html.c (where in the HTML we are),
 * viewc_place.c (what a mark may be there) and viewc_lint.c (what each element and attribute may be).
 *
 * A build tool: memory lives until the end, the first error of a file ends that file.
 */
#ifndef VIEWS_VIEWC_H
#define VIEWS_VIEWC_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

/* A piece of a source, or of anything that stays. */
struct slice {
    const char *p;
    size_t n;
};

bool slice_is(struct slice s, const char *text);
bool slice_equal(struct slice a, struct slice b);
struct slice slice_trim(struct slice s);

/* Growing text, NUL-terminated once something was added. */
struct text {
    char *p;
    size_t n, room;
};

void text_add(struct text *t, const char *p, size_t n);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Zeroed, until the end of the program. */
void *viewc_alloc(size_t n) __attribute__((returns_nonnull));

enum kind { KIND_PAGE, KIND_MAIL_HTML, KIND_MAIL_TEXT };

struct source {
    const char *path; /* as given: it stands in messages and #line */
    const char *start, *end;
    enum kind kind;
    char name[128];    /* of the C file, without ".c" */
    struct text code;  /* becomes that file */
    jmp_buf failed;
};

/* "path:line: message" on standard error; the file is given up. */
_Noreturn void fail(struct source *s, unsigned line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What the whole invocation shares. */
struct program {
    struct text uses;       /* #include lines of views.h */
    struct text prototypes; /* the rest of it */
    struct view_name *names;
    struct view_use *headers; /* already included */
};

void marks_compile(struct program *program, struct source *source);

/* ---- the author's C ---- */

/* From p, behind "{{" or "{%" (closer '}' or '%'), to the mark's end, trimmed; *end is behind the mark. What could
 * break out of an expression is refused. */
struct slice c_scan(struct source *s, const char *p, char closer, unsigned line, const char **end);

/* NAME(ARGUMENTS), nothing behind. */
bool c_call(struct slice s, struct slice *name, struct slice *arguments);

bool c_identifier(struct slice s);

/* The first word of s, which becomes what follows it. */
struct slice c_word(struct slice *s);

/* The literal sentence that a rich() begins with; *rest becomes what follows it, with its comma. */
struct slice c_sentence(struct source *s, unsigned line, struct slice arguments, struct slice *rest);

/* ---- HTML ---- */

enum {
    ELEMENT_VOID = 1,
    ELEMENT_BLOCK = 2,  /* cannot stand inside of <p> */
    ELEMENT_SVG = 4,
    ELEMENT_SINGLE = 8, /* not inside of itself */
    ELEMENT_PAGE = 16,  /* not in mail */
    ELEMENT_WORDS = 32, /* text without elements: textarea, title */
    ELEMENT_CODE = 64,  /* script, style */
    ELEMENT_FIELD = 128,
};

struct element {
    const char *name;
    unsigned flags;
};

enum attribute_kind { ATTRIBUTE_TEXT, ATTRIBUTE_URL, ATTRIBUTE_LITERAL, ATTRIBUTE_STYLE /* in mail: a colour may stand in it */ };

struct attribute {
    char name[32]; /* in lower case */
    struct slice value;
    enum attribute_kind kind;
    bool has_value;
    bool dynamic; /* holds a mark */
    bool branch;  /* stands in an {% if %} */
    bool hidden;  /* stands in another branch than the one being read */
};

enum place {
    PLACE_TEXT, PLACE_WORDS, PLACE_CODE, PLACE_COMMENT, PLACE_DOCTYPE, PLACE_OPEN, PLACE_BANG, PLACE_END_NAME,
    PLACE_TAG_NAME, PLACE_BLANK /* an attribute may begin */, PLACE_AFTER /* a blank must come first */, PLACE_SLASH,
    PLACE_ATTRIBUTE_NAME, PLACE_EQUALS, PLACE_VALUE,
};

/* Inside a URL attribute. */
enum url { URL_START, URL_OPEN /* a value could still choose the host */, URL_PATH, URL_QUERY, URL_WHOLE };

/* A form field's id, or a label's for. */
struct label {
    struct label *next;
    struct slice text;
    const char *element;
    unsigned line;
};

enum { HTML_DEPTH = 64, HTML_ATTRIBUTES = 32 };

struct html {
    struct source *source;
    enum place place;
    unsigned line;

    struct {
        const struct element *element;
        unsigned line;
    } open[HTML_DEPTH];
    size_t depth;

    char name[32]; /* being read: of an element or an attribute */
    size_t name_n;

    const struct element *tag;
    unsigned tag_line;
    struct attribute attributes[HTML_ATTRIBUTES];
    size_t attribute_n;
    char quote;
    enum url url;
    char url_head[8];
    size_t url_head_n;
    unsigned dashes;

    /* The innermost branch: where it began, and how many elements were open. */
    bool branched;
    enum place within;
    size_t floor;

    struct label *labels, *fields;
};

/* Where a branch began; the rest remembers the branch around it. */
struct html_point {
    enum place place;
    size_t depth, attribute_n;
    enum url url;
    bool after;
    bool outer_branched;
    enum place outer_within;
    size_t outer_floor;
};

enum html_event { HTML_NOTHING, HTML_POST_FORM, HTML_NEWLINE /* which browsers drop */ };

void html_start(struct html *h, struct source *source);

/* The author's next character. Says what was just opened, when the compiler must write something there. */
enum html_event html_char(struct html *h, const char *p, unsigned line);

/* A mark or a '>' ends the name that is being read. */
void html_settle(struct html *h);

/* The attribute being read. */
struct attribute *html_attribute(struct html *h);

/* The macro that writes an expression here. */
const char *html_escaper(struct html *h, unsigned line);

/* Refuse a statement where branches are not possible. */
void html_statement(struct html *h, unsigned line, const char *word);

struct html_point html_branch(struct html *h, unsigned line, const char *word);
void html_branch_next(struct html *h, struct html_point *point, unsigned line);
void html_branch_end(struct html *h, struct html_point *point, unsigned line);

/* The view ends: everything must be closed. */
void html_finish(struct html *h, unsigned line);

/* Blanks mean something here: pre, textarea. */
bool html_keeps_blanks(const struct html *h);

bool html_inside(const struct html *h, const char *element);

/* ---- lints ---- */

/* The element called h->name, allowed here. */
const struct element *lint_element(struct html *h);

/* The attribute called h->name is new and allowed: its kind. */
enum attribute_kind lint_attribute(struct html *h);

/* The tag is complete. */
void lint_tag(struct html *h);

/* The view is complete: every field has its label. */
void lint_labels(struct html *h);

struct attribute *lint_find(struct html *h, const char *name);

/* ---- one file being compiled ---- */

enum { BLOCKS = 64 };

enum block_kind { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR, BLOCK_WRAP };

struct block {
    enum block_kind kind;
    unsigned line;
    struct html_point point;
    struct slice name, arguments; /* of a wrap */
};

struct compiler {
    struct program *program;
    struct source *source;
    const char *at;
    unsigned line;

    bool in_view, subject;
    struct slice name, parameters;
    unsigned view_line;
    struct text body, begin; /* C; `begin` is what came before {% content %} */
    bool frame;

    struct text raw;    /* literal text that is not yet in the body */
    struct text blanks; /* a run of blanks that ends the raw text */
    bool newline;       /* one of them is a newline */
    bool started;       /* something was written before them */

    struct html html;
    struct block blocks[BLOCKS];
    size_t depth;
    unsigned loops;
};

bool compiler_plain(const struct compiler *c);

/* {% view … %} or {% subject … %}, its {% end %}, and {% use … %}. */
void view_begin(struct compiler *c, unsigned line, struct slice rest, bool subject);
void view_end(struct compiler *c, unsigned line);
void view_use(struct compiler *c, unsigned line, struct slice header);

/* The next character of the view's text. */
void body_literal(struct compiler *c);

/* Runs of blanks collapse here. */
bool body_collapses(const struct compiler *c);

/* Decide about the run of blanks read last. At either end of a view it is nothing. */
void body_blanks(struct compiler *c, bool end);

/* Literal text so far becomes an out_raw. */
void body_flush(struct compiler *c);

/* before, the author's C, after; the compiler is told that it stands in this line of the view. */
void body_author(struct compiler *c, unsigned line, const char *before, struct slice author, const char *after);
void body_line(const struct compiler *c, struct text *code, unsigned line);

#endif
