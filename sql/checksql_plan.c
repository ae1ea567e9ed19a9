/* checksql_plan.c - how each query would run in a big database: EXPLAIN with sample values, once with all of them and
 * once with NULL for those that may be and moments in the past. A full scan of a table that grows fails: type ALL, and
 * type index when no LIMIT ends it.
 *
 * An empty database has no plans worth looking at. So every table gets one row whose values equal the samples (a
 * look-up by a unique key then finds something), and the optimiser's statistics say that there are a million.
 */
#include "checksql.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The tables that stay small however many people use the program. */
static const char *const small_tables[] = {"schema_migration"};

#define SAMPLE_ID "x'00112233445566778899aabbccddeeff'"
#define SAMPLE_HASH "x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'"
#define SAMPLE_TIME "'2100-01-01 00:00:00'"
#define SAMPLE_PAST "'2000-01-01 00:00:00'"

static char **tables; /* of the database, ended by NULL */

static void tables_read(MYSQL *mysql)
{
    MYSQL_RES *result = checksql_ask(mysql, "SELECT table_name FROM information_schema.tables "
                                            "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'");
    tables = calloc(mysql_num_rows(result) + 1, sizeof *tables);
    char **row;
    for (size_t i = 0; tables && (row = mysql_fetch_row(result)); i++) tables[i] = strdup(row[0]);
    mysql_free_result(result);
}

/* A value that every column of that type gets, and every parameter of the type that goes with it. Of the columns that
 * can be NULL only references are filled: joins must find each other. */
static void sample_row(MYSQL *mysql, const char *table)
{
    char sql[8000];
    snprintf(sql, sizeof sql,
             "SELECT GROUP_CONCAT('`', column_name, '`'), GROUP_CONCAT(CASE"
             " WHEN column_type = 'binary(16)' THEN \"" SAMPLE_ID
             "\" WHEN column_type = 'binary(32)' THEN \"" SAMPLE_HASH "\""
             " WHEN data_type IN ('datetime', 'timestamp') THEN \"" SAMPLE_TIME "\""
             " WHEN data_type LIKE '%%char' OR data_type LIKE 'varbinary' THEN LEFT(\"'x'\", 3) ELSE '1' END)"
             " FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '%s'"
             " AND (is_nullable = 'NO' OR column_name LIKE '%%\\_id') AND is_generated = 'NEVER'",
             table);
    MYSQL_RES *result = checksql_ask(mysql, sql);
    char **row = mysql_fetch_row(result);
    if (row && row[0]) {
        snprintf(sql, sizeof sql, "INSERT IGNORE INTO `%s` (%s) VALUES (%s)", table, row[0], row[1]);
        mysql_free_result(checksql_ask(mysql, sql));
    }
    mysql_free_result(result);
}

void plan_prepare(MYSQL *mysql)
{
    static const char *const statistics[] = {
        "REPLACE INTO mysql.table_stats (db_name, table_name, cardinality) SELECT table_schema, table_name, 1000000 "
        "FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
        "REPLACE INTO mysql.index_stats (db_name, table_name, index_name, prefix_arity, avg_frequency) "
        "SELECT s.table_schema, s.table_name, s.index_name, s.seq_in_index, IF(s.non_unique = 0 AND s.seq_in_index = "
        "(SELECT MAX(m.seq_in_index) FROM information_schema.statistics m WHERE m.table_schema = s.table_schema "
        "AND m.table_name = s.table_name AND m.index_name = s.index_name), 1, GREATEST(2, 3000 / POW(10, "
        "s.seq_in_index))) "
        "FROM information_schema.statistics s WHERE s.table_schema = DATABASE()",
        "FLUSH TABLES", "SET use_stat_tables = 'preferably'"};
    tables_read(mysql);
    mysql_free_result(checksql_ask(mysql, "SET foreign_key_checks = 0, group_concat_max_len = 100000"));
    for (size_t i = 0; tables[i]; i++) sample_row(mysql, tables[i]);
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++)
        mysql_free_result(checksql_ask(mysql, statistics[i]));
}

/* ---- EXPLAIN ---- */

