/* db_values.h - between C values and struct db_value, for the code that sql/queryc.c generates.
 *
 * The _or_null makers store SQL NULL for 0, false, NULL, all zero octets and the moment 0. The others store what they
 * are given; a text that is NULL, or an enum that is 0, where the query declares neither: our bug.
 */
#ifndef FCGI_DB_VALUES_H
#define FCGI_DB_VALUES_H

#include "db.h"
#include "log.h"

#include <string.h>

static inline struct db_value db_u64(uint64_t u)
{
    return (struct db_value){.type = DB_U64, .u = u};
}

static inline struct db_value db_u64_or_null(uint64_t u)
{
    return (struct db_value){.type = DB_U64, .null = !u, .u = u};
}

static inline struct db_value db_i64(int64_t i)
{
    return (struct db_value){.type = DB_I64, .i = i};
}

static inline struct db_value db_i64_or_null(int64_t i)
{
    return (struct db_value){.type = DB_I64, .null = !i, .i = i};
}

static inline struct db_value db_bool(bool b)
{
    return (struct db_value){.type = DB_BOOL, .u = b};
}

static inline struct db_value db_bool_or_null(bool b)
{
    return (struct db_value){.type = DB_BOOL, .null = !b, .u = b};
}

static inline struct db_value db_text_or_null(const char *text)
{
    return (struct db_value){.type = DB_TEXT, .null = !text, .s = {text, text ? strlen(text) : 0}};
}

static inline struct db_value db_text(const struct db_query *query, const char *parameter, const char *text)
{
    if (!text) log_bug("%s: %s: the text %s is NULL", query->origin, query->name, parameter);
    return db_text_or_null(text);
}

/* An enum, by its name: "" stands for 0. */
static inline struct db_value db_name_or_null(const char *name)
{
    return db_text_or_null(*name ? name : NULL);
}

static inline struct db_value db_name(const struct db_query *query, const char *parameter, const char *name)
{
    if (!*name) log_bug("%s: %s: the enum %s is none of its values", query->origin, query->name, parameter);
    return db_text_or_null(name);
}

static inline struct db_value db_bytes(struct bytes bytes)
{
    return (struct db_value){.type = DB_BYTES, .s = bytes};
}

static inline struct db_value db_bytes_or_null(struct bytes bytes)
{
    return (struct db_value){.type = DB_BYTES, .null = !bytes.p, .s = bytes};
}

static inline struct db_value db_time(struct moment t)
{
    return (struct db_value){.type = DB_TIME, .t = t};
}

static inline struct db_value db_time_or_null(struct moment t)
{
    return (struct db_value){.type = DB_TIME, .null = !t.us, .t = t};
}

/* Macros, because the value points into the argument, which is the caller's parameter. */
#define db_id(id) ((struct db_value){.type = DB_ID, .s = {(id).b, sizeof(id).b}})
#define db_hash(hash) ((struct db_value){.type = DB_HASH, .s = {(hash).b, sizeof(hash).b}})
#define db_id_or_null(id) \
    ((struct db_value){.type = DB_ID, .null = db_zero((id).b, sizeof(id).b), .s = {(id).b, sizeof(id).b}})
#define db_hash_or_null(hash) \
    ((struct db_value){.type = DB_HASH, .null = db_zero((hash).b, sizeof(hash).b), .s = {(hash).b, sizeof(hash).b}})

static inline bool db_zero(const uint8_t *p, size_t n)
{
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++) any |= p[i];
    return !any;
}

/* db_run has checked the length. */
static inline struct id db_id_read(const struct db_value *v)
{
    struct id id = {0};
    if (!v->null) memcpy(id.b, v->s.p, sizeof id.b);
    return id;
}

static inline struct hash db_hash_read(const struct db_value *v)
{
    struct hash hash = {0};
    if (!v->null) memcpy(hash.b, v->s.p, sizeof hash.b);
    return hash;
}

#endif
