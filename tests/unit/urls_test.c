/* urls_test.c - handlers/urls.c is handlers/routes.c read the other way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "router.h"
#include "routes.h"
#include "static.h"
#include "urls.h"

#include <string.h>

#define HEX "00112233445566778899aabbccddeeff"
#define TOKEN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0"

static const struct id id = {{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}};

/* How many lines of routes.c an address and method have, each looked for on its own. */
static unsigned routes_at(const char *path, enum method method, const struct route **last, const char **segment)
{
    unsigned n = 0;
    for (const struct route *r = routes; r->name; r++) {
        const struct route alone[] = {*r, {0}};
        struct router_match m = router_find(arena, alone, method, path);
        if (!m.route) continue;
        n++;
        *last = r;
        *segment = m.segment[0];
    }
    return n;
}

/* A link of a page (GET) or a form's action (POST) that no page has. */
struct made {
    struct url url;
    const char *get, *post, *segment;
};

static struct made *all_made(size_t *n)
{
    struct made list[] = {
        {url_root(), "root", NULL, NULL},
        {url_home(), "home", NULL, NULL},
        {url_sign_in(), "sign_in", "sign_in_do", NULL},
        {url_sign_out(), NULL, "sign_out", NULL},
        {url_forgot(), "forgot", "forgot_do", NULL},
        {url_account(), "account", "account_do", NULL},
        {url_reset(arena, TOKEN), "reset", "reset_do", TOKEN},
        {url_register(), "register", "register_do", NULL},
        {url_verify(), "verify", "verify_send", NULL},
        {url_verify_link(arena, TOKEN), "verify_link", "verify_link_do", TOKEN},
        {url_connect(), "connect", "connect_do", NULL},
        {url_industry(), "industry", NULL, NULL},
        {url_invitations(), NULL, "invite", NULL},
        {url_invitation(arena, id), "invitation", NULL, HEX},
        {url_invitation_resend(arena, id), NULL, "invitation_resend", HEX},
        {url_invitation_cancel(arena, id), "invitation_cancel", "invitation_cancel_do", HEX},
        {url_invitation_take_over(arena, id), NULL, "invitation_take_over", HEX},
        {url_invitation_copy(arena, id), "invitation_copy", "invitation_copy_do", HEX},
        {url_invitation_letter(arena, id), "invitation_letter", "invitation_letter_do", HEX},
        {url_invitation_change(arena, id), "invitation_change", "invitation_change_do", HEX},
        {url_invitation_correct(arena, id), "invitation_correct", "invitation_correct_do", HEX},
        {url_customers(), "customers", NULL, NULL},
        {url_partner(arena, false, id), "customer", "customer_edit", HEX},
        {url_partner_pause(arena, false, id), "customer_pause", "customer_pause_do", HEX},
        {url_partner_lift(arena, false, id), NULL, "customer_lift", HEX},
        {url_partner_disconnect(arena, false, id), "customer_disconnect", "customer_disconnect_do", HEX},
        {url_customer_messages(arena, id), "customer_messages", "customer_message_send", HEX},
        {url_supplier_messages(arena, id), "supplier_messages", "supplier_message_send", HEX},
        {url_vendor_messages(arena, id), "vendor_messages", "vendor_message_send", HEX},
        {url_suppliers(), "suppliers", NULL, NULL},
        {url_partner(arena, true, id), "supplier", "supplier_edit", HEX},
        {url_partner_pause(arena, true, id), "supplier_pause", "supplier_pause_do", HEX},
        {url_partner_lift(arena, true, id), NULL, "supplier_lift", HEX},
        {url_partner_disconnect(arena, true, id), "supplier_disconnect", "supplier_disconnect_do", HEX},
        {url_add(false), "add_customer", "add_customer_do", NULL},
        {url_add_check(false), "add_customer_check", NULL, NULL},
        {url_add_data(false), "add_customer_data", NULL, NULL},
        {url_add(true), "add_supplier", "add_supplier_do", NULL},
        {url_add_check(true), "add_supplier_check", NULL, NULL},
        {url_add_data(true), "add_supplier_data", NULL, NULL},
        {url_asking(false), "link_customer", "link_customer_do", NULL},
        {url_asking(true), "link_supplier", "link_supplier_do", NULL},
        {url_asking_withdraw(arena, false, id), "link_customer_withdraw", "link_customer_withdraw_do", HEX},
        {url_asking_withdraw(arena, true, id), "link_supplier_withdraw", "link_supplier_withdraw_do", HEX},
        {url_answer(arena, id), "home_request", NULL, HEX},
        {url_answer_accept(arena, id), NULL, "home_confirm", HEX},
        {url_answer_decline(arena, id), NULL, "home_refuse", HEX},
        {url_invitations_export(arena, "", "", ""), "invitations_export", NULL, NULL},
        {url_partners_export(arena, false, "", ""), "customers_export", NULL, NULL},
        {url_partners_export(arena, true, "", ""), "suppliers_export", NULL, NULL},
        {url_team(), "team", NULL, NULL},
        {url_team_requests(), NULL, "team_invite", NULL},
        {url_team_resend(arena, id), NULL, "team_resend", HEX},
        {url_team_cancel(arena, id), "team_cancel", "team_cancel_do", HEX},
        {url_team_role(arena, id), "team_role", "team_role_do", HEX},
        {url_team_remove(arena, id), "team_remove", "team_remove_do", HEX},
        {url_team_leave(), "team_leave", "team_leave_do", NULL},
        {url_join(arena, TOKEN), "join", NULL, TOKEN},
        {url_join_register(arena, TOKEN), NULL, "join_register", TOKEN},
        {url_join_sign_in(arena, TOKEN), NULL, "join_sign_in", TOKEN},
        {url_join_sign_out(arena, TOKEN), NULL, "join_sign_out", TOKEN},
        {url_join_accept(arena, TOKEN), NULL, "join_do", TOKEN},
        {url_shared(), "shared", NULL, NULL},
        {url_shared_received(), "shared_received", NULL, NULL},
        {url_shared_upload(), "shared_upload", "shared_upload_do", NULL},
        {url_shared_link(), "shared_link", "shared_link_do", NULL},
        {url_shared_note(), "shared_note", "shared_note_do", NULL},
        {url_shared_item(arena, id), "shared_item", "shared_audience_do", HEX},
        {url_shared_companies(arena, id), NULL, "shared_company_add", HEX},
        {url_shared_company_remove(arena, id), NULL, "shared_company_remove", HEX},
        {url_shared_remove(arena, id), "shared_remove", "shared_remove_do", HEX},
        {url_shared_file(arena, id), "shared_file", NULL, HEX},
        {url_vendor(arena, id), "vendor", NULL, HEX},
        {url_vendor_upload(arena, id), "vendor_upload", "vendor_upload_do", HEX},
        {url_vendor_note(arena, id), "vendor_note", "vendor_note_do", HEX},
        {url_file(arena, id), "vendor_file", NULL, HEX},
        {url_link(arena, TOKEN), "link", NULL, TOKEN},
        {url_link_register(arena, TOKEN), NULL, "link_register", TOKEN},
        {url_link_sign_in(arena, TOKEN), NULL, "link_sign_in", TOKEN},
        {url_link_sign_out(arena, TOKEN), NULL, "link_sign_out", TOKEN},
        {url_link_company(arena, TOKEN), "link_company", "link_company_do", TOKEN},
        {url_link_accept(arena, TOKEN), NULL, "link_accept", TOKEN},
        {url_link_decline(arena, TOKEN), "link_decline_show", "link_decline", TOKEN},
        {url_link_never(arena, TOKEN), "link_never", NULL, TOKEN},
        {url_link_ask(arena, TOKEN), NULL, "link_ask", TOKEN},
        {url_never(arena, TOKEN), "never", "never_do", TOKEN},
        {url_never_undo(arena, TOKEN), NULL, "never_undo", TOKEN},
        {url_company(), "company", "company_switch", NULL},
        {url_company_new(), "company_new", "company_new_do", NULL},
        {url_company_edit(), "company_edit", "company_edit_do", NULL},
        {url_colleagues(), "members", NULL, NULL},
        {url_colleague(arena, id), "member", "member_role_do", HEX},
        {url_colleague_remove(arena, id), "member_remove", "member_remove_do", HEX},
        {url_company_merge(), "company_merge", "company_merge_do", NULL},
        {url_company_leave(), "company_leave", "company_leave_do", NULL},
        {url_home_disconnect(arena, id), "home_disconnect", "home_disconnect_do", HEX},
        {url_admission(), "admission", "admission_do", NULL},
        {url_link_admission(arena, TOKEN), "link_admission", "link_admission_do", TOKEN},
        {url_home_admission_accept(arena, id), NULL, "home_admission_accept", HEX},
        {url_home_admission_decline(arena, id), NULL, "home_admission_decline", HEX},
        {url_roles(), "roles", NULL, NULL},
        {url_role_add(), "role_add", "role_add_do", NULL},
        {url_role(arena, id), "role_edit", "role_edit_do", HEX},
        {url_role_preselect(arena, id), NULL, "role_preselect", HEX},
        {url_role_delete(arena, id), "role_delete", "role_delete_do", HEX},
        {url_delivery(), "delivery", NULL, NULL},
        {url_delivery_add(), "delivery_add", "delivery_add_do", NULL},
        {url_delivery_one(arena, id), "delivery_edit", "delivery_edit_do", HEX},
        {url_delivery_remove(arena, id), "delivery_remove", "delivery_remove_do", HEX},
        {url_settings(), "settings", "settings_do", NULL},
        {url_settings_logo(), NULL, "settings_logo_do", NULL},
        {url_settings_logo_remove(), NULL, "settings_logo_remove_do", NULL},
        {url_closing(), "closing", "closing_do", NULL},
        {url_closing_undo(), NULL, "closing_undo_do", NULL},
        {url_company_export(), "company_export", NULL, NULL},
        {url_overview(), "overview", NULL, NULL},
        {url_audit(), "audit_log", NULL, NULL},
        {url_logo(arena, id), "logo", NULL, HEX},
        {url_brand(arena, (struct colour){0x0a, 0x58, 0xa6}), "brand", NULL, "0a58a6." STATIC_STYLE_HASH ".css"},
        {url_home_accept(arena, id), NULL, "home_accept", HEX},
        {url_home_decline(arena, id), "home_decline_show", "home_decline", HEX},
    };
    *n = sizeof list / sizeof *list;
    return memcpy(arena_alloc(arena, sizeof list), list, sizeof list);
}

