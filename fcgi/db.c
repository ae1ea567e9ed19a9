/* db.c - see db.h. The handle, the transaction, and what an error of the server means. */
#include "db_private.h"

#include "arena.h"
#include "db_schema.h"
#include "log.h"

#include <mariadb/errmsg.h>
#include <mariadb/mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STALE_MICROSECONDS = 1000000 }; /* a connection that is found dead faster than this was dead before */

uint64_t db_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

struct db *db_new(const struct db_options *options)
{
    struct db *db = calloc(1, sizeof *db);
    if (db) db->statements = calloc(db_queries_count + 1, sizeof *db->statements);
    if (!db || !db->statements) log_bug("no memory for the database");
    db->options = *options;
    db->writes_allowed = true;
    return db;
}

struct db *db_new_patient(const struct db_options *options)
{
    struct db *db = db_new(options);
    db->patient = true;
    return db;
}

void db_free(struct db *db)
{
    if (!db) return;
    db_disconnect(db);
    free(db->statements);
    free(db);
}

void db_start(struct db *db, struct arena *arena)
{
    if (db->in_transaction) log_error("database: a transaction was left open; it is rolled back");
    db_rollback(db);
    db->arena = arena;
    db->queries = 0;
    db->microseconds = 0;
}

void db_arena_use(struct db *db, struct arena *arena)
{
    db->arena = arena;
}

struct arena *db_arena(const struct db *db)
{
    return db->arena;
}

void db_allow_writes(struct db *db, bool allowed)
{
    db->writes_allowed = allowed;
}

bool db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

bool db_commit_unknown(const struct db *db)
{
    return db->commit_unknown;
}

unsigned db_queries(const struct db *db)
{
    return db->queries;
}

uint64_t db_microseconds(const struct db *db)
{
    return db->microseconds;
}

/* ---- errors ---- */

/* Whose fault an error is. *lost: the connection is of no use any more. */
static enum db_result error_result(unsigned error, bool *lost)
{
    *lost = false;
    switch (error) {
    case ER_DUP_ENTRY: return DB_CONFLICT;
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_LOCK_DEADLOCK:
    case ER_CHECKREAD: return DB_RETRY;
    /* The server is there, but not for this statement now. */
    case ER_STATEMENT_TIMEOUT:
    case ER_QUERY_INTERRUPTED:
    case ER_DISK_FULL:
    case ER_ERROR_ON_WRITE:
    case ER_GET_ERRNO:
    case ER_RECORD_FILE_FULL: return DB_DOWN;
    case 0: /* a failure without an error is a lost connection too */
    case ER_CON_COUNT_ERROR:
    case ER_OUT_OF_RESOURCES:
    case ER_OUTOFMEMORY:
    case ER_UNKNOWN_COM_ERROR: /* a cluster node that is not ready */
    case ER_SERVER_SHUTDOWN:
    case ER_NORMAL_SHUTDOWN:
    case ER_SHUTDOWN_COMPLETE:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
    case ER_CONNECTION_KILLED:
    case ER_NEW_ABORTING_CONNECTION:
    case ER_OPTION_PREVENTS_STATEMENT: /* read-only: look for the server that is not */
    case ER_READ_ONLY_MODE:
    case ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
    case ER_MAX_PREPARED_STMT_COUNT_REACHED: *lost = true; return DB_DOWN;
    case CR_NO_PREPARE_STMT:
    case CR_PARAMS_NOT_BOUND:
    case CR_INVALID_PARAMETER_NO:
    case CR_INVALID_BUFFER_USE:
    case CR_UNSUPPORTED_PARAM_TYPE: return DB_BUG;
    default:
        if (error < CR_MIN_ERROR || error > 2999) return DB_BUG;
        *lost = true; /* every other error of the client library is about the connection */
        return DB_DOWN;
    }
}

static void rollback_send(struct db *db)
{
    db->in_transaction = false;
    if (mysql_real_query(db->mysql, "ROLLBACK", 8) == 0) return;
    log_warning("database: no answer to ROLLBACK (%u)", mysql_errno(db->mysql));
    db_disconnect(db);
}

enum db_result db_abandon(struct db *db, enum db_result r)
{
    if (!db->in_transaction) return r;
    db->doomed = r;
    rollback_send(db);
    return r;
}

