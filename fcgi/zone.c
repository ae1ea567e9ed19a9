/* zone.c - see zone.h. The C library reads the files; it is asked anew only when another zone is wanted than the last time. */
#include "zone.h"

#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

static bool utc(const char *name)
{
    return !name || strcmp(name, "UTC") == 0;
}

/* A path inside the folder: letters, digits and + - _ between slashes; no dots, so no way out of it. */
static bool well_formed(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/";
    size_t n = strlen(name);
    return n > 0 && n <= ZONE_NAME_MOST && strspn(name, letters) == n && name[0] >= 'A' && name[0] <= 'Z' && name[n - 1] != '/' && !strstr(name, "//");
}

bool zone_known(const char *name)
{
    if (utc(name)) return name;
    if (!well_formed(name)) return false;
    char path[sizeof ZONE_FOLDER + ZONE_NAME_MOST], magic[4];
    snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
    FILE *file = fopen(path, "re");
    if (!file) return false;
    bool good = fread(magic, sizeof magic, 1, file) == 1 && memcmp(magic, "TZif", sizeof magic) == 0; /* RFC 8536 */
    fclose(file);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* zone.tab: country, coordinates, name and a remark, divided by tabs. */
struct zone_list zone_names(struct arena *a)
{
    enum { MOST = 1000 };
    struct zone_list list = {.v = arena_alloc(a, MOST * sizeof *list.v)};
    list.v[list.n++] = "UTC";
    FILE *file = fopen(ZONE_FOLDER "zone.tab", "re");
    if (!file) return list;
    char line[256];
    while (list.n < MOST && fgets(line, sizeof line, file)) {
        char *name = line[0] == '#' ? NULL : strchr(line, '\t');
        if (name) name = strchr(name + 1, '\t');
        if (!name) continue;
        name[1 + strcspn(name + 1, "\t\n")] = 0;
        if (well_formed(name + 1)) list.v[list.n++] = arena_text(a, name + 1, strlen(name + 1));
    }
    fclose(file);
    qsort(list.v + 1, list.n - 1, sizeof *list.v, by_name);
    return list;
}

bool zone_use(const char *name)
{
    static char now[ZONE_NAME_MOST + 1];
    if (utc(name) || !well_formed(name)) return false;
    if (strcmp(now, name) == 0) return true;
    setenv("TZ", name, 1);
    tzset();
    strcpy(now, name);
    return true;
}
