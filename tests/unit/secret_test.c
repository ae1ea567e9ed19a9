/* secret_test.c - fcgi/secret.c: the key file, secrets, what is stored of them, ids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "aside.h"
#include "secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char path[] = "/tmp/secret-test-XXXXXX";
static struct arena *arena;

static void write_key(const char *text, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

static void load(const char *text)
{
    write_key(text, strlen(text));
    assert_true(secret_load(path));
}

static int begin_all(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    close(fd);
    return fd < 0 || sodium_init() < 0;
}

static int end_all(void **state)
{
    (void)state;
    return unlink(path);
}

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    load(KEY "\n");
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- the key file ---- */

static void a_key_file_is_64_digits_in_one_line(void **state)
{
    (void)state;
    static const char *const good[] = {KEY, KEY "\n", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\n"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint8_t key[32] = {0};
        write_key(good[i], strlen(good[i]));
        assert_true(secret_read_key(path, key));
        for (unsigned j = 0; j < 32; j++) assert_int_equal(key[j], j);
    }
}

static void read_in_child(const void *from)
{
    uint8_t key[32];
    _exit(secret_read_key(from, key) || secret_load(from) ? 0 : 3);
}

static void assert_key_refused(const char *from, const char *words)
{
    static struct aside a;
    aside_run(&a, read_in_child, from);
    if (aside_succeeded(&a)) fail_msg("read: %s", from);
    assert_true(WIFEXITED(a.status) && WEXITSTATUS(a.status) == 3);
    if (!strstr(a.said, words) || !strstr(a.said, from)) fail_msg("%s does not say: %s", a.said, words);
    assert_null(strstr(a.said, "0102030405"));
}

static void another_file_is_refused_without_showing_it(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "\n",
                                      "00",
                                      KEY "0",
                                      KEY "00",
                                      KEY " ",
                                      " " KEY,
                                      "g" KEY,
                                      KEY "x\n",
                                      "secret",
                                      "000102030405060708090a0b0c0d0e0f\n101112131415161718191a1b1c1d1e1f\n",
                                      "0x" KEY,
                                      KEY KEY KEY KEY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_key(bad[i], strlen(bad[i]));
        assert_key_refused(path, "does not hold 64 hexadecimal digits");
    }
    write_key(KEY, 63);
    assert_key_refused(path, "does not hold");
}

static void a_missing_file_is_refused_with_the_cure(void **state)
{
    (void)state;
    assert_key_refused("/nonexistent/invited/key", "invited keygen");
    assert_key_refused("/tmp", "cannot read");
}

/* ---- secrets ---- */

static void a_new_secret_is_43_characters_and_never_the_same(void **state)
{
    (void)state;
    enum { MANY = 500 };
    const char *list[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        list[i] = secret_new(arena);
        assert_true(secret_well_formed(list[i]));
        for (unsigned j = 0; j < i; j++) assert_string_not_equal(list[i], list[j]);
    }
}

static void every_character_of_a_new_secret_is_random(void **state)
{
    (void)state;
    unsigned differs[SECRET_TEXT] = {0};
    const char *first = secret_new(arena);
    for (unsigned n = 0; n < 100; n++) {
        const char *next = secret_new(arena);
        for (unsigned i = 0; i < SECRET_TEXT; i++) differs[i] += next[i] != first[i];
    }
    for (unsigned i = 0; i < SECRET_TEXT; i++) assert_true(differs[i] > 50);
}

static void what_has_not_the_form_of_a_secret_is_seen(void **state)
{
    (void)state;
    const char *good = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm_-09";
    assert_int_equal(strlen(good), SECRET_TEXT);
    assert_true(secret_well_formed(good));
    assert_false(secret_well_formed(NULL));
    assert_false(secret_well_formed(""));
    assert_false(secret_well_formed(good + 1));
    assert_false(secret_well_formed(arena_printf(arena, "%sA", good)));
    for (unsigned c = 1; c < 256; c++) {
        char text[SECRET_TEXT + 1];
        strcpy(text, good);
        text[20] = (char)c;
        bool wanted = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        assert_int_equal(secret_well_formed(text), wanted);
    }
}

