/* drive.h - the arguments of the two programs that smtp_test.py drives: key=value. */
#ifndef TESTS_UNIT_DRIVE_H
#define TESTS_UNIT_DRIVE_H

#include <stdlib.h>
#include <string.h>

/* main sets them. */
static int argument_count;
static char **arguments;

static const char *argument(const char *key, const char *otherwise)
{
    size_t n = strlen(key);
    for (int i = 1; i < argument_count; i++)
        if (!strncmp(arguments[i], key, n) && arguments[i][n] == '=') return arguments[i] + n + 1;
    return otherwise;
}

static unsigned number(const char *key, const char *otherwise)
{
    return (unsigned)strtoul(argument(key, otherwise), NULL, 10);
}

#endif