enum db_result db_fail(struct db *db, const char *name, unsigned error, const char *text, bool harmless)
{
    bool lost;
    enum db_result r = error_result(error, &lost);
    if (r == DB_CONFLICT) return r;
    const char *colon = harmless ? ": " : "", *words = harmless ? text : "";
    if (r == DB_BUG) log_error("database: %s: error %u%s%s", name, error, colon, words);
    else if (r == DB_RETRY) log_info("database: %s: error %u, to be repeated%s%s", name, error, colon, words);
    else log_warning("database: %s: error %u%s%s%s", name, error, lost ? ", connection closed" : "", colon, words);
    if (!harmless) log_debug("database: %s: %s", name, text);

    if (!lost) return db_abandon(db, r);
    if (db->in_transaction) db->doomed = r;
    db_disconnect(db);
    return r;
}

enum db_result db_name_unknown(struct db *db, const struct db_query *query, const char *column)
{
    log_error("database: %s %s: column %s holds a name that its enum does not know", query->origin, query->name,
              column);
    return db_abandon(db, DB_BUG);
}

/* ---- transaction ---- */

enum db_result db_command(struct db *db, const char *sql)
{
    if (mysql_real_query(db->mysql, sql, strlen(sql)) == 0) return DB_OK;
    return db_fail(db, sql, mysql_errno(db->mysql), mysql_error(db->mysql), true);
}

enum db_result db_schema_change(struct db *db, const char *sql)
{
    TRY(db_connect(db));
    if (mysql_real_query(db->mysql, sql, strlen(sql)) == 0) return DB_OK;
    return db_fail(db, "a change of the schema", mysql_errno(db->mysql), mysql_error(db->mysql), true);
}

static bool is_write(const struct db_query *query)
{
    return query->kind >= DB_EXEC;
}

static enum db_result attempt(struct db *db, const struct db_query *query, const struct db_value *in,
                              struct db_value **rows, uint64_t *n)
{
    TRY(db_connect(db));
    if (is_write(query) && !db->in_transaction) {
        TRY(db_command(db, "START TRANSACTION"));
        db->in_transaction = true;
    }
    return db_statement_run(db, query, in, rows, n);
}

enum db_result db_run(struct db *db, const struct db_query *query, const struct db_value *in, struct db_value **rows,
                      uint64_t *n)
{
    if (db->doomed != DB_OK) return db->doomed;
    if (is_write(query) && !db->writes_allowed) {
        log_error("database: %s %s changes something, which this request may not", query->origin, query->name);
        return db_abandon(db, DB_BUG);
    }
    db->queries++;
    uint64_t start = db_clock();
    bool idle = db->mysql && !db->in_transaction;
    enum db_result r = attempt(db, query, in, rows, n);
    uint64_t end = db_clock();
    /* A connection that died while nobody used it (restart, wait_timeout) is nobody's problem: nothing was under way.
     */
    if (r == DB_DOWN && idle && !db->mysql && db->doomed == DB_OK && end - start < STALE_MICROSECONDS) {
        r = attempt(db, query, in, rows, n);
        end = db_clock();
    }
    db->microseconds += end - start;
    return r;
}

/* Whether the server, answering this error to COMMIT, has surely not committed. */
static bool surely_not_committed(unsigned error)
{
    bool lost;
    return error_result(error, &lost) == DB_RETRY || error == ER_OPTION_PREVENTS_STATEMENT ||
           error == ER_READ_ONLY_MODE;
}

static enum db_result commit(struct db *db)
{
    if (!(db->mysql->server_status & SERVER_STATUS_IN_TRANS)) {
        log_error("database: the server has lost the transaction before COMMIT");
        rollback_send(db);
        return DB_RETRY;
    }
    if (mysql_real_query(db->mysql, "COMMIT", 6) == 0) {
        db->in_transaction = false;
        return DB_OK;
    }
    unsigned error = mysql_errno(db->mysql);
    if (surely_not_committed(error)) {
        log_info("database: COMMIT: error %u, to be repeated", error);
        rollback_send(db);
        return DB_RETRY;
    }
    log_warning("database: COMMIT: error %u: whether it took place is unknown", error);
    db->commit_unknown = true;
    db_disconnect(db);
    return DB_DOWN;
}

enum db_result db_commit(struct db *db)
{
    db->commit_unknown = false;
    if (db->doomed != DB_OK) {
        enum db_result r = db->doomed;
        db->doomed = DB_OK;
        return r;
    }
    if (!db->in_transaction) return DB_OK;
    uint64_t start = db_clock();
    enum db_result r = commit(db);
    db->microseconds += db_clock() - start;
    return r;
}

void db_rollback(struct db *db)
{
    db->doomed = DB_OK;
    if (!db->in_transaction) return;
    uint64_t start = db_clock();
    rollback_send(db);
    db->microseconds += db_clock() - start;
}
