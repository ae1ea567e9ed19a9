/* config_test.c - the configuration's parser: defaults, the file, the environment over it, and everything that refuses to start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/config-test-XXXXXX";
static struct config config;

static void write_file(const char *text, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

/* What config_read said on standard error, and whether it was satisfied. */
static bool read_saying(const char *text, char said[2048])
{
    write_file(text, strlen(text));
    int kept = dup(2), pipes[2];
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], 2);
    bool good = config_read(&config, path);
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    close(pipes[1]);
    ssize_t n = read(pipes[0], said, 2047);
    said[n > 0 ? n : 0] = 0;
    close(pipes[0]);
    return good;
}

static void assert_refused(const char *text, const char *words)
{
    char said[2048];
    assert_false(read_saying(text, said));
    if (!strstr(said, words)) fail_msg("%s\nis refused with\n%swhich does not say: %s", text, said, words);
}

static void assert_accepted(const char *text)
{
    char said[2048];
    if (!read_saying(text, said)) fail_msg("%s\nis refused with\n%s", text, said);
    assert_string_equal(said, "");
}

static void defaults_need_no_file(void **state)
{
    (void)state;
    assert_true(config_read(&config, NULL));
    assert_int_equal(config.web_workers, 4);
    assert_true(config.mailer);
    assert_string_equal(config.database_host, "");
}

static void a_file_sets_values(void **state)
{
    (void)state;
    assert_accepted("# words\n\n  web_workers=3  \nbase_url = https://portal.example:8443\nmailer = false\r\nportal_name = A = B # C\n");
    assert_int_equal(config.web_workers, 3);
    assert_false(config.mailer);
    assert_string_equal(config.portal_name, "A = B # C");
    assert_string_equal(config.base_url, "https://portal.example:8443");
}

static void mistakes_name_their_line(void **state)
{
    (void)state;
    assert_refused("\nweb_workers = 0\n", ":2: web_workers = 0: must be a number from 1 to 96");
    assert_refused("bounce_address = bounce\n", "bounce_address: must be an address like");
    assert_refused("bounce_address = far-too-long-for-this@portal.example\n", "bounce_address: must be");
    assert_refused("bounce_address = a+b@portal.example\n", "bounce_address: must be");
    assert_refused("web_workers = 8x\n", "must be a number");
    assert_refused("web_workers = -1\n", "must be a number");
    assert_refused("web_workers = 99999999999999999999\n", "must be a number");
    assert_refused("colour = red\n", ":1: unknown key `colour`");
    assert_refused("web_workers\n", "is not `key = value`");
    assert_refused("mailer = yes\n", "must be true or false");
    assert_refused("log_level = inf\n", "must be one of");
    assert_refused("web_workers = 2\nweb_workers = 2\n", ":2: `web_workers` stands here a second time");
    assert_refused("portal_name =\n", "must not be empty");
    assert_refused("portal_name = a\x01z\n", "control character");
    assert_refused("web_socket = run/web.sock\n", "must be an absolute path");
    assert_refused("password_memory_mib = 19\npassword_passes = 1\n", "at least 2");
    assert_refused("database_host = db.example\n", "verified TLS");
    assert_refused("web_socket = /a\nauth_socket = /a\n", "must be different");
}

static void every_mistake_is_told_at_once(void **state)
{
    (void)state;
    char said[2048];
    assert_false(read_saying("a = 1\nb = 2\n", said));
    assert_non_null(strstr(said, "`a`"));
    assert_non_null(strstr(said, "`b`"));
}

static void links_begin_with_a_safe_address(void **state)
{
    (void)state;
    const char *const good[] = {"https://portal.example", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:80", "https://[2001:db8::1]:444"};
    const char *const bad[] = {"http://portal.example", "https://portal.example/", "https://portal.example/x", "portal.example", "https://", "https://a b",
                               "http://localhost.evil.example", "https://a\"b", "https://a@b", "javascript:alert(1)", "https://[::1"};
    char line[256];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(line, sizeof line, "base_url = %s\n", good[i]);
        assert_accepted(line);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(line, sizeof line, "base_url = %s\n", bad[i]);
        assert_refused(line, ":1: base_url = ");
    }
}

static void the_environment_wins(void **state)
{
    (void)state;
    setenv("INVITED_WEB_WORKERS", "5", 1);
    assert_accepted("web_workers = 3\n");
    assert_int_equal(config.web_workers, 5);
    setenv("INVITED_WEB_WORKERS", "many", 1);
    assert_refused("", "environment: web_workers = many");
    unsetenv("INVITED_WEB_WORKERS");
    setenv("INVITED_COLOUR", "red", 1);
    assert_refused("", "environment: unknown variable INVITED_COLOUR");
    unsetenv("INVITED_COLOUR");
}

static void a_nul_octet_is_refused(void **state)
{
    (void)state;
    write_file("portal_name = a\0b\n", 18);
    assert_false(config_read(&config, path));
}

static void a_missing_file_is_refused(void **state)
{
    (void)state;
    assert_false(config_read(&config, "/nonexistent/invited.conf"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_need_no_file),       cmocka_unit_test(a_file_sets_values),
        cmocka_unit_test(mistakes_name_their_line),    cmocka_unit_test(every_mistake_is_told_at_once),
        cmocka_unit_test(links_begin_with_a_safe_address), cmocka_unit_test(the_environment_wins),
        cmocka_unit_test(a_nul_octet_is_refused),      cmocka_unit_test(a_missing_file_is_refused),
    };
    close(mkstemp(path));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
