/* db_statement.c - prepared statements, values in, rows out.
 *
 * A statement is prepared at its first use on a connection and kept with its bind arrays. Columns are bound to cells, which
 * hold what has a fixed size and short texts; a longer one tells its length and is then fetched straight into the arena.
 */
#include "db_private.h"

#include "arena.h"
#include "log.h"

#include <mariadb/mysqld_error.h>
#include <stdlib.h>
#include <string.h>

static bool is_fixed(enum db_type type)
{
    return type != DB_TEXT && type != DB_BYTES;
}

static unsigned long octets_of(enum db_type type)
{
    return type == DB_ID ? sizeof(struct id) : sizeof(struct hash);
}

/* ---- time ---- */

static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct moment moment_from(const MYSQL_TIME *t)
{
    int64_t seconds = days_from_civil(t->year, t->month, t->day) * 86400 + t->hour * 3600 + t->minute * 60 + t->second;
    return (struct moment){seconds * 1000000 + (int64_t)t->second_part};
}

/* What DATETIME cannot hold becomes its first or last moment. */
static void moment_to(struct moment moment, MYSQL_TIME *t)
{
    static const int64_t first = -62135596800000000,
                         last = 253402300799999999; /* 0001-01-01, 9999-12-31 23:59:59.999999 */
    int64_t us = moment.us < first ? first : moment.us > last ? last : moment.us;
    int64_t second = us / 1000000 - (us % 1000000 < 0);
    int64_t day = second / 86400 - (second % 86400 < 0), of_day = second - day * 86400;
    int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), month = (5 * of_year + 2) / 153;
    *t = (MYSQL_TIME){.day = (unsigned)(of_year - (153 * month + 2) / 5 + 1),
                      .month = (unsigned)(month < 10 ? month + 3 : month - 9),
                      .year = (unsigned)(y + era * 400 + (month >= 10)),
                      .hour = (unsigned)(of_day / 3600),
                      .minute = (unsigned)(of_day / 60 % 60),
                      .second = (unsigned)(of_day % 60),
                      .second_part = (unsigned long)(us - second * 1000000),
                      .time_type = MYSQL_TIMESTAMP_DATETIME};
}

/* ---- preparing ---- */

static void bind_column(MYSQL_BIND *bind, struct db_cell *cell, enum db_type type)
{
    bind->length = &cell->length;
    bind->is_null = &cell->null;
    bind->error = &cell->error;
    switch (type) {
    case DB_U64:
    case DB_I64:
    case DB_BOOL:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = &cell->u;
        bind->is_unsigned = type != DB_I64;
        break;
    case DB_TIME:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = &cell->time;
        bind->buffer_length = sizeof cell->time;
        break;
    case DB_ID:
    case DB_HASH:
        bind->buffer_type = MYSQL_TYPE_BLOB;
        bind->buffer = cell->octets;
        bind->buffer_length = octets_of(type);
        break;
    case DB_TEXT:
    case DB_BYTES:
        bind->buffer_type = type == DB_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        bind->buffer = cell->octets;
        bind->buffer_length = sizeof cell->octets;
        break;
    }
}

static void statement_forget(struct db_statement *s)
{
    if (s->stmt) mysql_stmt_close(s->stmt);
    free(s->in);
    *s = (struct db_statement){0};
}

void db_statements_forget(struct db *db)
{
    for (unsigned i = 0; i < db_queries_count; i++) statement_forget(&db->statements[i]);
}

/* One block for all four arrays; binds come first, for both kinds are aligned to pointers. */
static void statement_room(struct db_statement *s, const struct db_query *q)
{
    size_t binds = (size_t)q->parameters + q->columns;
    s->in = calloc(1, binds * (sizeof(MYSQL_BIND) + sizeof(struct db_cell)) + 1);
    if (!s->in) log_bug("no memory for a statement");
    s->out = s->in + q->parameters;
    s->in_cells = (struct db_cell *)(void *)(s->in + binds);
    s->out_cells = s->in_cells + q->parameters;
}

/* The server sends the columns' names once, and the library copies all six of each column at every execution (a fifth of the program's
 * instructions on the invitation's page). Nobody reads them: columns are checked when queries are compiled. */
static void names_forget(MYSQL_STMT *stmt)
{
    MYSQL_RES *columns = mysql_stmt_result_metadata(stmt);
    MYSQL_FIELD *field = columns ? mysql_fetch_fields(columns) : NULL;
    for (unsigned i = 0; field && i < mysql_num_fields(columns); i++)
        field[i].name = field[i].org_name = field[i].table = field[i].org_table = field[i].db = field[i].catalog = NULL;
    mysql_free_result(columns);
}

static enum db_result statement_prepare(struct db *db, struct db_statement *s, const struct db_query *q)
{
    statement_room(s, q);
    s->stmt = mysql_stmt_init(db->mysql);
    if (!s->stmt) log_bug("no memory for a statement");
    if (mysql_stmt_prepare(s->stmt, q->sql, strlen(q->sql))) {
        enum db_result r = db_fail(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt), true);
        if (s->stmt) statement_forget(s); /* else the connection is gone, and this with it */
        return r;
    }
    unsigned long parameters = mysql_stmt_param_count(s->stmt);
    unsigned columns = mysql_stmt_field_count(s->stmt);
    if (parameters != q->parameters || columns != q->columns) {
        log_error("database: %s %s: the server sees %lu parameters and %u columns", q->origin, q->name, parameters,
                  columns);
        statement_forget(s);
        return db_abandon(db, DB_BUG);
    }
    for (unsigned i = 0; i < q->columns; i++) bind_column(&s->out[i], &s->out_cells[i], q->column_types[i]);
    if (q->columns && mysql_stmt_bind_result(s->stmt, s->out))
        return db_fail(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt), true);
    names_forget(s->stmt);
    return DB_OK;
}

