/* router_test.c - fcgi/router.c, with a table of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "aside.h"
#include "router.h"

static enum db_result handler(struct request *q)
{
    (void)q;
    return DB_OK;
}

#define PAGE(a_name, a_path)                                                                                 \
    {                                                                                                        \
        .name = a_name, .method = METHOD_GET, .path = a_path, .permission = PERMIT_ANYONE, .handle = handler \
    }
#define FORM(a_name, a_path)                                                                                  \
    {                                                                                                         \
        .name = a_name, .method = METHOD_POST, .path = a_path, .permission = PERMIT_ANYONE, .handle = handler \
    }

static const struct route table[] = {
    PAGE("root", "/"),
    PAGE("list", "/things"),
    PAGE("thing", "/things/{id}"),
    FORM("save", "/things/{id}"),
    FORM("drop", "/things/{id}/drop"),
    PAGE("three", "/a/{one}/b/{two}/c/{three}"),
    PAGE("fixed", "/pick/new"),
    PAGE("picked", "/pick/{id}"),
    {0},
};

static struct router_match get(const char *path)
{
    return router_find(arena, table, METHOD_GET, path);
}

static void assert_nothing_at(const char *path)
{
    for (unsigned method = METHOD_GET; method <= METHOD_OTHER; method++) {
        struct router_match m = router_find(arena, table, (enum method)method, path);
        if (m.route || m.allow) fail_msg("%s is %s, Allow: %s", path, m.route ? m.route->name : "nothing", m.allow ? m.allow : "nothing");
    }
}

static void a_path_finds_its_route(void **state)
{
    (void)state;
    assert_string_equal(get("/").route->name, "root");
    assert_string_equal(get("/things").route->name, "list");
    assert_string_equal(get("/things/7").route->name, "thing");
    assert_string_equal(get("/pick/new").route->name, "fixed");
    assert_string_equal(get("/pick/newer").route->name, "picked");
    assert_null(get("/things").segment[0]);
}

static void segments_are_handed_over(void **state)
{
    (void)state;
    char path[] = "/a/x/b/yy/c/zzz";
    struct router_match m = get(path);
    assert_string_equal(m.route->name, "three");
    path[3] = path[7] = path[12] = '!';
    assert_string_equal(m.segment[0], "x");
    assert_string_equal(m.segment[1], "yy");
    assert_string_equal(m.segment[2], "zzz");
    m = get("/things/{id}");
    assert_string_equal(m.segment[0], "{id}");
    assert_null(m.segment[1]);
}

static void other_paths_find_nothing(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "things",
                                       "//",
                                       "/things/",
                                       "/things//",
                                       "/things/7/",
                                       "/things/7/drop/",
                                       "/things//drop",
                                       "/thing",
                                       "/thingsx",
                                       "/Things",
                                       "/things/7/dropx",
                                       "/things/7/dro",
                                       "/things/7/8",
                                       "/a/x/b/y/c/",
                                       "/a//b/y/c/z",
                                       "/a/x/b/y/c/z/d",
                                       "/things?x",
                                       "/./things",
                                       "//things",
                                       "/%74hings",
                                       "/things%2f7"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_nothing_at(none[i]);
}

static void a_percent_in_a_segment_stays_as_it_came(void **state)
{
    (void)state;
    static const char *const segments[] = {"%41", "%2f", "%2e%2e", "..", "%00", "%zz", "a+b", "a;b", "\xff"};
    for (size_t i = 0; i < sizeof segments / sizeof *segments; i++) {
        struct router_match m = get(arena_printf(arena, "/things/%s", segments[i]));
        assert_string_equal(m.route->name, "thing");
        assert_string_equal(m.segment[0], segments[i]);
    }
}

static void the_method_chooses(void **state)
{
    (void)state;
    assert_string_equal(router_find(arena, table, METHOD_POST, "/things/7").route->name, "save");
    assert_string_equal(router_find(arena, table, METHOD_GET, "/things/7").route->name, "thing");
    assert_string_equal(router_find(arena, table, METHOD_POST, "/things/7").segment[0], "7");
}

static const char *allow(enum method method, const char *path)
{
    struct router_match m = router_find(arena, table, method, path);
    assert_null(m.route);
    assert_null(m.segment[0]);
    return m.allow;
}

static void another_method_is_told_what_the_address_knows(void **state)
{
    (void)state;
    assert_string_equal(allow(METHOD_POST, "/things"), "GET, HEAD");
    assert_string_equal(allow(METHOD_GET, "/things/7/drop"), "POST");
    assert_string_equal(allow(METHOD_OTHER, "/things/7/drop"), "POST");
    assert_string_equal(allow(METHOD_OTHER, "/things"), "GET, HEAD");
    assert_string_equal(allow(METHOD_OTHER, "/things/7"), "GET, HEAD, POST");
}

static void check(const void *routes)
{
    router_check(routes);
}

static void assert_checked(const struct route *routes, const char *words)
{
    static struct aside said;
    aside_run(&said, check, routes);
    if (words && !aside_aborted(&said)) fail_msg("not refused: %s", words);
    if (words && !strstr(said.said, words)) fail_msg("%s does not say: %s", said.said, words);
    if (!words && !aside_succeeded(&said)) fail_msg("refused: %s", said.said);
}

static void a_good_table_starts(void **state)
{
    (void)state;
    assert_checked(table, NULL);
}

static void a_route_without_permission_does_not_start(void **state)
{
    (void)state;
    struct route routes[] = {PAGE("root", "/"), PAGE("open_to_all", "/x"), {0}};
    routes[1].permission = PERMIT_UNSET;
    assert_checked(routes, "open_to_all has no permission");
}

static void a_route_without_handler_does_not_start(void **state)
{
    (void)state;
    struct route routes[] = {PAGE("empty", "/"), {0}};
    routes[0].handle = NULL;
    assert_checked(routes, "empty has no permission or no handler");
}

static void the_same_address_twice_does_not_start(void **state)
{
    (void)state;
    const struct route twice[] = {PAGE("one", "/x"), FORM("two", "/x"), PAGE("three", "/x"), {0}},
                       both[] = {PAGE("one", "/x"), FORM("two", "/x"), {0}};
    assert_checked(twice, "one and three are the same address");
    assert_checked(both, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_path_finds_its_route, begin, end),
        cmocka_unit_test_setup_teardown(segments_are_handed_over, begin, end),
        cmocka_unit_test_setup_teardown(other_paths_find_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_percent_in_a_segment_stays_as_it_came, begin, end),
        cmocka_unit_test_setup_teardown(the_method_chooses, begin, end),
        cmocka_unit_test_setup_teardown(another_method_is_told_what_the_address_knows, begin, end),
        cmocka_unit_test(a_good_table_starts),
        cmocka_unit_test(a_route_without_permission_does_not_start),
        cmocka_unit_test(a_route_without_handler_does_not_start),
        cmocka_unit_test(the_same_address_twice_does_not_start),
    };
    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
