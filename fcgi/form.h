/* form.h - fields declared once, read once, typed or with a sentence for the person.
 *
 * A field that the route did not declare, a repeated one, bad UTF-8, a bad %-sequence or a NUL octet is
 * answered 400 before any handler runs (ASVS 1.1.1, 15.3.3, 15.3.7). What a person can get wrong becomes an error
 * at the field, and every value is kept.
 */
#ifndef FCGI_FORM_H
#define FCGI_FORM_H

#include "types.h"

struct arena;
struct out;

enum field_kind {
    FIELD_LINE,     /* one line of plain text: trimmed, no control characters, NFC as sent */
    FIELD_NAME,     /* FIELD_LINE without URLs and @: nobody advertises through us (security.md, mistake 14) */
    FIELD_MESSAGE,  /* several lines, same refusals as FIELD_NAME */
    FIELD_TEXT,     /* several lines of whatever a person writes to somebody who knows them */
    FIELD_EMAIL,    /* form_address() after a good read */
    FIELD_PASSWORD, /* kept to the octet, never shown again */
    FIELD_CHOICE,   /* one of `choices` */
    FIELD_NUMBER,   /* low..high */
    FIELD_ID,       /* 32 hexadecimal digits */
    FIELD_FILE,     /* the content in form_file(), at most `high` octets; its value is the file's name. Only of a multipart body */
};

struct form_field {
    const char *name;
    enum field_kind kind;
    unsigned most;              /* code points; 0 for CHOICE, NUMBER, ID */
    const char *missing;        /* required: what to tell who left it empty (msgid); NULL: optional */
    const char *const *choices; /* CHOICE: NULL-terminated */
    const char *wrong;          /* CHOICE, NUMBER, ID, FILE: what to tell (msgid) */
    long low, high;             /* NUMBER; FILE: high */
};

struct form_input {
    const char *value; /* "" when absent; passwords too, but form_shown() hides them */
    const char *error; /* msgid or translated sentence; NULL: good */
    struct bytes file; /* FILE */
};

struct form {
    const struct form_field *fields; /* NULL: no form */
    size_t n;
    struct form_input *inputs; /* n */
    size_t errors;
};

enum form_result { FORM_READ, FORM_MALFORMED };

/* Reads application/x-www-form-urlencoded octets. `csrf` (the token's field) is set aside into *csrf, NULL when absent. */
enum form_result form_read(struct arena *a, const struct form_field *fields, struct bytes encoded, struct form *f,
                           const char **csrf);

/* The same of multipart/form-data octets that are all there, with the boundary of their Content-Type. */
enum form_result form_read_parts(struct arena *a, const struct form_field *fields, const char *boundary, struct bytes body, struct form *f,
                                 const char **csrf);

/* The same of a body that comes in pieces and ends in a file, which the caller takes as it comes. `take` never gets n = 0, and refuses the
 * body by returning false. Once the file's head has come (at_file) the fields before it are all there: check them, then feed on. */
typedef bool form_file_take(void *to, const void *p, size_t n);
struct form_parts *form_parts_begin(struct arena *a, const struct form_field *fields, const char *boundary, struct form *f, const char **csrf,
                                    form_file_take *take, void *to);
bool form_parts_feed(struct form_parts *parts, const void *p, size_t n);
bool form_parts_at_file(const struct form_parts *parts);
bool form_parts_whole(const struct form_parts *parts);
void form_parts_check(struct form_parts *parts);

/* The file that was sent; n = 0: none. */
struct bytes form_file(const struct form *f, const char *name);

/* Whether every field is good. */
bool form_good(const struct form *f);

/* The value as typed, "" when absent or unknown (NULL form too). */
const char *form_value(const struct form *f, const char *name);

/* What a page may show again: as form_value, but "" for passwords. */
const char *form_shown(const struct form *f, const char *name);

/* The sentence at the field, or NULL. */
const char *form_error(const struct form *f, const char *name);

/* Every field that has a sentence, in the form's order, for the summary above the h1. */
struct form_problem {
    const char *name, *sentence;
};
struct form_problem_list {
    struct form_problem *v;
    size_t n;
};
struct form_problem_list form_problems(struct arena *a, const struct form *f);

/* Set the sentence; the first one stays. The name must be declared. */
void form_fail(struct form *f, const char *name, const char *sentence);

/* Take a field's message back: this handler does not need the field now. */
void form_forgive(struct form *f, const char *name);

/* Fill a value that the person did not type (prefill, or after sign-in). */
void form_fill(struct form *f, const char *name, const char *value);

long form_number(const struct form *f, const char *name, long otherwise);

/* True and *id for 32 hexadecimal digits. */
bool form_id(const struct form *f, const char *name, struct id *id);

/* An empty form for the first showing of a page. */
void form_empty(struct arena *a, const struct form_field *fields, struct form *f);

#endif
