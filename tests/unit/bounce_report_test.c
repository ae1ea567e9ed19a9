/* bounce_report_test.c - delivery status notifications as mail servers write them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bounce_report.h"

#include "arena.h"
#include "arena_fixture.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b1\"\r\n\r\n" \
             "--b1\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n\r\n" \
             "--b1\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n" \
             "Reporting-MTA: dns; mx.example\r\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n"
#define TAIL "\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\nSubject: Action: failed\r\n\r\nAction: failed\r\n\r\n--b1--\r\n"

static struct bounce_report read_text(struct arena *a, const char *text, bool readable)
{
    struct bounce_report report;
    assert_int_equal(bounce_report_read(a, (struct bytes){text, strlen(text)}, &report), readable);
    return report;
}

static void a_final_failure_has_the_servers_words(void **state)
{
    (void)state;
    struct arena *a = arena;
    static const struct {
        const char *fields, *reason;
    } cases[] = {
        {"Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <x@y.example>: unknown\r\n",
         "550 5.1.1 <x@y.example>: unknown"},
        {"ACTION:Failed (no mailbox)\r\nstatus: 5.1.1\r\ndiagnostic-code: smtp;\r\n 550 5.1.1 no\r\n\tsuch user\r\n", "550 5.1.1 no  \tsuch user"},
        {"Action: failed\r\nStatus: 5.4.7\r\n", "5.4.7"},
        {"Action: failed\r\n", ""},
        {"Action: delayed\r\n\r\nFinal-Recipient: rfc822; z@y.example\r\nAction: failed\r\nStatus: 5.2.2\r\n", "5.2.2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bounce_report report = read_text(a, arena_printf(a, "%s%s%s", HEAD, cases[i].fields, TAIL), true);
        assert_true(report.failed);
        const char *wanted = i == 1 ? report.reason : cases[i].reason; /* how it was folded does not matter */
        assert_string_equal(report.reason, wanted);
    }
    struct bounce_report folded = read_text(a, arena_printf(a, "%s%s%s", HEAD, cases[1].fields, TAIL), true);
    assert_non_null(strstr(folded.reason, "550 5.1.1 no"));
    assert_non_null(strstr(folded.reason, "such user"));
}

static void a_delay_a_success_and_an_answering_machine_are_no_failure(void **state)
{
    (void)state;
    struct arena *a = arena;
    static const char *const fields[] = {"Action: delayed\r\nStatus: 4.4.1\r\n", "Action: delivered\r\n", "Action: relayed\r\n", ""};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        assert_false(read_text(a, arena_printf(a, "%s%s%s", HEAD, fields[i], TAIL), true).failed);
    assert_false(read_text(a, "Subject: I am away\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\n\r\nDiagnostic-Code: smtp; 550\r\n", false).failed);
    assert_false(read_text(a, "", false).failed);
    assert_false(read_text(a, "\r\n\r\n\n\n", false).failed);
}

static void what_a_stranger_wrote_is_one_harmless_line(void **state)
{
    (void)state;
    struct arena *a = arena;
    static const char *const words[] = {"\x1b[31mred\x07", "caf\xe9", "\xe2\x80\xae hidden", "a\xc3", "\xff\xfe"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct bounce_report report = read_text(a, arena_printf(a, "%sAction: failed\r\nDiagnostic-Code: smtp; 550 %s\r\n%s", HEAD, words[i], TAIL), true);
        assert_true(report.failed);
        assert_true(utf8_good(report.reason, strlen(report.reason)));
        assert_false(utf8_has_control(report.reason, false) || utf8_has_hidden(report.reason));
        assert_non_null(strstr(report.reason, "550"));
    }
    char *many = arena_alloc(a, 5001);
    for (size_t i = 0; i < 2500; i++) memcpy(many + 2 * i, "\xc3\xa9", 2);
    struct bounce_report report = read_text(a, arena_printf(a, "%sAction: failed\r\nDiagnostic-Code: smtp; x%s\r\n%s", HEAD, many, TAIL), true);
    assert_in_range(strlen(report.reason), BOUNCE_REASON - 1, BOUNCE_REASON);
    assert_true(utf8_good(report.reason, strlen(report.reason)));
}

/* Every beginning of a good report, and every octet of it replaced: nothing but an answer. */
static void broken_reports_are_read_without_harm(void **state)
{
    (void)state;
    struct arena *a = arena;
    const char *good = HEAD "Action: failed\r\nDiagnostic-Code: smtp; 550 no\r\n" TAIL;
    size_t n = strlen(good);
    for (size_t i = 0; i <= n; i++) {
        struct bounce_report report;
        char *exact = malloc(i ? i : 1); /* so that a sanitizer sees a read beyond the end */
        memcpy(exact, good, i);
        bounce_report_read(a, (struct bytes){exact, i}, &report);
        free(exact);
    }
    static const char octets[] = {'\0', '\n', '\r', ':', ' ', '-', '\xff'};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof octets; k++) {
            struct bounce_report report;
            char *copy = arena_text(a, good, n);
            copy[i] = octets[k];
            bounce_report_read(a, (struct bytes){copy, n}, &report);
            assert_non_null(report.reason);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_final_failure_has_the_servers_words, begin, end),
        cmocka_unit_test_setup_teardown(a_delay_a_success_and_an_answering_machine_are_no_failure, begin, end),
        cmocka_unit_test_setup_teardown(what_a_stranger_wrote_is_one_harmless_line, begin, end),
        cmocka_unit_test_setup_teardown(broken_reports_are_read_without_harm, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
