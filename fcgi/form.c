/* form.c - see form.h. */
#include "form.h"

#include "address.h"
#include "arena.h"
#include "log.h"
#include "multipart.h"
#include "out.h"
#include "secret.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void form_empty(struct arena *a, const struct form_field *fields, struct form *f)
{
    size_t n = 0;
    while (fields && fields[n].name) n++;
    *f = (struct form){.fields = fields, .n = n, .inputs = arena_alloc(a, n * sizeof *f->inputs)};
    for (size_t i = 0; i < n; i++) f->inputs[i].value = "";
}

static size_t field_index(const struct form *f, const char *name)
{
    size_t i = 0;
    while (i < f->n && (f->fields[i].name[0] != name[0] || strcmp(f->fields[i].name, name) != 0)) i++;
    return i;
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes once; NULL for a bad %-sequence, an octet that is not UTF-8, or a NUL. */
static char *decoded(struct arena *a, const char *p, size_t n)
{
    char *text = arena_alloc(a, n + 1), *out = text;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '+') {
            *out++ = ' ';
        } else if (p[i] == '%') {
            int high = i + 2 < n ? hex(p[i + 1]) : -1, low = i + 2 < n ? hex(p[i + 2]) : -1;
            if (high < 0 || low < 0) return NULL;
            *out++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *out++ = p[i];
        }
    }
    return utf8_good(text, (size_t)(out - text)) ? text : NULL;
}

/* Where a value belongs; NULL for what makes the whole body malformed: undeclared, repeated, or a file where none is declared. */
static const char **value_place(struct form *f, const char *name, bool file, const char **csrf)
{
    if (csrf && !file && strcmp(name, "csrf") == 0) return *csrf ? NULL : csrf;
    size_t i = field_index(f, name);
    bool known = i < f->n && !f->inputs[i].value && (f->fields[i].kind == FIELD_FILE) == file;
    return known ? &f->inputs[i].value : NULL;
}

/* Put one name=value where it belongs; false for what makes the whole body malformed. */
static bool pair_take(struct arena *a, struct form *f, const char *p, size_t n, const char **csrf)
{
    const char *equals = memchr(p, '=', n);
    size_t name_n = equals ? (size_t)(equals - p) : n;
    const char *name = decoded(a, p, name_n);
    const char *value = equals ? decoded(a, equals + 1, n - name_n - 1) : "";
    if (!name || !value) return false;
    const char **place = value_place(f, name, false, csrf);
    if (place) *place = value;
    return place;
}

static const char *trimmed(struct arena *a, const char *text, bool lines)
{
    if (lines) { /* browsers send CRLF */
        char *copy = arena_text(a, text, strlen(text)), *out = copy;
        for (const char *p = copy; *p; p++)
            if (*p != '\r') *out++ = *p;
        *out = 0;
        text = copy;
    }
    while (*text == ' ' || *text == '\n' || *text == '\t') text++;
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n' || text[n - 1] == '\t')) n--;
    return arena_text(a, text, n);
}

/* Whether the word that ends at `end` is like a host's name: a dot before its last two or more octets. One letter is an
 * abbreviation, and a dot in an earlier word says nothing: "O. Nielsen A/S", "Solvay S.A./N.V.". */
static bool ends_in_host(const char *text, const char *end)
{
    const char *label = end, *word;
    while (label > text && (unsigned char)label[-1] > ' ' && label[-1] != '.') label--;
    for (word = label; word > text && (unsigned char)word[-1] > ' '; word--) continue;
    return word < label && end - label >= 2;
}

/* security.md, mistake 14: nothing that a mail program would make a link of. */
static bool looks_like_link(const char *text)
{
    if (strchr(text, '@') || strstr(text, "://") || strcasestr(text, "www.")) return true;
    for (const char *p = strchr(text, '/'); p; p = strchr(p + 1, '/'))
        if ((unsigned char)p[1] > ' ' && ends_in_host(text, p)) return true;
    return false;
}

static bool several_lines(const struct form_field *field)
{
    return field->kind == FIELD_MESSAGE || field->kind == FIELD_TEXT;
}

static const char *line_error(const struct form_field *field, const char *value)
{
    bool lines = several_lines(field);
    if (utf8_has_control(value, lines) || utf8_has_hidden(value)) return N_("Enter text without control characters or invisible characters");
    if (field->kind != FIELD_LINE && field->kind != FIELD_TEXT && looks_like_link(value)) return N_("Enter text without web addresses and without the @ sign");
    return NULL;
}

