/* revision.c - see revision.h. */
#include "revision.h"

#include <string.h>

bool revision_differs(const struct form *form, const struct form *now)
{
    for (size_t i = 0; i < form->n; i++) {
        const char *name = form->fields[i].name;
        if (strcmp(name, "revision") != 0 && strcmp(form_value(form, name), form_value(now, name)) != 0) return true;
    }
    return false;
}

bool revision_stale(const struct form *form, const struct form *now, uint64_t revision)
{
    return (uint64_t)form_number(form, "revision", 0) != revision && revision_differs(form, now);
}