static void assert_leads(const struct made *made, enum method method, const char *name)
{
    const struct route *route = NULL;
    const char *segment = NULL;
    unsigned n = routes_at(made->url.text, method, &route, &segment);
    if (n != (name ? 1 : 0)) fail_msg("%s leads to %u routes", made->url.text, n);
    if (!name) return;
    assert_string_equal(route->name, name);
    if (!made->segment)
        assert_null(segment);
    else
        assert_string_equal(segment, made->segment);
}

static void every_address_leads_to_exactly_one_route(void **state)
{
    (void)state;
    size_t n;
    struct made *made = all_made(&n);
    for (size_t i = 0; i < n; i++) {
        assert_leads(&made[i], METHOD_GET, made[i].get);
        assert_leads(&made[i], METHOD_POST, made[i].post);
    }
}

static void every_route_for_people_can_be_linked(void **state)
{
    (void)state;
    size_t n;
    struct made *made = all_made(&n);
    unsigned wrong = 0;
    for (const struct route *r = routes; r->name; r++) {
        if (r->permission == PERMIT_LOCAL) continue;
        unsigned found = 0;
        for (size_t i = 0; i < n; i++) {
            const char *name = r->method == METHOD_GET ? made[i].get : made[i].post;
            found += name && strcmp(name, r->name) == 0;
        }
        if (found != 1) print_error("%s is made %u times\n", r->name, found);
        wrong += found != 1;
    }
    assert_int_equal(wrong, 0);
}

