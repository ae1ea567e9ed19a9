/* checksql.h - what the two halves of `make check-sql` share. */
#ifndef SQL_CHECKSQL_H
#define SQL_CHECKSQL_H

#include "db.h"

#include <mariadb/mysql.h>

/* Run a statement; its rows, or NULL for none. Ends the program when it fails. */
MYSQL_RES *checksql_ask(MYSQL *mysql, const char *sql);

/* Say what is wrong with a query, with its file and line. Returns false. */
bool checksql_fail(const struct db_query *q, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Make the empty scratch database look like a big one: a row in each table, statistics of a million. */
void plan_prepare(MYSQL *mysql);

/* Whether no plan of the query reads all of a table that grows. Prints what is wrong. */
bool plan_check(MYSQL *mysql, const struct db_query *q);

#endif
