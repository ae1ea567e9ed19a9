/* json.h - what the exports are written with: values of ours as JSON (jansson). */
#ifndef HANDLERS_JSON_H
#define HANDLERS_JSON_H

#include "db.h"
#include "out.h"
#include "types.h"

#include <jansson.h>
#include <stdio.h>

/* "2026-12-02T14:05:00Z", or null for never. */
json_t *json_moment(const struct out *o, struct moment t);

/* 32 hexadecimal digits. */
json_t *json_id(const struct out *o, struct id id);

/* An empty file that only its owner can read, for what is exported; NULL, explained, when there is one of that name already. */
FILE *json_file(const char *path);

/* Whether everything that was written lies on the disk now; closes the file. */
bool json_file_done(FILE *file);

/* One object that is written as it is read, in the memory of a page: lists of records, and lists within a record. What cannot be written
 * shows when the file is done. */
struct json_stream {
    FILE *file;
    bool first; /* of the list that is open */
    struct db *db;
    struct out out; /* for the words of a record: lives in the arena of the list that is open */
};

/* `around`: what is read before the first list lives there. */
void json_begin(struct json_stream *s, FILE *file, struct db *db, struct arena *around);

/* Writes the records that come after *last, moves it on, and says in *n how many these were; 0: there are no more. */
typedef enum db_result json_page(struct json_stream *s, const void *of, uint64_t *last, size_t *n);

/* ,"name": [ … ], page by page, each of which lives in `rows`. */
enum db_result json_list(struct json_stream *s, const char *name, struct arena *rows, json_page *page, const void *of) __attribute__((warn_unused_result));

/* One record of the list that is open, in a line; takes it over. */
void json_record(struct json_stream *s, json_t *record);

/* The same, left open for lists of its own, whose rows live in another arena; and closed. */
void json_record_begin(struct json_stream *s, json_t *record);
void json_record_end(struct json_stream *s);

/* Defines a json_page called `name`: `query` fills `rows`, a list of `row`, from `s`, `p` (what json_list is told, a `context`) and `*last`,
 * the id that the page before ended with; the rest is what json_pack makes of each row, `r`, with `o` for json_moment and json_id. */
#define JSON_PAGES(name, context, row, query, ...) JSON_PAGE(name, context, row, true, query, r->id, __VA_ARGS__)

/* The same for a few rows, which one page has all. */
#define JSON_SHORT(name, context, row, query, ...) JSON_PAGE(name, context, row, !*last, query, 1, __VA_ARGS__)

#define JSON_PAGE(name, context, row, more, query, next, ...) \
    static enum db_result name(struct json_stream *s, const void *of, uint64_t *last, size_t *n) \
    { \
        const context *p = of; \
        const struct out *o = &s->out; \
        struct row##_list rows = {0}; \
        if (more) TRY(query); \
        for (size_t i = 0; i < (*n = rows.n); i++) { \
            const struct row *r = &rows.v[i]; \
            *last = next; \
            json_record(s, json_pack(__VA_ARGS__)); \
        } \
        (void)o; \
        return DB_OK; \
    }

#endif
