/* shared.h - what the pages of shared resources have in common, on both sides. */
#ifndef HANDLERS_SHARED_H
#define HANDLERS_SHARED_H

#include "model.h"
#include "request.h"

#define FIELD_ONCE {.name = "once", .kind = FIELD_ID, .wrong = N_("Send it again"), .missing = N_("Send it again")}
#define FIELD_UPLOAD {.name = "file", .kind = FIELD_FILE, .missing = N_("Choose a file")}
#define FIELD_TITLE {.name = "title", .kind = FIELD_NAME, .most = 200, .missing = N_("Enter a title")}
#define FIELD_BODY {.name = "body", .kind = FIELD_TEXT, .most = 2000, .missing = N_("Enter a text")}

/* A resource that is not there yet. The form's `once` becomes its id, so pressing twice adds it once. */
struct shared_new {
    enum shared_kind kind;
    enum shared_audience audience;
    uint64_t vendor_id, relationship_id; /* relationship_id: the partner that sends it; 0: the vendor shares it */
    const char *title, *url, *body;      /* "" without */
    uint64_t size;                       /* of the file that shared_receive took */
};

/* The form's file into the folder. DB_OK with a message at `file` when it is not what we take. */
enum db_result shared_receive(struct request *q, struct shared_new *n) __attribute__((warn_unused_result));

/* The row and the audit line. *id: its address. */
enum db_result shared_store(struct request *q, const struct shared_new *n, struct id *id) __attribute__((warn_unused_result));

/* Remove a few of the files that nothing shows any more: what a crash left, what a deleted vendor had. *n: how many there were. */
enum db_result shared_sweep(struct db *db, const struct config *config, size_t *n) __attribute__((warn_unused_result));

/* app.sweep_files */
enum db_result shared_sweep_files(struct db *db, const struct config *config, bool *more) __attribute__((warn_unused_result));

/* An empty form with a new `once`. */
void shared_form_empty(struct request *q, const struct form_field *fields, struct form *f);

/* The answer that makes nginx send a file. */
void shared_send(struct request *q, const char *name, struct id stored);

#endif
