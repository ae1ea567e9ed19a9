/* scratch_server.h - a private mariadbd in a folder of its own under /tmp, for one test program.
 *
 * Its root has no password: nobody else can enter the folder with the socket, and any user may run the tests.
 * With TEST_DB_SOCKET set, that server is used instead and can be neither stopped nor killed.
 */
#ifndef TESTS_SCRATCH_SERVER_H
#define TESTS_SCRATCH_SERVER_H

#include <mariadb/mysql.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    bool ours;
    pid_t pid;
    char dir[64], socket[128];
} scratch;

/* A connection beside the one under test. */
static MYSQL *scratch_connect(const char *database)
{
    MYSQL *mysql = mysql_init(NULL);
    if (mysql_real_connect(mysql, NULL, "root", "", database, 0, scratch.socket, 0)) return mysql;
    mysql_close(mysql);
    return NULL;
}

static void scratch_sql(MYSQL *mysql, const char *sql)
{
    if (mysql_query(mysql, sql)) {
        fprintf(stderr, "%s: %s\n", sql, mysql_error(mysql));
        exit(1);
    }
    mysql_free_result(mysql_store_result(mysql));
}

static void scratch_shell(const char *format, const char *dir)
{
    char command[400];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(command, sizeof command, format, dir, dir);
#pragma GCC diagnostic pop
    if (system(command) != 0) {
        fprintf(stderr, "failed: %s\n", command);
        exit(1);
    }
}

/* Start mariadbd on the folder, and wait until it answers. */
static void scratch_run(void)
{
    char data[100], where[140], error_log[100];
    snprintf(data, sizeof data, "--datadir=%s/data", scratch.dir);
    snprintf(where, sizeof where, "--socket=%s", scratch.socket);
    snprintf(error_log, sizeof error_log, "--log-error=%s/error.log", scratch.dir);
    scratch.pid = fork();
    if (scratch.pid == 0) {
        execlp("mariadbd", "mariadbd", "--no-defaults", "--skip-networking", data, where, error_log,
               geteuid() ? NULL : "--user=root", NULL);
        _exit(127);
    }
    for (int i = 0; i < 300; i++) {
        MYSQL *mysql = scratch_connect(NULL);
        if (mysql) {
            mysql_close(mysql);
            return;
        }
        usleep(50000);
    }
    fprintf(stderr, "mariadbd does not answer; see %s/error.log\n", scratch.dir);
    exit(1);
}

static void scratch_kill(int signal)
{
    if (scratch.pid <= 0) return;
    kill(scratch.pid, SIGCONT);
    kill(scratch.pid, signal);
    waitpid(scratch.pid, NULL, 0);
    scratch.pid = 0;
}

static void scratch_end(void)
{
    if (!scratch.ours) return;
    scratch_kill(SIGKILL);
    scratch_shell("rm -rf %s", scratch.dir);
}

static void scratch_start(void)
{
    const char *given = getenv("TEST_DB_SOCKET");
    if (given) {
        snprintf(scratch.socket, sizeof scratch.socket, "%s", given);
        return;
    }
    char path[4096]; /* mariadbd is not on everybody's */
    snprintf(path, sizeof path, "%s:/usr/sbin:/sbin", getenv("PATH"));
    setenv("PATH", path, 1);
    scratch.ours = true;
    strcpy(scratch.dir, "/tmp/db_test.XXXXXX");
    if (!mkdtemp(scratch.dir)) abort();
    snprintf(scratch.socket, sizeof scratch.socket, "%s/socket", scratch.dir);
    atexit(scratch_end);
    setenv("TMPDIR", scratch.dir, 1); /* its temporary tables have the same names as those of another server that is made now */
    scratch_shell(
        "mariadb-install-db --no-defaults $([ $(id -u) = 0 ] && echo --user=root) --datadir=%s/data --skip-test-db "
        "--auth-root-authentication-method=normal >%s/install.log 2>&1",
        scratch.dir);
    scratch_run();
}

#endif
