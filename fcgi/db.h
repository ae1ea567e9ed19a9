/* db.h - one connection to MariaDB: statements prepared once, typed values, one transaction a request.
 *
 * Nobody calls db_run but the functions that sql/queryc.c generates. Whose fault a failure is:
 *   DB_NONE      no such row, or a `change` that did not meet its condition: an answer, not a fault
 *   DB_CONFLICT  a unique key said no: an answer too
 *   DB_RETRY     deadlock, lock time-out, snapshot conflict: run the whole handler again
 *   DB_DOWN      the server or the connection: 503, and reconnect at the next request
 *   DB_BUG       our statement is wrong: 500 and a line in the log
 * After anything but DB_OK, DB_NONE and DB_CONFLICT the transaction is rolled back, and every further statement gets the
 * same answer until db_rollback, db_commit or db_start has ended it.
 */
#ifndef FCGI_DB_H
#define FCGI_DB_H

#include "types.h"

enum db_result { DB_OK, DB_NONE, DB_CONFLICT, DB_RETRY, DB_DOWN, DB_BUG };

/* Leave a function that returns enum db_result as soon as something is not DB_OK. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum db_result try_result_ = (call);                                                       \
        if (try_result_ != DB_OK) return try_result_;                                              \
    } while (0)

struct arena;
struct db;

/* Where and as whom to connect. host empty: the unix socket. Several hosts are separated by commas
 * and tried in order, each `name` or `name:port`. password may be "". The texts must outlive the db. */
struct db_options {
    const char *host, *socket, *user, *password, *name;
    const char *tls_ca; /* PEM file; a remote host is spoken to only over verified TLS */
};

/* A handle without a connection yet; the first statement connects. */
struct db *db_new(const struct db_options *options);
void db_free(struct db *db);

/* Results live in this arena until it is reset. Also starts the request's counters anew. */
void db_start(struct db *db, struct arena *arena);

/* Results live in another arena from now on, until the next db_start: for who reads more in one request than fits into memory, and resets
 * that arena between its pages. */
void db_arena_use(struct db *db, struct arena *arena);

/* While false (GET, HEAD) a statement of kind exec, change or insert is refused as DB_BUG: a GET changes nothing. */
void db_allow_writes(struct db *db, bool allowed);

/* The first write opens the transaction by itself; reads before it see committed data.
 * db_commit: DB_OK when durable (or nothing was written), DB_RETRY when surely not committed,
 * DB_DOWN when nobody knows: read back what happened (db_commit_unknown says so). */
enum db_result db_commit(struct db *db) __attribute__((warn_unused_result));
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* Whether the last db_commit lost the connection while the answer was under way. */
bool db_commit_unknown(const struct db *db);

/* Connect now if not connected (used at start and by /readyz). DB_OK or DB_DOWN; DB_BUG for a server whose
 * settings we refuse (innodb_flush_log_at_trx_commit, clock more than 2 s away), logged with the cure. */
enum db_result db_connect(struct db *db) __attribute__((warn_unused_result));

/* For the request's log line. */
unsigned db_queries(const struct db *db);
uint64_t db_microseconds(const struct db *db);

/* ---- what the generated code uses ---- */

enum db_type { DB_U64, DB_I64, DB_BOOL, DB_TEXT, DB_BYTES, DB_ID, DB_HASH, DB_TIME };

/* One parameter or one column. For DB_ID and DB_HASH and DB_TEXT and DB_BYTES: bytes. */
struct db_value {
    enum db_type type;
    bool null;
    union {
        uint64_t u;
        int64_t i;
        struct moment t;
        struct bytes s;
    };
};

enum db_kind { DB_ONE, DB_MANY, DB_EXEC, DB_CHANGE, DB_INSERT };

/* A query of sql/queries, compiled. `slot` is its place in every connection's table of prepared statements. */
struct db_query {
    const char *name, *sql;
    const char *origin; /* file:line */
    enum db_kind kind;
    unsigned slot, parameters, columns;
    const enum db_type *column_types;
    const bool *column_nullable;
    const char *const *column_names;
    const char *const *const *column_values; /* of an enum: its names, ended by NULL; else NULL */

    /* For check-sql. */
    const enum db_type *parameter_types;
    const bool *parameter_nullable;
    const char *const *parameter_names;
    const char *const *const *parameter_values;
};

/* All of them, for the cache's size and for check-sql. Generated. */
extern const struct db_query *const db_queries_all[];
extern const unsigned db_queries_count;

/* Run one. `in` has query->parameters values. For DB_ONE `*rows` receives columns values; for DB_MANY
 * n * columns values, row after row. `*n` receives the rows (ONE, MANY), the affected rows (EXEC, CHANGE) or the
 * new AUTO_INCREMENT id (INSERT). CHANGE: exactly one row, else DB_NONE. */
enum db_result db_run(struct db *db, const struct db_query *query, const struct db_value *in,
                      struct db_value **rows, uint64_t *n) __attribute__((warn_unused_result));

/* Where results live: the arena of db_start, or of db_arena_use. */
struct arena *db_arena(const struct db *db);

/* A column held a name that its enum does not know: logged, rolled back, DB_BUG. */
enum db_result db_name_unknown(struct db *db, const struct db_query *query, const char *column);

#endif
