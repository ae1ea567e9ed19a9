/* checksql.c - `checksql SOCKET DATABASE`: every query against a real, migrated database of our own scratch server.
 *
 * Prepares each query and compares declared with real columns; checksql_plan.c looks at how it would run. The last line
 * is `check-sql: N passed, N failed`, the exit status 1 when one failed. Rules about NULL: a column of a table that can
 * be NULL (by itself or through an outer join) must be declared with ?; whether an expression can be the server does
 * not say reliably, so there the declaration is believed, and fcgi/db_statement.c refuses a NULL that breaks it. A ?
 * too many on a plain column is a note.
 */
#include "checksql.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINARY = 63 }; /* the number of the character set "binary" */

MYSQL_RES *checksql_ask(MYSQL *mysql, const char *sql)
{
    if (mysql_query(mysql, sql)) {
        fprintf(stderr, "checksql: %s: %s\n", sql, mysql_error(mysql));
        exit(1);
    }
    return mysql_store_result(mysql);
}

bool checksql_fail(const struct db_query *q, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    printf("%s: %s: ", q->origin, q->name);
    vprintf(format, list);
    putchar('\n');
    va_end(list);
    return false;
}

static bool is_integer(const MYSQL_FIELD *f)
{
    return f->type == MYSQL_TYPE_TINY || f->type == MYSQL_TYPE_SHORT || f->type == MYSQL_TYPE_INT24 ||
           f->type == MYSQL_TYPE_LONG || f->type == MYSQL_TYPE_LONGLONG ||
           (f->type == MYSQL_TYPE_NEWDECIMAL && f->decimals == 0 && !f->org_name_length);
}

static bool is_text(const MYSQL_FIELD *f)
{
    return f->type == MYSQL_TYPE_STRING || f->type == MYSQL_TYPE_VAR_STRING || f->type == MYSQL_TYPE_VARCHAR ||
           f->type == MYSQL_TYPE_BLOB || f->type == MYSQL_TYPE_MEDIUM_BLOB || f->type == MYSQL_TYPE_LONG_BLOB ||
           f->type == MYSQL_TYPE_TINY_BLOB || f->type == MYSQL_TYPE_ENUM || f->type == MYSQL_TYPE_SET;
}

static bool is_octets(const MYSQL_FIELD *f, unsigned long n)
{
    return is_text(f) && f->charsetnr == BINARY && (n == 0 || f->length == n);
}

/* NULL, or what the column should have been. */
static const char *type_problem(enum db_type type, const MYSQL_FIELD *f)
{
    bool of_table = f->org_name_length > 0;
    switch (type) {
    case DB_U64: return is_integer(f) && (!of_table || f->flags & UNSIGNED_FLAG) ? NULL : "an unsigned integer (u64)";
    case DB_I64:
        return is_integer(f) && !(f->type == MYSQL_TYPE_LONGLONG && f->flags & UNSIGNED_FLAG)
                   ? NULL
                   : "a signed integer (i64)";
    case DB_BOOL: return is_integer(f) ? NULL : "an integer (bool)";
    case DB_TEXT: return is_text(f) && !(f->type == MYSQL_TYPE_STRING && f->charsetnr == BINARY) ? NULL : "text";
    case DB_BYTES: return is_octets(f, 0) ? NULL : "octets (bytes)";
    case DB_ID: return is_octets(f, sizeof(struct id)) ? NULL : "BINARY(16) (id)";
    case DB_HASH: return is_octets(f, sizeof(struct hash)) ? NULL : "BINARY(32) (hash)";
    case DB_TIME: return f->type == MYSQL_TYPE_DATETIME || f->type == MYSQL_TYPE_TIMESTAMP ? NULL : "DATETIME (time)";
    }
    return "known";
}

static bool is_among(const char *p, size_t n, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == n && memcmp(*names, p, n) == 0) return true;
    return false;
}

/* Every name that the column can hold must be one of the declared enum. */
static bool check_names(MYSQL *mysql, const struct db_query *q, const MYSQL_FIELD *f, const char *const *names)
{
    char sql[600];
    snprintf(sql, sizeof sql,
             "SELECT column_type FROM information_schema.columns "
             "WHERE table_schema = '%s' AND table_name = '%s' AND column_name = '%s' AND data_type = 'enum'",
             f->db, f->org_table, f->org_name);
    MYSQL_RES *result = checksql_ask(mysql, sql);
    char **row = mysql_fetch_row(result);
    bool good = true;
    for (const char *p = row ? strchr(row[0], '\'') : NULL; p && *p == '\'';) {
        size_t n = strcspn(++p, "'");
        if (!is_among(p, n, names))
            good = checksql_fail(q, "column %s: the enum does not know '%.*s'", f->name, (int)n, p);
        p += n + 1;
        p += *p == ',';
    }
    mysql_free_result(result);
    return good;
}

static bool check_column(MYSQL *mysql, const struct db_query *q, unsigned i, const MYSQL_FIELD *f)
{
    bool good = true, of_table = f->org_name_length > 0, can_be_null = !(f->flags & NOT_NULL_FLAG);
    if (strcmp(f->name, q->column_names[i]) != 0)
        good = checksql_fail(q, "column %u is called %s, declared %s", i + 1, f->name, q->column_names[i]);
    const char *problem = type_problem(q->column_types[i], f);
    if (problem) good = checksql_fail(q, "column %s is not %s", f->name, problem);
    if (q->column_values[i] && of_table) good &= check_names(mysql, q, f, q->column_values[i]);
    if (of_table && can_be_null && !q->column_nullable[i])
        good = checksql_fail(q, "column %s can be NULL: declare it with ?", f->name);
    if (of_table && !can_be_null && q->column_nullable[i])
        printf("note: %s: %s: column %s is never NULL\n", q->origin, q->name, f->name);
    return good;
}

static bool check_columns(MYSQL *mysql, const struct db_query *q)
{
    MYSQL_STMT *stmt = mysql_stmt_init(mysql);
    bool good = true;
    if (mysql_stmt_prepare(stmt, q->sql, strlen(q->sql))) good = checksql_fail(q, "%s", mysql_stmt_error(stmt));
    else if (mysql_stmt_param_count(stmt) != q->parameters)
        good = checksql_fail(q, "%lu parameters, declared %u", mysql_stmt_param_count(stmt), q->parameters);
    else if (mysql_stmt_field_count(stmt) != q->columns)
        good = checksql_fail(q, "%u columns, declared %u", mysql_stmt_field_count(stmt), q->columns);
    MYSQL_RES *result = good && q->columns ? mysql_stmt_result_metadata(stmt) : NULL;
    for (unsigned i = 0; result && i < q->columns; i++)
        good &= check_column(mysql, q, i, mysql_fetch_field_direct(result, i));
    mysql_free_result(result);
    mysql_stmt_close(stmt);
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: checksql SOCKET DATABASE\n", stderr);
        return 1;
    }
    MYSQL *mysql = mysql_init(NULL);
    mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(mysql, NULL, NULL, NULL, argv[2], 0, argv[1], 0)) {
        fprintf(stderr, "checksql: %s\n", mysql_error(mysql));
        return 1;
    }
    plan_prepare(mysql);
    unsigned failed = 0;
    for (unsigned i = 0; i < db_queries_count; i++) {
        const struct db_query *q = db_queries_all[i];
        if (!check_columns(mysql, q) || !plan_check(mysql, q)) failed++;
    }
    mysql_close(mysql);
    mysql_library_end();
    printf("check-sql: %u passed, %u failed\n", db_queries_count - failed, failed);
    return failed ? 1 : 0;
}
