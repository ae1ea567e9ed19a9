/* queryc_read.c - reads the language of sql/queries:
 *
 *     -- enum invitation_status INVITATION_ pending accepted cancelled declined
 *
 *     -- piece account_open
 *     -- A description. The text can be put into the statements below as $account_open.
 *     closed_at IS NULL;
 *
 *     -- account_by_email(email_canon text) one account
 *     -- A description: at least one line.
 *     -- -> id u64, public_id id, email text, name text?,
 *     --    since time
 *     SELECT id, public_id, email, name, since FROM account WHERE email_canon = :email_canon AND $account_open;
 *
 * Kinds: one T, many T (SELECT, with a line of columns); exec, change, insert. Types: u64 i64 bool text bytes id hash
 * time and the enums of all files; ? behind it: NULL is possible. Names begin with the file's: account_... in
 * account.sql.
 */
#include "queryc.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Where the reader stands: always at the beginning of a line. */
struct cursor {
    const struct source *source;
    const char *p;
    unsigned line;
};

static struct place here(const struct cursor *c)
{
    return (struct place){c->source->path, c->line};
}

static bool starts(const char *p, const char *with)
{
    return strncmp(p, with, strlen(with)) == 0;
}

/* The rest of the line from `skip` octets on; the cursor goes to the next one. */
static char *line_take(struct cursor *c, size_t skip)
{
    size_t n = strcspn(c->p, "\n");
    char *text = queryc_text(c->p + skip, n > skip ? n - skip : 0);
    c->p += n + (c->p[n] == '\n');
    c->line++;
    return text;
}

static char *join(const char *a, const char *b)
{
    size_t n = strlen(a);
    char *text = queryc_alloc(n + strlen(b) + 2);
    memcpy(text, a, n);
    text[n] = '\n';
    memcpy(text + n + 1, b, strlen(b));
    return text;
}

static void skip_blanks(const char **p)
{
    while (isspace((unsigned char)**p)) ++*p;
}

/* The next word, or NULL when something else comes. */
static const char *take_word(const char **p)
{
    skip_blanks(p);
    size_t n = 0;
    while (isalnum((unsigned char)(*p)[n]) || (*p)[n] == '_') n++;
    if (!n) return NULL;
    const char *word = queryc_text(*p, n);
    *p += n;
    return word;
}

static bool take_sign(const char **p, char sign)
{
    skip_blanks(p);
    if (**p != sign) return false;
    ++*p;
    return true;
}

static const char *const forbidden[] = {
    "auto",     "break",  "case",   "char",   "const",    "continue", "default", "do",    "double", "else",  "enum",
    "extern",   "float",  "for",    "goto",   "if",       "inline",   "int",     "long",  "return", "short", "register",
    "restrict", "signed", "sizeof", "static", "struct",   "switch",   "typedef", "union", "void",   "while", "unsigned",
    "volatile", "asm",    "typeof", "bool",   "true",     "false",    "unix",    "linux", "i386",   "errno", "stdin",
    "db",       "row",    "list",   "new_id", "affected"};

/* A name that can become a name in C beside those that the generated code uses itself. */
static bool name_check(struct place place, const char *name)
{
    size_t n = strlen(name);
    bool good = islower((unsigned char)name[0]) && name[n - 1] != '_';
    for (size_t i = 0; i < n; i++)
        good = good && (islower((unsigned char)name[i]) || isdigit((unsigned char)name[i]) || name[i] == '_');
    if (!good) queryc_error(place, "%s: a name has lower-case letters, digits and _ inside", name);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (good && strcmp(name, forbidden[i]) == 0) {
            queryc_error(place, "%s: this name is taken", name);
            good = false;
        }
    return good;
}

/* Names begin with the subject, so that a name says where it stands. */
static bool subject_check(struct place place, const struct source *source, const char *name)
{
    size_t n = strlen(source->subject);
    if (!name_check(place, name)) return false;
    if (strncmp(name, source->subject, n) == 0 && name[n] == '_') return true;
    queryc_error(place, "%s: a name in this file begins with %s_", name, source->subject);
    return false;
}

/* ---- enums ---- */

static const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < queryc.kind_count; i++)
        if (strcmp(queryc.kinds[i]->name, name) == 0) return queryc.kinds[i];
    return NULL;
}

/* The constant of a value must be nobody else's. */
static void value_add(struct kind *kind, const char *value)
{
    char constant[200], other[200];
    snprintf(constant, sizeof constant, "%s%s", kind->prefix, value);
    for (size_t i = 0; i <= queryc.kind_count; i++) {
        const struct kind *k = i < queryc.kind_count ? queryc.kinds[i] : kind;
        for (size_t j = 0; j < k->n; j++) {
            snprintf(other, sizeof other, "%s%s", k->prefix, k->values[j]);
            if (strcasecmp(constant, other) == 0)
                queryc_error(kind->place, "%s has the constant of %s twice", kind->name, value);
        }
    }
    PUSH(kind->values, kind->n, value);
}