static void write_sample(FILE *f, const struct db_query *q, unsigned i, bool second)
{
    static const char *const samples[] = {"1", "1", "1", "'x'", "'x'", SAMPLE_ID, SAMPLE_HASH, SAMPLE_TIME};
    if (second && q->parameter_nullable[i]) fputs("NULL", f);
    else if (second && q->parameter_types[i] == DB_TIME) fputs(SAMPLE_PAST, f);
    else if (q->parameter_values[i]) fprintf(f, "'%s'", q->parameter_values[i][0]);
    else fputs(samples[q->parameter_types[i]], f);
}

/* EXPLAIN and the statement, each ? outside of quotes replaced by a sample. */
static char *explain_text(const struct db_query *q, bool second)
{
    char *sql = NULL, quote = 0;
    size_t size = 0;
    unsigned i = 0;
    FILE *f = open_memstream(&sql, &size);
    if (!f) abort();
    fputs("EXPLAIN ", f);
    for (const char *p = q->sql; *p; p++) {
        if (quote && *p == '\\' && p[1]) fputc(*p++, f);
        else if (quote) quote = *p == quote ? 0 : quote;
        else if (strchr("'\"`", *p)) quote = *p;
        if (*p == '?' && !quote) write_sample(f, q, i++, second);
        else fputc(*p, f);
    }
    fclose(f);
    return sql;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && names[i]; i++)
        if (strcasecmp(names[i], name) == 0) return true;
    return false;
}

static bool is_table(const char *name)
{
    return is_among(name, (const char *const *)tables, SIZE_MAX);
}

/* The next word of the statement, or false at its end. */
static bool word_next(const char **p, char word[64])
{
    size_t n = 0;
    while (**p && !isalnum((unsigned char)**p) && **p != '_') ++*p;
    for (; isalnum((unsigned char)**p) || **p == '_'; ++*p)
        if (n < 63) word[n++] = **p;
    word[n] = 0;
    return n > 0;
}

/* EXPLAIN shows aliases. Whether some table that grows stands before this one: `table alias` or `table AS alias`. */
static bool grows(const struct db_query *q, const char *alias)
{
    const size_t small_count = sizeof small_tables / sizeof *small_tables;
    if (is_table(alias)) return !is_among(alias, small_tables, small_count);
    char word[64], before[64] = "", earlier[64] = "";
    for (const char *p = q->sql; word_next(&p, word);) {
        const char *table = strcasecmp(before, "AS") == 0 ? earlier : before;
        if (strcasecmp(word, alias) == 0 && is_table(table) && !is_among(table, small_tables, small_count)) return true;
        memcpy(earlier, before, sizeof before);
        memcpy(before, word, sizeof word);
    }
    return false;
}

static bool has_word(const char *sql, const char *wanted)
{
    char word[64];
    while (word_next(&sql, word))
        if (strcasecmp(word, wanted) == 0) return true;
    return false;
}

/* One plan: rows of id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra. */
static bool check_rows(MYSQL_RES *result, const struct db_query *q, bool *seen)
{
    bool good = true, limited = has_word(q->sql, "LIMIT");
    for (char **row; (row = mysql_fetch_row(result));) {
        const char *table = row[2], *type = row[3];
        *seen |= table && type;
        if (!table || !type || *table == '<' || !grows(q, table)) continue;
        if (strcmp(type, "ALL") == 0 || (strcmp(type, "index") == 0 && !limited))
            good = checksql_fail(q, "reads all of %s (type %s, key %s)", table, type, row[5] ? row[5] : "none");
    }
    return good;
}

static bool check_plan(MYSQL *mysql, const struct db_query *q, bool second, bool *seen)
{
    char *sql = explain_text(q, second);
    bool good;
    if (mysql_query(mysql, sql)) {
        good = checksql_fail(q, "%s: %s", sql, mysql_error(mysql));
    } else {
        MYSQL_RES *result = mysql_store_result(mysql);
        good = check_rows(result, q, seen);
        mysql_free_result(result);
    }
    free(sql);
    return good;
}

bool plan_check(MYSQL *mysql, const struct db_query *q)
{
    if (strncasecmp(q->sql, "INSERT", 6) == 0 && !has_word(q->sql, "SELECT")) return true;
    bool seen = false;
    if (!check_plan(mysql, q, false, &seen) || !check_plan(mysql, q, true, &seen)) return false;
    if (!seen && has_word(q->sql, "FROM"))
        printf("note: %s: %s: its plan cannot be seen with samples\n", q->origin, q->name);
    return true;
}
