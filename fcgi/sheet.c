/* sheet.c - see sheet.h. */
#include "sheet.h"

#include "out.h"

#include <csv.h>
#include <string.h>
#include <time.h>

/* A spreadsheet calculates what begins like this (OWASP, CSV injection). A text holds no NUL. */
static bool formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

/* Every cell ends in a quote, so a neighbour on the left is seen. libcsv is asked twice: how much room, then to write there. */
void sheet_cell(struct out *o, const char *text)
{
    if (!text) text = "";
    if (o->n && o->p[o->n - 1] == '"') out_raw(o, ",", 1);
    size_t n = strlen(text), room = csv_write(NULL, 0, text, n);
    out_reserve(o, o->n + room + 1);
    char *cell = o->p + o->n;
    o->n += csv_write(cell, room, text, n);
    if (!formula(text)) return;
    memmove(cell + 2, cell + 1, room - 1);
    cell[1] = '\'';
    o->n++;
}

void sheet_moment(struct out *o, struct moment t)
{
    char text[sizeof "2026-11-21T09:30:00Z"] = "";
    time_t seconds = (time_t)(t.us / 1000000);
    struct tm parts;
    if (t.us && gmtime_r(&seconds, &parts)) strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    sheet_cell(o, text);
}

void sheet_row_end(struct out *o)
{
    out_raw(o, "\r\n", 2);
}

void sheet_begin(struct out *o, const char *const *names)
{
    out_raw(o, "\xef\xbb\xbf", 3);
    for (; *names; names++) sheet_cell(o, out_tr(o, *names));
    sheet_row_end(o);
}