/* ---- values in ---- */

static void bind_parameter(MYSQL_BIND *bind, struct db_cell *cell, const struct db_value *v)
{
    *bind = (MYSQL_BIND){.buffer = cell->octets};
    if (v->null) {
        bind->buffer_type = MYSQL_TYPE_NULL;
        return;
    }
    switch (v->type) {
    case DB_U64:
    case DB_I64:
    case DB_BOOL:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->is_unsigned = v->type != DB_I64;
        cell->u = v->u;
        break;
    case DB_TIME:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        moment_to(v->t, &cell->time);
        break;
    case DB_TEXT:
    case DB_BYTES:
    case DB_ID:
    case DB_HASH:
        bind->buffer_type = v->type == DB_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        if (v->s.n) bind->buffer = (void *)(uintptr_t)v->s.p;
        bind->buffer_length = v->s.n;
        break;
    }
}

static bool statement_execute(struct db_statement *s, const struct db_query *q, const struct db_value *in)
{
    for (unsigned i = 0; i < q->parameters; i++) bind_parameter(&s->in[i], &s->in_cells[i], &in[i]);
    if (q->parameters && mysql_stmt_bind_param(s->stmt, s->in)) return false;
    if (mysql_stmt_execute(s->stmt)) return false;
    return !q->columns || mysql_stmt_store_result(s->stmt) == 0;
}

/* ---- rows out ---- */

/* NULL, or what is wrong with the column. */
static const char *value_read(struct db *db, struct db_statement *s, const struct db_query *q, unsigned i,
                              struct db_value *v)
{
    struct db_cell *cell = &s->out_cells[i];
    enum db_type type = q->column_types[i];
    *v = (struct db_value){.type = type, .null = cell->null};
    if (cell->null) return q->column_nullable[i] ? NULL : "is NULL";
    if (is_fixed(type) && cell->error) return "does not fit its type";
    switch (type) {
    case DB_U64:
    case DB_I64:
    case DB_BOOL: v->u = cell->u; return NULL;
    case DB_TIME: v->t = moment_from(&cell->time); return NULL;
    case DB_ID:
    case DB_HASH:
        if (cell->length != octets_of(type)) return "does not have its length";
        char *copy = arena_alloc(db->arena, cell->length);
        memcpy(copy, cell->octets, cell->length);
        v->s = (struct bytes){copy, cell->length};
        return NULL;
    case DB_TEXT:
    case DB_BYTES: break;
    }
    char *p = arena_alloc(db->arena, cell->length + 1);
    unsigned long length;
    MYSQL_BIND bind = {
        .buffer_type = s->out[i].buffer_type, .buffer = p, .buffer_length = cell->length, .length = &length};
    if (cell->length <= sizeof cell->octets) memcpy(p, cell->octets, cell->length);
    else if (mysql_stmt_fetch_column(s->stmt, &bind, i, 0)) return "cannot be fetched";
    if (type == DB_TEXT && memchr(p, 0, cell->length)) return "is a text that holds a NUL byte";
    v->s = (struct bytes){p, cell->length};
    return NULL;
}

/* The answer is wrong, not the connection. */
static enum db_result wrong(struct db *db, const struct db_query *q, const char *what, const char *problem)
{
    log_error("database: %s %s: %s %s", q->origin, q->name, what, problem);
    return db_abandon(db, DB_BUG);
}

static enum db_result rows_read(struct db *db, struct db_statement *s, const struct db_query *q, struct db_value **rows,
                                uint64_t *n)
{
    uint64_t count = mysql_stmt_num_rows(s->stmt);
    *n = count;
    if (count == 0 && q->kind == DB_ONE) return DB_NONE;
    if (count > 1 && q->kind == DB_ONE) return wrong(db, q, "one row", "was asked for and more came");
    struct db_value *v = *rows = arena_alloc(db->arena, count * q->columns * sizeof *v);
    for (uint64_t row = 0; row < count; row++) {
        int status = mysql_stmt_fetch(s->stmt);
        if (status != 0 && status != MYSQL_DATA_TRUNCATED) return wrong(db, q, "a row", "cannot be fetched");
        for (unsigned i = 0; i < q->columns; i++, v++) {
            const char *problem = value_read(db, s, q, i, v);
            if (problem) return wrong(db, q, q->column_names[i], problem);
        }
    }
    return DB_OK;
}

static enum db_result change_read(struct db *db, struct db_statement *s, const struct db_query *q, uint64_t *n)
{
    uint64_t affected = mysql_stmt_affected_rows(s->stmt);
    if (n) *n = q->kind == DB_INSERT ? mysql_stmt_insert_id(s->stmt) : affected;
    if (q->kind != DB_CHANGE || affected == 1) return DB_OK;
    return affected ? wrong(db, q, "one row", "was to change and more did") : DB_NONE;
}

enum db_result db_statement_run(struct db *db, const struct db_query *query, const struct db_value *in,
                                struct db_value **rows, uint64_t *n)
{
    struct db_statement *s = &db->statements[query->slot];
    for (bool again = false;; again = true) {
        if (!s->stmt) TRY(statement_prepare(db, s, query));
        if (statement_execute(s, query, in)) break;
        unsigned error = mysql_stmt_errno(s->stmt);
        if (error != ER_NEED_REPREPARE || again)
            return db_fail(db, query->name, error, mysql_stmt_error(s->stmt), false);
        statement_forget(s);
    }
    if (!query->columns) return change_read(db, s, query, n);
    enum db_result r = rows_read(db, s, query, rows, n);
    /* A closed connection has closed the statement too. */
    if (s->stmt) mysql_stmt_free_result(s->stmt);
    return r;
}