static bool prefix_check(struct place place, const char *prefix)
{
    size_t n = strlen(prefix);
    bool good = n > 1 && prefix[n - 1] == '_' && isupper((unsigned char)prefix[0]);
    for (size_t i = 0; i < n; i++)
        good = good && (isupper((unsigned char)prefix[i]) || isdigit((unsigned char)prefix[i]) || prefix[i] == '_');
    if (!good) queryc_error(place, "%s: the prefix of constants is written LIKE_THIS_", prefix);
    return good;
}

static void enum_read(struct place place, const char *p)
{
    struct kind *kind = queryc_alloc(sizeof *kind);
    kind->place = place;
    kind->name = take_word(&p);
    kind->prefix = take_word(&p);
    if (!kind->name || !kind->prefix) {
        queryc_error(place, "an enum is written: enum name PREFIX_ value value ...");
        return;
    }
    if (!name_check(place, kind->name) || !prefix_check(place, kind->prefix)) return;
    if (kind_find(kind->name)) {
        queryc_error(place, "enum %s is already declared at %s:%u", kind->name, kind_find(kind->name)->place.file,
                     kind_find(kind->name)->place.line);
        return;
    }
    for (const char *value; (value = take_word(&p));) value_add(kind, value);
    skip_blanks(&p);
    if (*p || !kind->n) queryc_error(place, "enum %s: its values are words", kind->name);
    PUSH(queryc.kinds, queryc.kind_count, kind);
}

void read_enums(const struct source *source)
{
    struct cursor c = {source, source->text, 1};
    while (*c.p) {
        struct place place = here(&c);
        const char *text = line_take(&c, 0);
        if (starts(text, "-- enum ")) enum_read(place, text + 8);
    }
}

/* ---- parameters and columns ---- */

static bool type_find(const char *name, struct field *field)
{
    static const char *const names[] = {"u64", "i64", "bool", "text", "bytes", "id", "hash", "time"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            field->type = (enum type)i;
            return true;
        }
    field->type = TYPE_ENUM;
    field->kind = kind_find(name);
    return field->kind != NULL;
}

/* `name type, name type?` up to the sign `end`, or up to the end of the text when that is 0. */
static bool fields_read(struct place place, const char **p, char end, struct fields *fields)
{
    if (end && take_sign(p, end)) return true;
    do {
        struct field field = {.name = take_word(p)};
        const char *type = field.name ? take_word(p) : NULL;
        if (!type) {
            queryc_error(place, "expected: name type, name type?, ...");
            return false;
        }
        if (!name_check(place, field.name)) return false;
        if (!type_find(type, &field)) {
            queryc_error(place, "%s: no type %s", field.name, type);
            return false;
        }
        field.nullable = **p == '?';
        if (field.nullable) ++*p;
        for (size_t i = 0; i < fields->n; i++)
            if (strcmp(fields->v[i].name, field.name) == 0) {
                queryc_error(place, "%s is named twice", field.name);
                return false;
            }
        PUSH(fields->v, fields->n, field);
    } while (take_sign(p, ','));
    skip_blanks(p);
    if (**p != end) {
        queryc_error(place, "expected , or %s", end ? "the closing parenthesis" : "the end of the columns");
        return false;
    }
    if (end) ++*p;
    return true;
}

static bool fields_equal(const struct fields *a, const struct fields *b)
{
    if (a->n != b->n) return false;
    for (size_t i = 0; i < a->n; i++) {
        const struct field *x = &a->v[i], *y = &b->v[i];
        if (strcmp(x->name, y->name) || x->type != y->type || x->kind != y->kind || x->nullable != y->nullable)
            return false;
    }
    return true;
}

/* The row struct of that name: declared now, or the same columns as before. */
static const struct row *row_use(struct place place, const struct source *source, const char *name,
                                 struct fields columns, bool many)
{
    for (size_t i = 0; i < queryc.row_count; i++) {
        struct row *row = queryc.rows[i];
        if (strcmp(row->name, name)) continue;
        if (!fields_equal(&row->columns, &columns))
            queryc_error(place, "%s has other columns at %s:%u", name, row->place.file, row->place.line);
        row->many |= many;
        return row;
    }
    if (kind_find(name)) queryc_error(place, "%s is an enum already", name);
    struct row *row = queryc_alloc(sizeof *row);
    *row = (struct row){place, source, name, columns, many};
    PUSH(queryc.rows, queryc.row_count, row);
    return row;
}

/* ---- queries and pieces ---- */

/* The lines of description, then those of columns; *columns is NULL without. */
static const char *description_read(struct cursor *c, const char **columns, struct place *columns_place)
{
    const char *description = NULL;
    while (starts(c->p, "--") && !starts(c->p, "-- ->")) {
        const char *line = line_take(c, 3);
        description = description ? join(description, line) : line;
    }
    if (!starts(c->p, "-- ->")) return description;
    *columns_place = here(c);
    *columns = line_take(c, 5);
    while (starts(c->p, "--  ")) *columns = join(*columns, line_take(c, 2));
    return description;
}

