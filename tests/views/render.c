/* render.c - writes every accepted view of tests/views, given the same data, to FOLDER/<name>.
 *
 * `run` puts all generated C and a table of the views (cases.h) beside it: one program, one start.
 */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cases.h"
#include "given.h"
#include "out.h"

static struct row three[] = {
    {"one", 1, {{1}}, true},
    {"<two>", 2, {{2}}, false},
    {"three & more", 3, {{3}}, true},
};

static const struct given given = {
    .plain = "Ada",
    .naughty = "\"><script>alert('x')</script>&amp;",
    .script = "javascript:alert(1)",
    .utf8 = "Zo\u00eb \u65e5\u672c \u0131",
    .none = NULL,
    .empty = "",
    .dot = ".",
    .dots = "..",
    .host = "//evil.example/?a=b&c#d",
    .lines = "one\r\ntwo\tthree\x1b[1m",
    .newline = "\nfirst line is blank",
    .format = "100% %s %n *x* %1$s",
    .biggest = UINT64_MAX,
    .smallest = INT64_MIN,
    .count = 3,
    .octet = 255,
    .little = -7,
    .yes = true,
    .no = false,
    .array = "array",
    .id = {{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}},
    .url = {"/a?b=1&c='2'"},
    .no_url = {NULL},
    .colour = {0x0a, 0x58, 0xa6},
    .rows = {three, 3},
    .no_rows = {NULL, 0},
};

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct out o;
        out_init(&o, arena);
        o.csrf = "token<\">";
        cases[i].view(&o, &given);
        FILE *file = fopen(arena_printf(arena, "%s/%s", argv[1], cases[i].name), "wb");
        if (!file)
            return 1;
        fputs(out_text_of(&o), file);
        fclose(file);
        arena_reset(arena);
    }
    arena_free(arena);
    return 0;
}
