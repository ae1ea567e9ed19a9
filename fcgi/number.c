/* number.c - see number.h. */
#include "number.h"

#include "arena.h"
#include "language.h"
#include "out.h"

#include <string.h>

static void number_write(struct out *to, const struct language *l, uint64_t n)
{
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + n % 10);
    while (n /= 10);
    bool divided = count >= l->group_from;
    while (count--) {
        out_raw(to, &digits[count], 1);
        if (divided && count && count % 3 == 0) out_raw(to, l->group, strlen(l->group));
    }
}

const char *number_text(const struct out *o, uint64_t n)
{
    struct out to;
    out_init(&to, o->arena);
    number_write(&to, language_of(o), n);
    return out_text_of(&to);
}

const char *number_up_to(const struct out *o, uint64_t n, uint64_t most)
{
    return n > most ? arena_printf(o->arena, "%s+", number_text(o, most)) : number_text(o, n);
}

void out_number(struct out *o, uint64_t n)
{
    number_write(o, language_of(o), n);
}

void out_number_signed(struct out *o, int64_t n)
{
    if (n < 0) out_raw(o, "-", 1);
    number_write(o, language_of(o), n < 0 ? -(uint64_t)n : (uint64_t)n);
}

const char *number_tenths(const struct out *o, uint64_t tenths)
{
    const struct language *l = language_of(o);
    struct out to;
    out_init(&to, o->arena);
    number_write(&to, l, tenths / 10);
    out_raw(&to, l->decimal, strlen(l->decimal));
    out_u64(&to, tenths % 10);
    return out_text_of(&to);
}

const char *number_size(const struct out *o, uint64_t octets)
{
    if (octets < 1000) return arena_printf(o->arena, out_tr(o, "%s B"), number_text(o, octets));
    if (octets < 999950) return arena_printf(o->arena, out_tr(o, "%s kB"), number_tenths(o, (octets + 50) / 100));
    return arena_printf(o->arena, out_tr(o, "%s MB"), number_tenths(o, (octets + 50000) / 100000));
}
