/* password_test.c - fcgi/password.c: which are too easy, hashing, and the same work for who is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "aside.h"
#include "password.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/resource.h>

/* What a real installation takes 0.1 s for. */
static const struct config quick = {.password_memory_mib = 1, .password_passes = 1};
static const struct config stronger = {.password_memory_mib = 2, .password_passes = 1};
static const struct config longer = {.password_memory_mib = 1, .password_passes = 2};
static const struct config big = {.password_memory_mib = 256, .password_passes = 1};

/* ---- too easy ---- */

static const char *const person[] = {"Ann", "Anneliese", "anneliese.lee@example.com", "Northwind", "", NULL};

static void assert_weak(const char *password, const char *const *words)
{
    if (!password_weakness(arena, password, words)) fail_msg("will do: %s", password);
}

static void assert_strong(const char *password, const char *const *words)
{
    const char *sentence = password_weakness(arena, password, words);
    if (sentence) fail_msg("%s: %s", password, sentence);
}

static void what_is_tried_first_will_not_do(void **state)
{
    (void)state;
    static const char *const weak[] = {
        "passwordpassword", "password1234",   "Password123!",    "P@ssw0rd1234",   "drowssapdrowssap",
        "Passw0rdPassw0rd", "123456789012",   "987654321098",    "111111111111",   "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abababababab",     "abcabcabcabc",   "abcdefghijkl",    "qwertyuiop12",   "qwertyuiopas",
        "asdfghjklqwe",     "qazwsxedcrfv",   "1q2w3e4r5t6y",    "letmeinletmein", "iloveyouiloveyou",
        "administrator",    "administrator1", "adminadminadmin", "welcome12345",   "Welcome2026!",
        "changeme1234",     "football2026",   "sunshine1234",    "monkeymonkey",   "dragondragon",
        "passwort1234",     "summer2026!!",
    };
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) assert_weak(weak[i], NULL);
}

static void no_mixture_of_characters_is_asked_for(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "correct horse battery staple",
        "correcthorsebattery",
        "gracious river 41 lamp",
        "my cat eats 7 fish daily",
        "trompet-zeven-kaas",
        "tmpfbzqnrwxy",
        "xK9#mQ2$vL7p",
        "vlk59trnqa8d",
        "harbour-violin-93-moss",
        "72 geese over lake",
        "\u043a\u043e\u0448\u043a\u0430 \u0441\u043f\u0438\u0442 \u043d\u0430 \u043a\u0440\u044b\u0448\u0435",
        "  vlk59trnqa8d  "};
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++) {
        assert_strong(strong[i], NULL);
        assert_strong(strong[i], person);
    }
}

static void what_is_known_of_the_person_will_not_do(void **state)
{
    (void)state;
    static const char *const weak[] = {"northwind2026", "Northwind123",       "n0rthw1nd123",
                                       "dniwhtron123",  "northwindnorthwind", "anneliese.lee@example.com",
                                       "Anneliese123",  "12 Anneliese 34",    "annelieseanneliese"};
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) assert_weak(weak[i], person);
    assert_strong("northwind2026", NULL);
    assert_strong("anneliese.lee@example.com", NULL);
}

static void a_known_word_among_others_does_no_harm(void **state)
{
    (void)state;
    assert_strong("lamp river northwind 7204", person);
    assert_strong("annoyed-violin-93-moss", person);
}

static void short_words_are_in_every_password_and_say_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"a", "vl", "k59", NULL};
    assert_strong("vlk59trnqa8d", words);
}

static void twelve_characters_are_the_least(void **state)
{
    (void)state;
    const char *eleven = password_weakness(arena, "xK9#mQ2$vL7", NULL);
    assert_non_null(eleven);
    assert_non_null(strstr(eleven, "12 characters"));
    assert_strong("xK9#mQ2$vL7p", NULL);
    assert_weak("", NULL);
    assert_non_null(
        strstr(password_weakness(arena, "\u00e4\u00f6\u00fc\u00df\u00e9\u00e8", NULL), "12 characters")); /* six, though 12 octets */
}

static void a_kilobyte_is_the_most(void **state)
{
    (void)state;
    char text[PASSWORD_MOST + 2];
    uint32_t random = 7;
    for (unsigned i = 0; i <= PASSWORD_MOST; i++) {
        random = random * 1664525u + 1013904223u;
        text[i] = (char)('!' + (random >> 16) % 94);
    }
    text[PASSWORD_MOST + 1] = 0;
    const char *sentence = password_weakness(arena, text, NULL);
    assert_non_null(sentence);
    assert_non_null(strstr(sentence, "1,024"));
    text[PASSWORD_MOST] = 0;
    assert_strong(text, NULL);
}

/* ---- hash and check ---- */