static void the_table_starts(void **state)
{
    (void)state;
    router_check(routes);
}

static void no_two_routes_meet(void **state)
{
    (void)state;
    for (const struct route *r = routes; r->name; r++) {
        const struct route *found = NULL;
        const char *segment = NULL;
        if (routes_at(r->path, r->method, &found, &segment) != 1) fail_msg("%s is another route's too", r->path);
    }
}

static void a_damaged_token_stays_one_segment(void **state)
{
    (void)state;
    static const char *const tokens[] = {"a/b", "a?b", "a#b", "a b", "a%2fb", "\"><script>", "a\r\nb", "\u00e4", "a&b=c", "a\\b"};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        const char *text = url_link_accept(arena, tokens[i]).text;
        assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEF0123456789%/-_.~"), strlen(text));
        struct router_match m = router_find(arena, routes, METHOD_POST, text);
        assert_string_equal(m.route->name, "link_accept");
    }
    assert_string_equal(url_link(arena, "a/b?c").text, "/i/a%2Fb%3Fc");
    assert_string_equal(url_link_accept(arena, "..").text, "/i//accept"); /* never /i/../accept, which a browser makes /accept */
}

/* A page for people who are signed in is come back to; one that anybody may open, whose path may be a secret, never, nor a download. */
static void only_pages_behind_the_sign_in_are_come_back_to(void **state)
{
    (void)state;
    size_t n, back = 0;
    struct made *made = all_made(&n);
    for (size_t i = 0; i < n; i++) {
        const struct route *route = router_find(arena, routes, METHOD_GET, made[i].url.text).route;
        bool file = route && (route->pool == POOL_LONG || strstr(route->name, "_file"));
        bool expected = route && !file && route->permission != PERMIT_ANYONE && route->permission != PERMIT_LOCAL;
        const char *asked = url_asked(arena, made[i].url.text).text;
        if ((asked != NULL) != expected) fail_msg("%s %s", made[i].url.text, asked ? "is come back to" : "is lost");
        back += asked != NULL;
    }
    assert_true(back > 40);
    assert_null(url_asked(arena, "/i/" TOKEN "/company").text);
    assert_null(url_asked(arena, "").text);
    assert_null(url_asked(arena, "/customers/" HEX "%2e").text);
    assert_string_equal(url_sign_in_to(arena, "/customers?q=a%20b&state=paused").text, "/sign-in?next=%2Fcustomers%3Fq%3Da%2520b%26state%3Dpaused");
    assert_string_equal(url_sign_in_to(arena, "").text, "/sign-in");
    assert_string_equal(url_forgot_to(arena, "/customers?q=a").text, "/forgot?next=%2Fcustomers%3Fq%3Da");
    assert_string_equal(url_forgot_to(arena, "").text, "/forgot");
}

