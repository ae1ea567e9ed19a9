/* upload.h - a file that a form brings, in pieces from nginx to the folder resource_folder: never held in memory, never under a name that
 * somebody chose, never believed about its type.
 *
 * The form's fields stand before the file, so they, the token and the permission are checked before an octet is written. A file is written
 * under its id and ".part", made durable, then renamed: what has its id for a name is whole.
 */
#ifndef FCGI_UPLOAD_H
#define FCGI_UPLOAD_H

#include "form.h"
#include "request.h"

struct FCGX_Stream;

enum upload_result {
    UPLOAD_SAVED,  /* whole and durable */
    UPLOAD_EMPTY,  /* no octet in it */
    UPLOAD_TOO_BIG,/* more than resource_max_mib; nothing is kept */
    UPLOAD_CUT,    /* the body broke off or was malformed; nothing is kept */
    UPLOAD_FAILED  /* the disk said no, logged; nothing is kept */
};

/* ---- for serve.c ---- */

/* Whether a body of n octets may come at all. */
bool upload_fits(const struct config *c, size_t n);

/* Reads q->form up to the file. When the handler runs again, the fields are as they were. */
enum form_result upload_begin(struct request *q, struct FCGX_Stream *in, const char **csrf);

/* What the handler left of the body, so that nginx is not cut short. */
void upload_drain(struct request *q);

/* ---- for handlers ---- */

/* Take the file, once; later calls give the same answer. */
enum upload_result upload_save(struct request *q, struct id stored, uint64_t *size);

/* Remove a file, whole or half, if it is there. False, logged: it is still there. */
bool upload_remove(const struct config *c, struct id stored);

#endif