static void the_right_password_is_right_and_no_other(void **state)
{
    (void)state;
    const char *stored = password_hash(arena, &quick, "Correct horse");
    assert_non_null(stored);
    assert_int_equal(strncmp(stored, "$argon2id$v=19$m=1024,t=1,p=1$", 30), 0);
    assert_int_equal(password_check(&quick, stored, "Correct horse"), PASSWORD_RIGHT);
    assert_int_equal(crypto_pwhash_str_verify(stored, "Correct horse", 13), 0);
    static const char *const wrong[] = {"correct horse", "Correct horse ", " Correct horse", "Correct hors", "", "Correct  horse"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(password_check(&quick, stored, wrong[i]), PASSWORD_WRONG);
}

static void every_octet_of_a_long_password_counts(void **state)
{
    (void)state;
    char text[PASSWORD_MOST + 2];
    memset(text, 'a', sizeof text - 2);
    text[PASSWORD_MOST] = 0;
    const char *stored = password_hash(arena, &quick, text);
    assert_int_equal(password_check(&quick, stored, text), PASSWORD_RIGHT);
    text[PASSWORD_MOST - 1] = 'b';
    assert_int_equal(password_check(&quick, stored, text), PASSWORD_WRONG);
    text[PASSWORD_MOST - 1] = 'a';
    text[PASSWORD_MOST] = 'a';
    text[PASSWORD_MOST + 1] = 0;
    assert_int_equal(password_check(&quick, stored, text), PASSWORD_WRONG);
}

static void the_same_password_is_stored_differently(void **state)
{
    (void)state;
    assert_string_not_equal(password_hash(arena, &quick, "Correct horse"), password_hash(arena, &quick, "Correct horse"));
}

static void nobody_signs_in_without_a_stored_password(void **state)
{
    (void)state;
    assert_int_equal(password_check(&quick, NULL, "x"), PASSWORD_WRONG); /* x is what the work is done on */
    assert_int_equal(password_check(&quick, NULL, ""), PASSWORD_WRONG);
    assert_int_equal(password_check(&quick, "", ""), PASSWORD_WRONG);
    assert_int_equal(password_check(&quick, "x", "x"), PASSWORD_WRONG);
    assert_int_equal(password_check(&quick, "$argon2id$v=19$m=1024,t=1,p=1$", "x"), PASSWORD_WRONG);
    assert_int_equal(password_check(&quick, arena_printf(arena, "%s ", password_hash(arena, &quick, "x")), "x"), PASSWORD_WRONG);
}

static void other_parameters_are_outdated(void **state)
{
    (void)state;
    const char *stored = password_hash(arena, &quick, "Correct horse");
    assert_false(password_outdated(&quick, stored));
    assert_true(password_outdated(&stronger, stored));
    assert_true(password_outdated(&longer, stored));
    assert_int_equal(password_check(&stronger, stored, "Correct horse"), PASSWORD_RIGHT); /* and still let in */
    assert_false(password_outdated(&longer, password_hash(arena, &longer, "Correct horse")));
}

/* ---- without memory ---- */

/* No more than 64 MiB besides what this process has. */
static void memory_limit(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu", &pages) != 1) _exit(90);
    fclose(f);
    rlim_t most = (rlim_t)pages * 4096 + (64ul << 20);
    if (setrlimit(RLIMIT_AS, &(struct rlimit){most, most}) != 0) _exit(91);
}

static void hash_in_little_memory(const void *what)
{
    (void)what;
    memory_limit();
    _exit(password_hash(arena, &quick, "Correct horse") && !password_hash(arena, &big, "Correct horse") ? 0 : 1);
}

/* what: the stored text, or NULL. */
static void check_in_little_memory(const void *what)
{
    memory_limit();
    _exit(password_check(&big, what, "Correct horse"));
}

static void check_too_long_in_little_memory(const void *what)
{
    static char text[PASSWORD_MOST + 2];
    memset(text, 'a', sizeof text - 1);
    memory_limit();
    _exit(password_check(&big, what, text));
}

static struct aside a;

static void assert_busy(void (*work)(const void *), const void *what)
{
    aside_run(&a, work, what);
    assert_true(WIFEXITED(a.status));
    assert_int_equal(WEXITSTATUS(a.status), PASSWORD_BUSY);
}

static void without_memory_a_password_is_not_hashed_and_not_shown(void **state)
{
    (void)state;
    aside_run(&a, hash_in_little_memory, NULL);
    assert_true(aside_succeeded(&a));
    assert_non_null(strstr(a.said, "not enough memory"));
    assert_null(strstr(a.said, "Correct horse"));
}

static void without_memory_a_right_password_is_not_called_wrong(void **state)
{
    (void)state;
    const char *stored = password_hash(arena, &big, "Correct horse");
    assert_non_null(stored);
    assert_busy(check_in_little_memory, stored);
}

/* The work is counted in memory, which is exact, and not in time. */
static void who_is_not_there_costs_as_much_work(void **state)
{
    (void)state;
    assert_busy(check_in_little_memory, NULL);
    assert_busy(check_too_long_in_little_memory, NULL);
    assert_busy(check_too_long_in_little_memory, "$argon2id$v=19$m=1024,t=1,p=1$");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_tried_first_will_not_do),
        TEST(no_mixture_of_characters_is_asked_for),
        TEST(what_is_known_of_the_person_will_not_do),
        TEST(a_known_word_among_others_does_no_harm),
        TEST(short_words_are_in_every_password_and_say_nothing),
        TEST(twelve_characters_are_the_least),
        TEST(a_kilobyte_is_the_most),
        TEST(the_right_password_is_right_and_no_other),
        TEST(every_octet_of_a_long_password_counts),
        TEST(the_same_password_is_stored_differently),
        TEST(nobody_signs_in_without_a_stored_password),
        TEST(other_parameters_are_outdated),
        TEST(without_memory_a_password_is_not_hashed_and_not_shown),
        TEST(without_memory_a_right_password_is_not_called_wrong),
        TEST(who_is_not_there_costs_as_much_work),
    };
    if (sodium_init() < 0) return 1;
    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
