/* queryc_sql.c - the statement itself: where it ends, its parameters and pieces, and what is refused in it.
 *
 * Only as much of SQL is understood as it takes to know what is text in quotes and what is not. The statement comes
 * out in one line, without comments, with ? for each :name.
 */
#include "queryc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum token_kind {
    TOKEN_END,
    TOKEN_BAD,
    TOKEN_BLANK, /* blanks and comments */
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_QUOTED,
    TOKEN_PARAMETER,
    TOKEN_PIECE,
    TOKEN_SEMICOLON,
    TOKEN_SIGN
};

struct token {
    enum token_kind kind;
    const char *p; /* of parameter and piece: the name alone */
    size_t n;
    unsigned line;
    const char *problem; /* of TOKEN_BAD */
};

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The end of what began with a quote at p, or NULL. A doubled quote reads as two pieces of text, which does no harm. */
static const char *quote_end(const char *p)
{
    char quote = *p++;
    for (; *p && *p != quote; p++)
        if (*p == '\\' && quote != '`' && p[1]) p++;
    return *p ? p + 1 : NULL;
}

static const char *blank_end(const char *p)
{
    for (;;) {
        if (isspace((unsigned char)*p)) p++;
        else if (p[0] == '-' && p[1] == '-' && (isspace((unsigned char)p[2]) || !p[2])) p += strcspn(p, "\n");
        else return p;
    }
}

static const char *sign_problem(const char *p)
{
    if (*p == '?') return "write :name for a parameter, not ?";
    if (*p == ':') return "a : stands before a parameter's name";
    if (*p == '$') return "a $ stands before a piece's name";
    if (*p == '@') return "variables are refused";
    if (*p == '#' || (p[0] == '/' && p[1] == '*')) return "a comment begins with --";
    return NULL;
}

/* The kind of what stands at t->p, and its length. */
static void token_measure(struct token *t)
{
    const char *p = t->p, *end;
    if (!*p) {
        t->kind = TOKEN_END;
    } else if ((end = blank_end(p)) != p) {
        t->kind = TOKEN_BLANK;
        t->n = (size_t)(end - p);
    } else if (*p == '\'' || *p == '"' || *p == '`') {
        end = quote_end(p);
        t->kind = end ? TOKEN_QUOTED : TOKEN_BAD;
        t->n = end ? (size_t)(end - p) : 1;
        t->problem = "a quote that is not closed";
    } else if ((*p == ':' || *p == '$') && islower((unsigned char)p[1])) {
        t->kind = *p == ':' ? TOKEN_PARAMETER : TOKEN_PIECE;
        for (t->p++; word_char(t->p[t->n]); t->n++) continue;
    } else if (word_char(*p)) {
        t->kind = isdigit((unsigned char)*p) ? TOKEN_NUMBER : TOKEN_WORD;
        while (word_char(p[t->n])) t->n++;
    } else {
        t->problem = sign_problem(p);
        t->kind = t->problem ? TOKEN_BAD : *p == ';' ? TOKEN_SEMICOLON : TOKEN_SIGN;
        t->n = 1;
    }
}

static struct token token_next(const char **p, unsigned *line)
{
    struct token t = {.p = *p, .line = *line};
    token_measure(&t);
    const char *end = t.p + t.n;
    for (const char *c = *p; c < end; c++)
        if (*c == '\n') ++*line;
    *p = end;
    return t;
}

static bool token_is(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && strlen(word) == t->n && strncasecmp(t->p, word, t->n) == 0;
}

static bool token_is_sign(const struct token *t, char sign)
{
    return t->kind == TOKEN_SIGN && *t->p == sign;
}

/* Behind the first empty line from p on, or NULL when there is none within n octets. */
static const char *empty_line_end(const char *p, size_t n)
{
    bool empty = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n' && empty) return p + i + 1;
        if (p[i] == '\n') empty = true;
        else if (!isspace((unsigned char)p[i])) empty = false;
    }
    return NULL;
}

/* After a mistake: on behind the next empty line, so that it is reported once. */
static void statement_skip(const struct token *t, const char **p, unsigned *line)
{
    const char *end = empty_line_end(t->p, strlen(t->p));
    if (!end) end = t->p + strlen(t->p);
    *line = t->line;
    for (*p = t->p; *p < end; ++*p)
        if (**p == '\n') ++*line;
}

const char *sql_statement_read(const char *file, const char **p, unsigned *line)
{
    const char *begin = *p;
    for (;;) {
        struct token t = token_next(p, line);
        const char *problem = NULL;
        if (t.kind == TOKEN_BAD) problem = t.problem;
        else if (t.kind == TOKEN_END) problem = "the statement does not end with ;";
        else if (t.kind == TOKEN_BLANK && empty_line_end(t.p, t.n))
            problem = "an empty line inside the statement: is the ; missing?";
        else if (t.kind == TOKEN_SEMICOLON) {
            if (blank_end(*p) >= *p + strcspn(*p, "\n")) return queryc_text(begin, (size_t)(t.p - begin));
            problem = "one statement only, and nothing behind its ;";
        }
        if (!problem) continue;
        queryc_error((struct place){file, t.line}, "%s", problem);
        statement_skip(&t, p, line);
        return NULL;
    }
}

/* What is known while a statement is walked through. */
struct walk {
    struct query *query;
    FILE *out;
    bool blank;          /* a blank is due before the next token */
    struct token before; /* the last one that was not blank */
    struct token first;
    bool bad, where;
    int depth;         /* of parentheses */
    unsigned limit;    /* 1: behind LIMIT, 2: behind its first number */
    size_t piece_most; /* pieces before this one may be used: none inside itself */
};

