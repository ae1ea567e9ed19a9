/* db_private.h - what the files of db share: db.c (handle, transaction, errors), db_connect.c (a connection as we want
 * it), db_statement.c (prepared statements and values). Nobody else includes this, but for db_schema.h's two functions.
 */
#ifndef FCGI_DB_PRIVATE_H
#define FCGI_DB_PRIVATE_H

#include "db.h"

#include <mariadb/mysql.h>

/* Room for one parameter or one column of a fixed size. */
struct db_cell {
    union {
        uint64_t u;
        MYSQL_TIME time;
        uint8_t octets[40]; /* also of most texts: names, addresses, words */
    };
    unsigned long length;
    my_bool null, error;
};

/* A query prepared on the present connection; stmt is NULL until its first use there. */
struct db_statement {
    MYSQL_STMT *stmt;
    MYSQL_BIND *in, *out;
    struct db_cell *in_cells, *out_cells;
};

struct db {
    struct db_options options;
    MYSQL *mysql;                    /* NULL: not connected */
    struct db_statement *statements; /* by slot */
    struct arena *arena;
    bool writes_allowed, patient, in_transaction, commit_unknown;
    enum db_result
        doomed; /* why the transaction failed; until it is rolled back nothing else runs. DB_OK: it did not */
    enum db_result refused; /* what the last attempt to connect came to, remembered for a moment */
    uint64_t refused_at;
    unsigned queries;
    uint64_t microseconds;
};

/* Monotonic microseconds. */
uint64_t db_clock(void);

/* Close the connection, if there is one. The server forgets the transaction and every prepared statement. */
void db_disconnect(struct db *db);

/* A statement failed on the present connection: decide whose fault it is, log it, roll back or close. `name` says which
 * (with file and line). `text` is the server's message: logged only when `harmless`, for it can quote values. */
enum db_result db_fail(struct db *db, const char *name, unsigned error, const char *text, bool harmless);

/* The transaction cannot go on, for a reason that was logged: roll it back. Returns r. */
enum db_result db_abandon(struct db *db, enum db_result r);

/* Send a statement without parameters and without rows. */
enum db_result db_command(struct db *db, const char *sql);

/* Run a query on the present connection, inside whatever transaction there is. */
enum db_result db_statement_run(struct db *db, const struct db_query *query, const struct db_value *in,
                                struct db_value **rows, uint64_t *n);

/* After the connection is gone: drop what was prepared on it. */
void db_statements_forget(struct db *db);

#endif