static void what_is_stored_belongs_to_one_purpose(void **state)
{
    (void)state;
    for (unsigned one = SECRET_INVITATION; one <= SECRET_LIMIT; one++)
        for (unsigned two = SECRET_INVITATION; two <= SECRET_LIMIT; two++) {
            struct hash a = secret_hash((enum secret_purpose)one, "x"), b = secret_hash((enum secret_purpose)two, "x");
            assert_int_equal(memcmp(a.b, b.b, 32) == 0, one == two);
        }
}

static void what_is_stored_depends_on_the_secret_and_the_installation(void **state)
{
    (void)state;
    struct hash a = secret_hash(SECRET_INVITATION, "x"), other_text = secret_hash(SECRET_INVITATION, "y"),
                again = secret_hash(SECRET_INVITATION, "x");
    load("ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    struct hash other_key = secret_hash(SECRET_INVITATION, "x");
    load(KEY "\n");
    struct hash reloaded = secret_hash(SECRET_INVITATION, "x");
    assert_memory_equal(a.b, again.b, 32);
    assert_memory_not_equal(a.b, other_text.b, 32);
    assert_memory_not_equal(a.b, other_key.b, 32);
    assert_memory_equal(a.b, reloaded.b, 32);
}

/* Computed by Python's hashlib: blake2b(b"x", digest_size=32, key=blake2b(b"", digest_size=32, key=KEY, salt=1 as 8 octets,
 * person=b"invited1" + 8 zeros)). A new libsodium must not end every link that was mailed. */
static void what_is_stored_never_changes(void **state)
{
    (void)state;
    assert_string_equal(secret_hash_text(arena, SECRET_INVITATION, "x"), "mAWoxqnzOWDid3D02f6AVvdnt6CJ1HZF6TX1-YxkkKw");
}

static void the_hash_as_text_is_the_hash(void **state)
{
    (void)state;
    struct hash h = secret_hash(SECRET_CSRF, "x");
    const char *text = secret_hash_text(arena, SECRET_CSRF, "x");
    uint8_t back[32];
    size_t n = 0;
    assert_true(secret_well_formed(text));
    assert_int_equal(sodium_base642bin(back, 32, text, 43, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING), 0);
    assert_int_equal(n, 32);
    assert_memory_equal(back, h.b, 32);
}

static void a_sealed_text_comes_back_and_tells_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"ann@example.com", "", "a", "\u00e4"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *sealed = secret_seal(arena, SECRET_NEVER, texts[i]);
        assert_int_equal(strspn(sealed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(sealed));
        assert_string_equal(secret_open(arena, SECRET_NEVER, sealed), texts[i]);
        assert_string_equal(secret_seal(arena, SECRET_NEVER, texts[i]), sealed);
        assert_null(secret_open(arena, SECRET_ADDRESS, sealed));
    }
    assert_string_not_equal(secret_seal(arena, SECRET_NEVER, "ann@example.com"), secret_seal(arena, SECRET_ADDRESS, "ann@example.com"));
}

static void no_secret_has_a_hyphen_or_ends_in_a_sign(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        const char *texts[] = {secret_new_link(arena), secret_seal(arena, SECRET_NEVER, arena_printf(arena, "person%u@a-rather-long-subdomain.logistics-partner.example", i))};
        assert_true(secret_well_formed(texts[0]));
        for (size_t k = 0; k < 2; k++) {
            assert_null(strchr(texts[k], '-'));
            assert_int_not_equal(texts[k][strlen(texts[k]) - 1], '_');
        }
    }
    char longest[255] = {0};
    memset(longest, 'a', 254);
    assert_null(strchr(secret_seal(arena, SECRET_NEVER, longest), '-'));
    assert_string_equal(secret_open(arena, SECRET_NEVER, secret_seal(arena, SECRET_NEVER, longest)), longest);
}