static bool result_find(const char *word, enum result *result)
{
    static const char *const names[] = {"one", "many", "exec", "change", "insert"};
    for (size_t i = 0; word && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], word) == 0) {
            *result = (enum result)i;
            return true;
        }
    return false;
}

/* `name(parameters) kind row`. *row is NULL for kinds without. */
static bool header_read(struct query *q, const char *p, const char **row)
{
    q->name = take_word(&p);
    if (!subject_check(q->place, q->source, q->name)) return false;
    for (size_t i = 0; i < queryc.query_count; i++)
        if (strcmp(queryc.queries[i]->name, q->name) == 0) {
            queryc_error(q->place, "%s is already declared at line %u", q->name, queryc.queries[i]->place.line);
            return false;
        }
    take_sign(&p, '(');
    if (!fields_read(q->place, &p, ')', &q->parameters)) return false;
    if (!result_find(take_word(&p), &q->result)) {
        queryc_error(q->place, "%s: the kind is one of: one T, many T, exec, change, insert", q->name);
        return false;
    }
    bool reads = q->result <= RESULT_MANY;
    *row = reads ? take_word(&p) : NULL;
    if (reads && !*row) queryc_error(q->place, "%s: the name of the row is missing", q->name);
    else if (reads && !name_check(q->place, *row)) return false;
    skip_blanks(&p);
    if (*p) queryc_error(q->place, "%s: nothing may follow the kind: %s", q->name, p);
    return !*p && (!reads || *row);
}

static void query_read(struct cursor *c)
{
    struct query *q = queryc_alloc(sizeof *q);
    *q = (struct query){.place = here(c), .source = c->source};
    const char *header = line_take(c, 3), *row_name = NULL, *columns_text = NULL;
    while (!strchr(header, ')') && starts(c->p, "--")) header = join(header, line_take(c, 2));
    bool good = header_read(q, header, &row_name);

    struct place place = q->place;
    q->description = description_read(c, &columns_text, &place);
    if (good && !q->description) queryc_error(q->place, "%s: a line that describes it is missing", q->name);
    if (good && row_name && !columns_text)
        queryc_error(q->place, "%s: the line -- -> with the columns is missing", q->name);
    if (good && !row_name && columns_text) queryc_error(place, "%s: this kind has no columns", q->name);
    struct fields columns = {0};
    if (columns_text && row_name && good && fields_read(place, &columns_text, 0, &columns))
        q->row = row_use(place, c->source, row_name, columns, q->result == RESULT_MANY);

    unsigned line = c->line;
    const char *text = sql_statement_read(c->source->path, &c->p, &c->line);
    if (text && good) sql_resolve(q, text, line);
    if (good) PUSH(queryc.queries, queryc.query_count, q);
}

static void piece_read(struct cursor *c)
{
    struct piece *piece = queryc_alloc(sizeof *piece);
    *piece = (struct piece){.place = here(c)};
    const char *p = line_take(c, 9), *columns = NULL;
    struct place place = piece->place;
    piece->name = take_word(&p);
    skip_blanks(&p);
    if (!piece->name || *p) queryc_error(piece->place, "a piece is written: piece name");
    bool good = piece->name && !*p && subject_check(piece->place, c->source, piece->name);
    for (size_t i = 0; good && i < queryc.piece_count; i++)
        if (strcmp(queryc.pieces[i]->name, piece->name) == 0)
            queryc_error(piece->place, "piece %s is already declared at line %u", piece->name,
                         queryc.pieces[i]->place.line);
    description_read(c, &columns, &place);
    if (columns) queryc_error(place, "a piece has no columns");
    piece->line = c->line;
    piece->text = sql_statement_read(c->source->path, &c->p, &c->line);
    if (good && piece->text) PUSH(queryc.pieces, queryc.piece_count, piece);
}

/* `-- name(`: a query begins. */
static bool is_header(const char *p)
{
    if (!starts(p, "-- ")) return false;
    p += 3;
    return take_word(&p) && *p == '(';
}

void read_source(const struct source *source)
{
    struct cursor c = {source, source->text, 1};
    size_t first_piece = queryc.piece_count;
    while (*c.p) {
        if (is_header(c.p)) query_read(&c);
        else if (starts(c.p, "-- piece ")) piece_read(&c);
        else if (starts(c.p, "--") || !c.p[strspn(c.p, " \t\r")] || c.p[strspn(c.p, " \t\r")] == '\n') line_take(&c, 0);
        else {
            queryc_error(here(&c), "a statement without its header: -- name(parameters) kind row");
            sql_statement_read(source->path, &c.p, &c.line);
        }
    }
    for (size_t i = first_piece; i < queryc.piece_count; i++)
        if (!queryc.pieces[i]->used)
            queryc_error(queryc.pieces[i]->place, "piece %s is not used", queryc.pieces[i]->name);
}
