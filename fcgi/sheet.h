/* sheet.h - comma-separated values as RFC 4180 has them, for spreadsheets: every cell quoted (libcsv), CRLF, UTF-8 with the mark that makes
 * Excel read it as such. A cell that a spreadsheet would take for a formula begins with ' (security.md, A8): what a stranger typed as their
 * name must not run on the desk of who exports it.
 */
#ifndef FCGI_SHEET_H
#define FCGI_SHEET_H

#include "types.h"

struct out;

/* The mark, and a row of names that ends with NULL, translated. */
void sheet_begin(struct out *o, const char *const *names);

/* Cells of a row, from left to right. NULL: an empty one. */
void sheet_cell(struct out *o, const char *text);

/* 2026-11-21T09:30:00Z; "never" is an empty cell. */
void sheet_moment(struct out *o, struct moment t);

void sheet_row_end(struct out *o);

#endif
