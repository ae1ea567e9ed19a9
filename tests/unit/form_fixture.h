/* form_fixture.h - a form with one field of every kind, and reading it. */
#ifndef TESTS_FORM_FIXTURE_H
#define TESTS_FORM_FIXTURE_H

#include "arena_fixture.h"
#include "form.h"

#include <stdlib.h>
#include <string.h>

static const char *const colours[] = {"red", "green", NULL};

static const struct form_field fields[] = {
    {.name = "line", .kind = FIELD_LINE, .most = 10},
    {.name = "name", .kind = FIELD_NAME, .most = 100, .missing = "Enter a name"},
    {.name = "message", .kind = FIELD_MESSAGE, .most = 1000},
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = "Enter an address"},
    {.name = "password", .kind = FIELD_PASSWORD, .most = 1024, .missing = "Enter a password"},
    {.name = "colour", .kind = FIELD_CHOICE, .choices = colours, .wrong = "Choose a colour"},
    {.name = "days", .kind = FIELD_NUMBER, .low = 1, .high = 30, .wrong = "Enter 1 to 30"},
    {.name = "company", .kind = FIELD_ID, .wrong = "Choose a company"},
    {0},
};

#define ALL_GOOD "name=Ann&email=ann%40example.com&password=x"

static struct form form;
static const char *csrf;

static enum form_result take(const char *encoded, size_t n)
{
    /* an exact copy, so that AddressSanitizer sees a look behind the end */
    char *copy = malloc(n ? n : 1);
    memcpy(copy, encoded, n);
    enum form_result r = form_read(arena, fields, (struct bytes){copy, n}, &form, &csrf);
    free(copy);
    return r;
}

static void assert_read(const char *encoded)
{
    if (take(encoded, strlen(encoded)) != FORM_READ) fail_msg("malformed: %s", encoded);
}

#endif