static void a_sealed_text_that_was_changed_is_none(void **state)
{
    (void)state;
    const char *sealed = secret_seal(arena, SECRET_NEVER, "ann@example.com");
    for (size_t i = 0; i < strlen(sealed); i++) {
        char *changed = arena_text(arena, sealed, strlen(sealed));
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_null(secret_open(arena, SECRET_NEVER, changed));
        assert_null(secret_open(arena, SECRET_NEVER, arena_text(arena, sealed, i)));
    }
    assert_null(secret_open(arena, SECRET_NEVER, arena_printf(arena, "%sA", sealed)));
    assert_null(secret_open(arena, SECRET_NEVER, arena_printf(arena, "%s=", sealed)));
    assert_null(secret_open(arena, SECRET_NEVER, "no base64"));
}

static void equal_is_equal_to_the_last_octet(void **state)
{
    (void)state;
    assert_true(secret_equal("", ""));
    assert_true(secret_equal("abc", "abc"));
    assert_false(secret_equal("abc", "abd"));
    assert_false(secret_equal("abc", "xbc"));
    assert_false(secret_equal("abc", "abcd"));
    assert_false(secret_equal("abcd", "abc"));
    assert_false(secret_equal("", "a"));
}

/* ---- ids ---- */

static void an_id_is_32_small_digits_and_back(void **state)
{
    (void)state;
    struct id previous = {{0}};
    for (unsigned i = 0; i < 200; i++) {
        struct id id = id_new(), back = {{0}};
        const char *text = id_text(arena, id);
        assert_int_equal(strlen(text), 32);
        assert_int_equal(strspn(text, "0123456789abcdef"), 32);
        assert_true(id_from_text(text, &back));
        assert_true(id_equal(id, back));
        assert_false(id_equal(id, previous));
        previous = id;
    }
}

static void another_spelling_is_no_id(void **state)
{
    (void)state;
    struct id id;
    static const char *const bad[] = {"",
                                      "0",
                                      "00112233445566778899aabbccddeef",
                                      "00112233445566778899aabbccddeeff0",
                                      "00112233445566778899AABBCCDDEEFF",
                                      "00112233445566778899aabbccddee g",
                                      "0x112233445566778899aabbccddeeff",
                                      "-0112233445566778899aabbccddeeff",
                                      "00112233-4455-6677-8899-aabbccddeeff",
                                      "00112233445566778899aabbccddeef\n",
                                      " 0112233445566778899aabbccddeeff"};
    assert_false(id_from_text(NULL, &id));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (id_from_text(bad[i], &id)) fail_msg("an id: %s", bad[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_file_is_64_digits_in_one_line),
        TEST(another_file_is_refused_without_showing_it),
        TEST(a_missing_file_is_refused_with_the_cure),
        TEST(a_new_secret_is_43_characters_and_never_the_same),
        TEST(every_character_of_a_new_secret_is_random),
        TEST(what_has_not_the_form_of_a_secret_is_seen),
        TEST(what_is_stored_belongs_to_one_purpose),
        TEST(what_is_stored_depends_on_the_secret_and_the_installation),
        TEST(what_is_stored_never_changes),
        TEST(the_hash_as_text_is_the_hash),
        TEST(a_sealed_text_comes_back_and_tells_nothing),
        TEST(no_secret_has_a_hyphen_or_ends_in_a_sign),
        TEST(a_sealed_text_that_was_changed_is_none),
        TEST(equal_is_equal_to_the_last_octet),
        TEST(an_id_is_32_small_digits_and_back),
        TEST(another_spelling_is_no_id),
    };
    return cmocka_run_group_tests_name("secret", tests, begin_all, end_all);
}