static void a_language_chosen_later_takes_the_one_of_the_page_away(void **state)
{
    (void)state;
    assert_string_equal(url_asked_in_any_language(arena, "/customers").text, "/customers");
    assert_string_equal(url_asked_in_any_language(arena, "/customers?lang=de").text, "/customers");
    assert_string_equal(url_asked_in_any_language(arena, "/customers?q=a&lang=de").text, "/customers?q=a");
    assert_string_equal(url_asked_in_any_language(arena, "/customers?lang=de&q=lang=&state=paused").text, "/customers?q=lang=&state=paused");
    assert_null(url_asked_in_any_language(arena, "//evil.example?lang=de").text);
    assert_null(url_asked_in_any_language(arena, "?lang=de").text);
    assert_null(url_asked_in_any_language(arena, "?").text);
    assert_null(url_asked_in_any_language(arena, "").text);
}

static void the_panels_filters_are_a_query(void **state)
{
    (void)state;
    assert_string_equal(url_industry_list(arena, "", "", "", NULL, id).text, "/industry");
    assert_string_equal(url_industry_list(arena, "customer", "", "", NULL, id).text, "/industry?kind=customer");
    assert_string_equal(url_industry_list(arena, "", "pending", "", NULL, id).text, "/industry?status=pending");
    assert_string_equal(url_industry_list(arena, "", "", "x", NULL, id).text, "/industry?q=x");
    assert_string_equal(url_industry_list(arena, "", "", "", "before", id).text, "/industry?before=" HEX);
    assert_string_equal(url_industry_list(arena, "customer", "pending", "ann", "after", id).text,
                        "/industry?kind=customer&status=pending&q=ann&after=" HEX);
}

