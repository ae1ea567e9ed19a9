/* db_connect.c - a connection as we want it: the first host that answers, verified TLS when it is remote, our settings
 * in the session, and a server whose own settings keep what we promise.
 */
#include "db_private.h"

#include "log.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CONNECT_SECONDS = 2, /* for the connection and for the server's greeting each */
    READ_SECONDS = 7,
    WRITE_SECONDS = 10,
    REMEMBER_MICROSECONDS = 250000, /* a storm of requests asks a server that is down four times a second */
    CLOCK_MICROSECONDS = 2000000
};

/* A lock is given up (DB_RETRY) before the statement that waits for it is ended (DB_DOWN): 4 and 5 seconds. */
static const char session_settings[] =
    "SET time_zone = '+00:00', "
    "sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE', "
    "innodb_snapshot_isolation = ON, innodb_lock_wait_timeout = 4, join_cache_level = 0";
static const char session_limits[] = "SET max_statement_time = 5, idle_transaction_timeout = 30";
static const char session_patience[] = "SET wait_timeout = 86400";

void db_disconnect(struct db *db)
{
    if (!db->mysql) return;
    mysql_close(db->mysql);
    db_statements_forget(db);
    db->mysql = NULL;
    db->in_transaction = false;
}

static bool is_set(const char *text)
{
    return text && *text;
}

static bool is_loopback(const char *host)
{
    return !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1") || !strcmp(host, "::1");
}

/* host NULL: the unix socket. */
static void set_options(const struct db *db, MYSQL *mysql, const char *host)
{
    unsigned connect = CONNECT_SECONDS, read = db->patient ? 0 : READ_SECONDS, write = WRITE_SECONDS;
    unsigned protocol = host ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET, off = 0;
    my_bool yes = 1, no = 0;
    mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
    mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &read);
    mysql_optionsv(mysql, MYSQL_OPT_WRITE_TIMEOUT, &write);
    mysql_optionsv(mysql, MYSQL_OPT_RECONNECT, &no);
    mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
    mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!host || (is_loopback(host) && !is_set(db->options.tls_ca))) return;
    mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    mysql_optionsv(mysql, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
    if (is_set(db->options.tls_ca)) mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, db->options.tls_ca);
}

/* NULL: the next host, please. The reason was logged. */
static MYSQL *connect_to(const struct db *db, const char *host, unsigned port)
{
    const struct db_options *o = &db->options;
    MYSQL *mysql = mysql_init(NULL);
    if (!mysql) log_bug("no memory for a connection");
    set_options(db, mysql, host);
    if (mysql_real_connect(mysql, host, o->user, o->password, o->name, port, host ? NULL : o->socket,
                           CLIENT_FOUND_ROWS))
        return mysql;
    log_warning("database: cannot connect to %s: %s (%u)", host ? host : o->socket, mysql_error(mysql),
                mysql_errno(mysql));
    mysql_close(mysql);
    return NULL;
}

/* `name`, `name:port` or `[v6 address]:port`, cut apart in place. */
static unsigned host_port(char **host)
{
    char *colon = strrchr(*host, ':'), *bracket = **host == '[' ? strchr(*host, ']') : NULL;
    if (bracket) {
        ++*host;
        *bracket = 0;
        if (bracket[1] != ':') return 3306;
    } else if (!colon || strchr(*host, ':') != colon) {
        return 3306; /* no port, or a bare IPv6 address */
    }
    *colon = 0;
    return (unsigned)strtoul(colon + 1, NULL, 10);
}

static MYSQL *connect_any(const struct db *db)
{
    if (!is_set(db->options.host)) return connect_to(db, NULL, 0);
    char *list = strdup(db->options.host), *rest = list, *host;
    if (!list) log_bug("no memory for the list of hosts");
    MYSQL *mysql = NULL;
    while (!mysql && (host = strsep(&rest, ","))) {
        host += strspn(host, " ");
        host[strcspn(host, " ")] = 0;
        unsigned port = host_port(&host);
        if (*host) mysql = connect_to(db, host, port);
    }
    free(list);
    return mysql;
}

static int64_t wall_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* flush, microseconds, wsrep */
static enum db_result check_row(char **row, int64_t before, int64_t after)
{
    if (!row[0] || strcmp(row[0], "1") != 0) {
        log_error("database: innodb_flush_log_at_trx_commit is not 1: an answered request could be lost; set it to 1");
        return DB_BUG;
    }
    int64_t theirs = row[1] ? strtoll(row[1], NULL, 10) : 0;
    if (theirs < before - CLOCK_MICROSECONDS || theirs > after + CLOCK_MICROSECONDS) {
        log_error("database: its clock is %lld ms away from this machine's: synchronise both",
                  (long long)(theirs - after) / 1000);
        return DB_BUG;
    }
    static bool warned;
    if (row[2] && strcmp(row[2], "0") && !warned) {
        log_warning("database: a Galera node (wsrep_on): only safe when all programs use the same one node");
        warned = true;
    }
    return DB_OK;
}

static enum db_result check_server(struct db *db)
{
    int64_t before = wall_clock();
    TRY(db_command(db, "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit, "
                       "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), @@wsrep_on"));
    MYSQL_RES *result = mysql_store_result(db->mysql);
    char **row = result ? mysql_fetch_row(result) : NULL;
    enum db_result r = row ? check_row(row, before, wall_clock())
                           : db_fail(db, "the server's settings", mysql_errno(db->mysql), mysql_error(db->mysql), true);
    mysql_free_result(result);
    return r;
}

static enum db_result settle(struct db *db)
{
    TRY(db_command(db, session_settings));
    TRY(db_command(db, db->patient ? session_patience : session_limits));
    return check_server(db);
}

enum db_result db_connect(struct db *db)
{
    if (db->mysql) return DB_OK;
    if (db->refused != DB_OK && db_clock() - db->refused_at < REMEMBER_MICROSECONDS) return db->refused;
    db->mysql = connect_any(db);
    enum db_result r = db->mysql ? settle(db) : DB_DOWN;
    if (r != DB_OK) db_disconnect(db);
    if (r != DB_OK && r != DB_BUG) r = DB_DOWN;
    db->refused = r;
    db->refused_at = db_clock();
    return r;
}
