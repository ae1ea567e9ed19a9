/* json.h - what the operator's exports are written with: values of ours as JSON (jansson). */
#ifndef HANDLERS_JSON_H
#define HANDLERS_JSON_H

#include "out.h"
#include "types.h"

#include <jansson.h>
#include <stdio.h>

/* "2026-12-02T14:05:00Z", or null for never. */
json_t *json_moment(const struct out *o, struct moment t);

/* 32 hexadecimal digits. */
json_t *json_id(const struct out *o, struct id id);

/* An empty file that only its owner can read, for what is exported; NULL, explained, when there is one of that name already. */
FILE *json_file(const char *path);

/* Whether everything that was written lies on the disk now; closes the file. */
bool json_file_done(FILE *file);

#endif