static void the_connect_page_names_what_was_chosen(void **state)
{
    (void)state;
    struct id two[] = {id, id};
    assert_string_equal(url_connect_result(arena, two, 0).text, "/connect");
    assert_string_equal(url_connect_result(arena, two, 2).text, "/connect?i1=" HEX "&i2=" HEX);
}

static void what_was_searched_is_encoded(void **state)
{
    (void)state;
    assert_string_equal(url_industry_list(arena, "", "", "a&status=x #?+\"<>%/", NULL, id).text,
                        "/industry?q=a%26status%3Dx%20%23%3F%2B%22%3C%3E%25%2F");
    assert_string_equal(url_industry_list(arena, "", "", "what?", "after", id).text, "/industry?q=what%3F&after=" HEX);
    assert_string_equal(url_industry_list(arena, "", "", "Zo\u00eb", NULL, id).text, "/industry?q=Zo%C3%AB");
    assert_string_equal(url_industry_list(arena, "", "", "..", "after", id).text, "/industry?q=..&after=" HEX);
    assert_string_equal(url_industry_list(arena, "", "", ".", NULL, id).text, "/industry?q=.");
}

static void the_lists_turn_their_pages(void **state)
{
    (void)state;
    assert_string_equal(url_partners_list(arena, false, "", "", NULL, id).text, "/customers");
    assert_string_equal(url_partners_list(arena, true, "", "", NULL, id).text, "/suppliers");
    assert_string_equal(url_partners_list(arena, false, "", "", "after", id).text, "/customers?after=" HEX);
    assert_string_equal(url_partners_list(arena, true, "paused", "a&b", "before", id).text, "/suppliers?state=paused&q=a%26b&before=" HEX);
}

static void mail_has_whole_addresses(void **state)
{
    (void)state;
    assert_string_equal(url_absolute(arena, "https://portal.example:8443", url_link(arena, TOKEN)).text,
                        "https://portal.example:8443/i/" TOKEN);
}

static void a_mail_address_cannot_add_headers(void **state)
{
    (void)state;
    assert_string_equal(url_mailto(arena, "ann@example.com").text, "mailto:ann@example.com");
    assert_string_equal(url_mailto(arena, "ann+x@example.com").text, "mailto:ann%2Bx@example.com");
    assert_string_equal(url_mailto(arena, "a?bcc=b&c%0d@example.com").text, "mailto:a%3Fbcc%3Db%26c%250d@example.com");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_address_leads_to_exactly_one_route),
        TEST(every_route_for_people_can_be_linked),
        TEST(the_table_starts),
        TEST(no_two_routes_meet),
        TEST(a_damaged_token_stays_one_segment),
        TEST(only_pages_behind_the_sign_in_are_come_back_to),
        TEST(a_language_chosen_later_takes_the_one_of_the_page_away),
        TEST(the_panels_filters_are_a_query),
        TEST(the_connect_page_names_what_was_chosen),
        TEST(what_was_searched_is_encoded),
        TEST(the_lists_turn_their_pages),
        TEST(mail_has_whole_addresses),
        TEST(a_mail_address_cannot_add_headers),
    };
    return cmocka_run_group_tests_name("urls", tests, NULL, NULL);
}
