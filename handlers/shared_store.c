/* shared_store.c - see shared.h: how a resource gets in, and how its file gets out.
 *
 * The row that says that a file is coming is committed before the first octet is written, so a crash leaves no file of which the database
 * knows nothing; the row that shows the file comes after it is whole and durable, so no page shows a file that is not there.
 */
#include "audit.h"
#include "number.h"
#include "secret.h"
#include "shared.h"
#include "sql/shared.h"
#include "upload.h"
#include "utf8.h"

#include <string.h>

enum { NAME_MOST = 150 };

void shared_form_empty(struct request *q, const struct form_field *fields, struct form *f)
{
    form_empty(q->arena, fields, f);
    form_fill(f, "once", id_text(q->arena, id_new()));
}

enum db_result shared_sweep(struct db *db, const struct config *config, size_t *n)
{
    struct shared_file_name_list left;
    TRY(shared_file_left(db, &left));
    for (*n = 0; *n < left.n && upload_remove(config, left.v[*n].stored); ++*n) TRY(shared_file_forget(db, left.v[*n].stored, NULL));
    return DB_OK;
}

enum db_result shared_sweep_files(struct db *db, const struct config *config, bool *more)
{
    size_t n;
    TRY(shared_sweep(db, config, &n));
    *more = n;
    return db_commit(db);
}

/* Some browsers sent the whole path. */
static const char *name_of(struct request *q)
{
    const char *name = form_value(&q->form, "file");
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\') name = p + 1;
    return name;
}

static const char *name_wrong(const char *name)
{
    if (!*name || utf8_has_control(name, false) || utf8_has_hidden(name)) return N_("Rename the file: its name has characters that cannot be shown");
    return utf8_length(name) > NAME_MOST ? N_("Rename the file: its name may have at most 150 characters") : NULL;
}

enum db_result shared_receive(struct request *q, struct shared_new *n)
{
    n->title = name_of(q);
    const char *wrong = name_wrong(n->title);
    if (wrong) {
        form_fail(&q->form, "file", wrong);
        return DB_OK;
    }
    enum db_result r = shared_file_coming(q->db, q->id, NULL);
    if (r == DB_OK) r = db_commit(q->db);
    if (r != DB_OK && r != DB_CONFLICT) return r; /* conflict: this handler runs again */
    switch (upload_save(q, q->id, &n->size)) {
    case UPLOAD_SAVED: return shared_file_kept(q->db, q->id);
    case UPLOAD_EMPTY: wrong = N_("This file is empty. Choose another one"); break;
    case UPLOAD_TOO_BIG: wrong = arena_printf(q->arena, out_tr(q->out, "This file is larger than %s MB. Choose a smaller one"), number_text(q->out, q->config->resource_max_mib)); break;
    case UPLOAD_CUT: wrong = N_("The file did not arrive whole. Send it again"); break;
    case UPLOAD_FAILED: return request_problem(q, 503);
    }
    form_fail(&q->form, "file", wrong);
    return shared_file_forget(q->db, q->id, NULL);
}

/* The same form again: its file is not needed a second time. */
static enum db_result stored_before(struct request *q, bool file)
{
    db_rollback(q->db);
    if (!file || !upload_remove(q->config, q->id)) return DB_OK;
    return shared_file_forget(q->db, q->id, NULL);
}

enum db_result shared_store(struct request *q, const struct shared_new *n, struct id *id)
{
    static const struct id none;
    bool file = n->kind == SHARED_FILE;
    form_id(&q->form, "once", id);
    enum db_result r = shared_add(q->db, *id, n->vendor_id, n->kind, n->audience, n->relationship_id, n->title, n->url ? n->url : "", n->body ? n->body : "",
                                  file ? q->id : none, n->size, q->session.account_id, NULL);
    if (r == DB_CONFLICT) return stored_before(q, file);
    if (r != DB_OK) return r;
    return audit_write(q, (struct audit){.event = n->relationship_id ? "resource_received" : "resource_shared", .vendor_id = n->vendor_id,
                                         .relationship_id = n->relationship_id, .detail = id_text(q->arena, *id)});
}

void shared_send(struct request *q, const char *name, struct id stored)
{
    q->response.type = "application/octet-stream";
    q->response.filename = name;
    q->response.internal = arena_printf(q->arena, "/resource/%s", id_text(q->arena, stored));
}
