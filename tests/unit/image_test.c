/* image_test.c - fcgi/image.c: pictures as Chromium writes them, and everything that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = {"png", "jpeg", "webp"};
static uint8_t octets[4096];

static size_t load(const char *kind)
{
    char path[64];
    snprintf(path, sizeof path, "tests/pictures/logo.%s", kind);
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s: run me in the project's folder", path);
    size_t n = fread(octets, 1, sizeof octets, f);
    fclose(f);
    return n;
}

/* An exact copy, so that AddressSanitizer sees a look behind the end. */
static struct image look(const void *p, size_t n)
{
    void *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    struct image image = image_look((struct bytes){copy, n});
    free(copy);
    return image;
}

static void pictures_are_known_by_their_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct image image = look(octets, load(files[i]));
        assert_int_equal(image.type, IMAGE_PNG + i);
        assert_int_equal(image.width, 4);
        assert_int_equal(image.height, 3);
    }
    static const char lossless[] = "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";
    struct image image = look(lossless, sizeof lossless - 1);
    assert_int_equal(image.type, IMAGE_WEBP);
    assert_int_equal(image.width, 1);
    assert_int_equal(image.height, 1);
}

static void other_files_are_none(void **state)
{
    (void)state;
    static const char *const others[] = {"", "x", "GIF89a\1\0\1\0\0\0\0;", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%PDF-1.7", "PK\3\4", "\xff\xd8", "\xff\xd8\xff\xd9",
                                         "\x89PNG\r\n\x1a\n", "RIFF\4\0\0\0WEBP", "BM", "<html><script>alert(1)</script>"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_int_equal(look(others[i], strlen(others[i])).type, IMAGE_NONE);
    static const char empty_webp[] = "RIFF\4\0\0\0WEBP";
    assert_int_equal(look(empty_webp, sizeof empty_webp - 1).type, IMAGE_NONE);
}

static void a_picture_that_was_cut_off_or_has_something_behind_it_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t n = load(files[i]);
        for (size_t cut = 0; cut < n; cut++)
            if (look(octets, cut).type) fail_msg("%s of %zu octets is taken", files[i], cut);
        memcpy(octets + n, "<script>", 8);
        assert_int_equal(look(octets, n + 8).type, IMAGE_NONE);
        assert_int_equal(look(octets, n + 1).type, IMAGE_NONE);
    }
}

/* A logo stands still: nothing that moves is one, though a browser would draw it. */
static void what_moves_is_none(void **state)
{
    (void)state;
    static const char animation[] = "\0\0\0\x08" "acTL\0\0\0\1\0\0\0\0\xb4\x2d\xe9\xa0";
    enum { HEAD = 8 + 25 }; /* signature and IHDR */
    size_t n = load("png"), more = sizeof animation - 1;
    memmove(octets + HEAD + more, octets + HEAD, n - HEAD);
    memcpy(octets + HEAD, animation, more);
    assert_int_equal(look(octets, n + more).type, IMAGE_NONE);
    memcpy(octets + HEAD + 4, "teXt\0\0\0\1\0\0\0\0\x47\xf6\x3b\x4b", more - 4); /* another one in its place is none of ours */
    assert_int_equal(look(octets, n + more).type, IMAGE_PNG);
    static const char webp[] = "RIFF\x28\0\0\0WEBPANIM\x06\0\0\0\xff\xff\xff\xff\0\0VP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";
    assert_int_equal(look(webp, sizeof webp - 1).type, IMAGE_NONE);
}

static void a_damaged_png_is_none(void **state)
{
    (void)state;
    size_t n = load("png");
    for (size_t i = 0; i < n; i++) {
        octets[i] ^= 1;
        if (look(octets, n).type) fail_msg("octet %zu may be changed", i);
        octets[i] ^= 1;
    }
    assert_int_equal(look(octets, n).type, IMAGE_PNG);
}

static void what_would_unpack_too_large_is_none(void **state)
{
    (void)state;
    size_t n = load("jpeg"), frame = 0;
    for (size_t i = 0; i + 9 < n; i++)
        if (octets[i] == 0xff && octets[i + 1] == 0xc0) frame = i;
    assert_true(frame);
    static const struct {
        unsigned height, width;
        enum image_type type;
    } sizes[] = {{2000, 2000, IMAGE_JPEG}, {2001, 4, IMAGE_NONE}, {4, 2001, IMAGE_NONE}, {0, 4, IMAGE_NONE}, {4, 0, IMAGE_NONE}, {65535, 65535, IMAGE_NONE}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        octets[frame + 5] = (uint8_t)(sizes[i].height >> 8);
        octets[frame + 6] = (uint8_t)sizes[i].height;
        octets[frame + 7] = (uint8_t)(sizes[i].width >> 8);
        octets[frame + 8] = (uint8_t)sizes[i].width;
        assert_int_equal(look(octets, n).type, sizes[i].type);
    }
}

/* Random damage: nothing is read outside (AddressSanitizer watches), and what is taken has sane sides. */
static void no_damage_leads_astray(void **state)
{
    (void)state;
    unsigned seed = 5;
    for (size_t i = 0; i < 3; i++)
        for (int round = 0; round < 20000; round++) {
            size_t n = load(files[i]);
            for (int k = rand_r(&seed) % 6; k >= 0; k--) octets[(size_t)rand_r(&seed) % n] = (uint8_t)rand_r(&seed);
            struct image image = look(octets, (size_t)rand_r(&seed) % 4 ? n : (size_t)rand_r(&seed) % n);
            if (image.type) assert_true(image.width && image.height && image.width <= IMAGE_SIDE_MOST && image.height <= IMAGE_SIDE_MOST);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_known_by_their_content),
        cmocka_unit_test(other_files_are_none),
        cmocka_unit_test(a_picture_that_was_cut_off_or_has_something_behind_it_is_none),
        cmocka_unit_test(what_moves_is_none),
        cmocka_unit_test(a_damaged_png_is_none),
        cmocka_unit_test(what_would_unpack_too_large_is_none),
        cmocka_unit_test(no_damage_leads_astray),
    };
    return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