static const char *choice_error(const struct form_field *field, const char *value)
{
    for (const char *const *choice = field->choices; *choice; choice++)
        if (strcmp(*choice, value) == 0) return NULL;
    return field->wrong;
}

static const char *number_error(const struct form_field *field, const char *value)
{
    char *end;
    long number = strtol(value, &end, 10);
    bool digits = strlen(value) < 10 && strspn(value, "0123456789") == strlen(value);
    return digits && !*end && number >= field->low && number <= field->high ? NULL : field->wrong;
}

/* The sentence for a value that is not empty, or NULL. */
static const char *value_error(struct arena *a, const struct form_field *field, const char *value)
{
    struct address address;
    struct id id;
    if (field->most && utf8_length(value) > field->most) return N_("Shorten this: it is too long");
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_NAME:
    case FIELD_MESSAGE:
    case FIELD_TEXT: return line_error(field, value);
    case FIELD_EMAIL: return address_parse(a, value, &address);
    case FIELD_CHOICE: return choice_error(field, value);
    case FIELD_NUMBER: return number_error(field, value);
    case FIELD_ID: return id_from_text(value, &id) ? NULL : field->wrong;
    case FIELD_PASSWORD:
    case FIELD_FILE: return NULL;
    }
    return NULL;
}

/* A name without content is a file that could not be read: no file. */
static void file_check(struct form *f, size_t i)
{
    const struct form_field *field = &f->fields[i];
    struct form_input *input = &f->inputs[i];
    if (input->file.n == 0) input->error = field->missing;
    else if (input->file.n > (size_t)field->high) input->error = field->wrong;
}

static void input_check(struct arena *a, struct form *f, size_t i)
{
    const struct form_field *field = &f->fields[i];
    struct form_input *input = &f->inputs[i];
    if (!input->value) input->value = "";
    if (field->kind == FIELD_FILE) {
        file_check(f, i);
        if (input->error) f->errors++;
        return;
    }
    if (field->kind != FIELD_PASSWORD) input->value = trimmed(a, input->value, several_lines(field));
    input->error = input->value[0] ? value_error(a, field, input->value) : field->missing;
    if (input->error) f->errors++;
}

enum form_result form_read(struct arena *a, const struct form_field *fields, struct bytes encoded, struct form *f, const char **csrf)
{
    form_empty(a, fields, f);
    for (size_t i = 0; i < f->n; i++) f->inputs[i].value = NULL;
    if (csrf) *csrf = NULL;
    const char *p = encoded.p, *end = p + encoded.n;
    enum form_result result = FORM_READ;
    while (p < end && result == FORM_READ) {
        const char *stop = memchr(p, '&', (size_t)(end - p));
        if (!stop) stop = end;
        if (stop > p && !pair_take(a, f, p, (size_t)(stop - p), csrf)) result = FORM_MALFORMED;
        p = stop + 1;
    }
    for (size_t i = 0; i < f->n; i++) input_check(a, f, i);
    return result;
}

/* ---- multipart/form-data ---- */

/* Where the part in hand goes. */
struct form_parts {
    struct arena *arena;
    struct form *form;
    const char **csrf;
    const char **place;
    struct form_input *file; /* NULL: a plain field */
    struct out content;
    struct multipart *multipart;
    form_file_take *take; /* NULL: files are held in memory */
    void *to;
    bool at_file; /* with `take`: nothing may follow the file */
};

static bool part_begin(void *to, const struct multipart_part *part)
{
    struct form_parts *parts = to;
    if (parts->at_file) return false;
    parts->place = value_place(parts->form, part->name, part->file_name, parts->csrf);
    if (!parts->place) return false;
    parts->file = part->file_name ? &parts->form->inputs[field_index(parts->form, part->name)] : NULL;
    if (part->file_name) *parts->place = part->file_name;
    parts->at_file = parts->file && parts->take;
    out_init(&parts->content, parts->arena);
    return true;
}

static bool part_data(void *to, const void *p, size_t n)
{
    struct form_parts *parts = to;
    if (parts->at_file) return parts->take(parts->to, p, n);
    out_raw(&parts->content, p, n);
    return true;
}