static void walk_error(struct walk *w, const struct token *t, const char *message)
{
    struct place place = {w->query->source->path, t->line};
    queryc_error(place, "%s", message);
    w->bad = true;
}

/* A * that stands where a column could: not a product, not COUNT(*). */
static bool is_all_columns(const struct token *before)
{
    return token_is(before, "SELECT") || token_is(before, "DISTINCT") || token_is(before, "ALL") ||
           token_is(before, "STRAIGHT_JOIN") || token_is_sign(before, ',') || token_is_sign(before, '.');
}

static void walk_check(struct walk *w, const struct token *t)
{
    bool reads = w->query->result <= RESULT_MANY;
    if (token_is_sign(t, '(')) w->depth++;
    if (token_is_sign(t, ')')) w->depth--;
    if (token_is(t, "WHERE") && w->depth == 0) w->where = true;

    if (token_is_sign(t, '*') && is_all_columns(&w->before)) walk_error(w, t, "name the columns: * is refused");
    if (token_is(t, "OFFSET")) walk_error(w, t, "OFFSET is refused: page by key");
    if (token_is(t, "RETURNING")) walk_error(w, t, "RETURNING is not supported");
    if (token_is(t, "INTO") && reads) walk_error(w, t, "SELECT ... INTO is refused");

    if (token_is(t, "LIMIT")) w->limit = 1;
    else if (w->limit == 1) w->limit = 2;
    else {
        if (w->limit == 2 && token_is_sign(t, ','))
            walk_error(w, t, "LIMIT with two numbers is an OFFSET: page by key");
        w->limit = 0;
    }
}

static void walk_parameter(struct walk *w, const struct token *t)
{
    struct query *q = w->query;
    for (size_t i = 0; i < q->parameters.n; i++) {
        struct field *field = &q->parameters.v[i];
        if (strlen(field->name) != t->n || strncmp(field->name, t->p, t->n)) continue;
        field->used = true;
        PUSH(q->marks, q->mark_count, i);
        fputc('?', w->out);
        return;
    }
    queryc_error((struct place){q->source->path, t->line}, "parameter :%.*s is not declared", (int)t->n, t->p);
    w->bad = true;
}

static void walk_text(struct walk *w, const char *text, unsigned line);

static void walk_piece(struct walk *w, const struct token *t)
{
    for (size_t i = 0; i < w->piece_most; i++) {
        struct piece *piece = queryc.pieces[i];
        if (strlen(piece->name) != t->n || strncmp(piece->name, t->p, t->n) ||
            piece->place.file != w->query->source->path)
            continue;
        piece->used = true;
        size_t most = w->piece_most;
        w->piece_most = i;
        walk_text(w, piece->text, piece->line);
        w->piece_most = most;
        return;
    }
    queryc_error((struct place){w->query->source->path, t->line}, "no piece %.*s above here", (int)t->n, t->p);
    w->bad = true;
}

static void walk_text(struct walk *w, const char *text, unsigned line)
{
    for (;;) {
        struct token t = token_next(&text, &line);
        if (t.kind == TOKEN_END) return;
        if (t.kind == TOKEN_BLANK) {
            w->blank = true;
            continue;
        }
        if (t.kind == TOKEN_PIECE) {
            walk_piece(w, &t);
            w->blank = true;
            continue;
        }
        if (w->blank && w->first.p) fputc(' ', w->out);
        w->blank = false;
        if (!w->first.p) w->first = t;
        walk_check(w, &t);
        if (t.kind == TOKEN_PARAMETER) walk_parameter(w, &t);
        else fwrite(t.p, 1, t.n, w->out);
        w->before = t;
    }
}

static void check_verb(struct walk *w)
{
    const struct token *first = &w->first;
    bool changes = token_is(first, "UPDATE") || token_is(first, "DELETE");
    bool inserts = token_is(first, "INSERT");
    switch (w->query->result) {
    case RESULT_ONE:
    case RESULT_MANY:
        if (!token_is(first, "SELECT") && !token_is(first, "WITH"))
            walk_error(w, first, "one and many are for SELECT (or WITH ... SELECT)");
        break;
    case RESULT_EXEC:
    case RESULT_CHANGE:
        if (!changes && !inserts && !token_is(first, "REPLACE"))
            walk_error(w, first, "exec and change are for INSERT, UPDATE, DELETE and REPLACE");
        break;
    case RESULT_INSERT:
        if (!inserts) walk_error(w, first, "insert is for INSERT");
        break;
    }
    if (changes && !w->where) walk_error(w, first, "UPDATE and DELETE need a WHERE of their own");
}

void sql_resolve(struct query *query, const char *text, unsigned line)
{
    char *sql = NULL;
    size_t size = 0;
    struct walk w = {.query = query, .out = open_memstream(&sql, &size), .piece_most = queryc.piece_count};
    if (!w.out) abort();
    walk_text(&w, text, line);
    fclose(w.out);
    query->sql = sql;

    if (!w.first.p) {
        queryc_error(query->place, "%s has no statement", query->name);
        return;
    }
    check_verb(&w);
    if (w.depth != 0 && !w.bad) walk_error(&w, &w.first, "parentheses do not match");
    if (w.bad) return;
    for (size_t i = 0; i < query->parameters.n; i++)
        if (!query->parameters.v[i].used)
            queryc_error(query->place, "parameter %s is not used", query->parameters.v[i].name);
}
