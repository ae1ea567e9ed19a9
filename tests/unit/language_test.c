/* language_test.c - fcgi/language.c and fcgi/number.c, with catalogues made by msgfmt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "language.h"
#include "number.h"
#include "out.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/language_test.XXXXXX";
static const char *const tags[] = {"de", "fr", "pl", "ar"};
static const char *const plurals[] = {"nplurals=2; plural=(n != 1);", "nplurals=2; plural=(n > 1);",
                                      "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
                                      "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"};
static const unsigned forms[] = {2, 2, 3, 6};

static int catalogues_make(void **state)
{
    (void)state;
    char path[200], command[500];
    setlocale(LC_ALL, "C.UTF-8");
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/C.UTF-8", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/C.UTF-8/LC_MESSAGES", folder);
    mkdir(path, 0700);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/x.po", folder);
        FILE *file = fopen(path, "w");
        if (!file) return 1;
        fprintf(file, "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: %s\\n\"\nmsgid \"one\"\nmsgid_plural \"many\"\n", plurals[i]);
        for (unsigned n = 0; n < forms[i]; n++) fprintf(file, "msgstr[%u] \"%s %u\"\n", n, tags[i], n);
        fclose(file);
        snprintf(command, sizeof command, "msgfmt -o %s/C.UTF-8/LC_MESSAGES/invited-%s.mo %s", folder, tags[i], path);
        if (system(command) != 0) return 1;
    }
    languages_open(folder);
    return 0;
}

static int catalogues_remove(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static const char *looked_up(const char *ranges)
{
    const struct language *l = language_lookup(ranges);
    return l ? l->tag : "none";
}

static void the_browsers_wish_is_looked_up_as_rfc_4647_says(void **state)
{
    (void)state;
    static const struct {
        const char *ranges, *tag;
    } rows[] = {
        {"de", "de"}, {"de-CH", "de"}, {"de-CH-1996", "de"}, {"DE-ch", "de"}, {"fr-x-old", "fr"}, {"it", "none"}, {"it, de", "de"},
        {"de;q=0.5, fr;q=0.8", "fr"}, {"de;q=0.8, fr;q=0.8", "de"}, {"it-IT, it;q=0.9, pl;q=0.1", "pl"}, {"*", "none"}, {"*, fr;q=0.1", "fr"},
        {"de;q=0, *", "none"}, {"de-CH, de;q=0, fr;q=0.2", "fr"}, {"en-GB,en;q=0.9,de;q=0.8", "en"}, {"ar-EG", "ar"}, {"deu", "none"}, {"d", "none"},
        {"", "none"}, {",,, ;q=1", "none"}, {"de;q=2", "none"}, {"de;q=x, fr;q=0.001", "fr"}, {"de ; q=0.3 , pl ; q=0.4", "pl"}, {"de;level=1", "none"},
        {"-de", "none"}, {"de--CH", "de"}, {"en-XA", "en"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(looked_up(rows[i].ranges), rows[i].tag) != 0) fail_msg("%s: %s, not %s", rows[i].ranges, looked_up(rows[i].ranges), rows[i].tag);
    assert_string_equal(looked_up(NULL), "none");
}

static void a_language_is_offered_when_its_catalogue_is_there(void **state)
{
    (void)state;
    assert_int_equal(languages().n, 5);
    assert_string_equal(languages().v[0]->tag, "en");
    assert_string_equal(language_tags[4], "ar");
    assert_null(language_tags[5]);
    assert_string_equal(language_choices[0], "");
    assert_null(language_find("en-XA"));
    assert_null(language_find("it"));
    assert_null(language_find(""));
    assert_null(language_find(NULL));
    languages_open("/nowhere");
    assert_int_equal(languages().n, 1);
    assert_null(language_find("de"));
    languages_open(folder);
}

static void counted_things_take_their_languages_form(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        unsigned n;
        const char *form;
    } rows[] = {{"de", 1, "de 0"}, {"de", 0, "de 1"}, {"fr", 0, "fr 0"}, {"fr", 2, "fr 1"}, {"pl", 1, "pl 0"}, {"pl", 2, "pl 1"}, {"pl", 5, "pl 2"}, {"pl", 12, "pl 2"},
                {"pl", 22, "pl 1"}, {"pl", 112, "pl 2"}, {"ar", 0, "ar 0"}, {"ar", 1, "ar 1"}, {"ar", 2, "ar 2"}, {"ar", 3, "ar 3"}, {"ar", 11, "ar 4"}, {"ar", 100, "ar 5"},
                {"en", 1, "one"}, {"en", 0, "many"}};
    struct out o;
    out_init(&o, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        o.language = language_find(rows[i].tag);
        assert_string_equal(out_trn(&o, "one", "many", rows[i].n), rows[i].form);
    }
}

static void numbers_are_divided_as_the_language_does(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *thousands, *million, *tenths;
    } rows[] = {{"en", "1,234", "1,000,000", "1.4"}, {"de", "1.234", "1.000.000", "1,4"}, {"fr", "1\u202f234", "1\u202f000\u202f000", "1,4"},
                {"pl", "1234", "1\u00a0000\u00a0000", "1,4"}, {"ar", "1,234", "1,000,000", "1.4"}};
    struct out o;
    out_init(&o, arena);
    assert_string_equal(number_text(&o, 1234), "1,234"); /* no language: English */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        o.language = language_find(rows[i].tag);
        assert_string_equal(number_text(&o, 7), "7");
        assert_string_equal(number_text(&o, 999), "999");
        assert_string_equal(number_text(&o, 1234), rows[i].thousands);
        assert_string_equal(number_text(&o, 1000000), rows[i].million);
        assert_string_equal(number_tenths(&o, 14), rows[i].tenths);
    }
    o.language = NULL;
    assert_string_equal(number_text(&o, UINT64_MAX), "18,446,744,073,709,551,615");
    assert_string_equal(number_size(&o, 999), "999 B");
    assert_string_equal(number_size(&o, 1449), "1.4 kB");
    assert_string_equal(number_size(&o, 999949), "999.9 kB");
    assert_string_equal(number_size(&o, 999950), "1.0 MB");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_browsers_wish_is_looked_up_as_rfc_4647_says), TEST(a_language_is_offered_when_its_catalogue_is_there),
                                       TEST(counted_things_take_their_languages_form), TEST(numbers_are_divided_as_the_language_does)};
    return cmocka_run_group_tests_name("language", tests, catalogues_make, catalogues_remove);
}