static bool part_end(void *to)
{
    struct form_parts *parts = to;
    if (parts->at_file) return true;
    const struct out *content = &parts->content;
    if (parts->file) {
        parts->file->file = (struct bytes){content->p, content->n};
        return true;
    }
    if (content->n && !utf8_good(content->p, content->n)) return false;
    *parts->place = arena_text(parts->arena, content->n ? content->p : "", content->n);
    return true;
}

struct form_parts *form_parts_begin(struct arena *a, const struct form_field *fields, const char *boundary, struct form *f, const char **csrf,
                                    form_file_take *take, void *to)
{
    form_empty(a, fields, f);
    for (size_t i = 0; i < f->n; i++) f->inputs[i].value = NULL;
    *csrf = NULL;
    struct form_parts *parts = arena_alloc(a, sizeof *parts);
    *parts = (struct form_parts){.arena = a, .form = f, .csrf = csrf, .take = take, .to = to};
    parts->multipart = multipart_new(a, boundary, (struct multipart_sink){part_begin, part_data, part_end, parts});
    return parts;
}

bool form_parts_feed(struct form_parts *parts, const void *p, size_t n)
{
    return multipart_feed(parts->multipart, p, n);
}

bool form_parts_at_file(const struct form_parts *parts)
{
    return parts->at_file;
}

bool form_parts_whole(const struct form_parts *parts)
{
    return multipart_whole(parts->multipart);
}

void form_parts_check(struct form_parts *parts)
{
    struct form *f = parts->form;
    for (size_t i = 0; i < f->n; i++) {
        bool streamed = parts->take && f->fields[i].kind == FIELD_FILE;
        if (!streamed) {
            input_check(parts->arena, f, i);
            continue;
        }
        if (!f->inputs[i].value) f->inputs[i].value = "";
        f->inputs[i].error = f->inputs[i].value[0] ? NULL : f->fields[i].missing;
        f->errors += f->inputs[i].error != NULL;
    }
}

enum form_result form_read_parts(struct arena *a, const struct form_field *fields, const char *boundary, struct bytes body, struct form *f,
                                 const char **csrf)
{
    struct form_parts *parts = form_parts_begin(a, fields, boundary, f, csrf, NULL, NULL);
    bool whole = form_parts_feed(parts, body.p, body.n) && form_parts_whole(parts);
    form_parts_check(parts);
    return whole ? FORM_READ : FORM_MALFORMED;
}

struct bytes form_file(const struct form *f, const char *name)
{
    size_t i = field_index(f, name);
    return i < f->n ? f->inputs[i].file : (struct bytes){0};
}

bool form_good(const struct form *f)
{
    return f->errors == 0;
}

const char *form_value(const struct form *f, const char *name)
{
    if (!f) return "";
    size_t i = field_index(f, name);
    return i < f->n ? f->inputs[i].value : "";
}

const char *form_shown(const struct form *f, const char *name)
{
    if (!f) return "";
    size_t i = field_index(f, name);
    return i < f->n && f->fields[i].kind != FIELD_PASSWORD ? f->inputs[i].value : "";
}

const char *form_error(const struct form *f, const char *name)
{
    if (!f) return NULL;
    size_t i = field_index(f, name);
    return i < f->n ? f->inputs[i].error : NULL;
}

struct form_problem_list form_problems(struct arena *a, const struct form *f)
{
    struct form_problem_list list = {.v = arena_alloc(a, f->n * sizeof *list.v)};
    for (size_t i = 0; i < f->n; i++)
        if (f->inputs[i].error) list.v[list.n++] = (struct form_problem){f->fields[i].name, f->inputs[i].error};
    return list;
}

static struct form_input *declared(struct form *f, const char *name)
{
    size_t i = field_index(f, name);
    if (i == f->n) log_bug("the form has no field %s", name);
    return &f->inputs[i];
}

void form_fail(struct form *f, const char *name, const char *sentence)
{
    struct form_input *input = declared(f, name);
    if (input->error) return;
    input->error = sentence;
    f->errors++;
}

void form_forgive(struct form *f, const char *name)
{
    struct form_input *input = declared(f, name);
    if (input->error) f->errors--;
    input->error = NULL;
}

void form_fill(struct form *f, const char *name, const char *value)
{
    declared(f, name)->value = value;
}

long form_number(const struct form *f, const char *name, long otherwise)
{
    const char *value = form_value(f, name);
    return value[0] ? strtol(value, NULL, 10) : otherwise;
}

bool form_id(const struct form *f, const char *name, struct id *id)
{
    return id_from_text(form_value(f, name), id);
}
