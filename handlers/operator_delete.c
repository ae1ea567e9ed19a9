/* operator_delete.c - `invited vendor delete`: everything of a vendor into a file, and then out of the database.
 *
 * One transaction, so that a failure in the middle, or data of a kind that this file does not know (a foreign key refuses), leaves all as
 * it was. Only a suspended vendor: nothing changes between the export and the end. The companies on the other side stay, and so do the
 * accounts of its people.
 */
#include "operator_delete.h"

#include "arena.h"
#include "json.h"
#include "out.h"
#include "secret.h"
#include "shared.h"
#include "sql/audit.h"
#include "sql/tenant.h"

#include <stdio.h>
#include <unistd.h>

/* ---- export ---- */

struct tenant {
    struct operator *op;
    const struct out *o;
    FILE *file;
    uint64_t id;
    bool first; /* of its list */
};

static void list_begin(struct tenant *t, const char *name)
{
    fprintf(t->file, ",\n\"%s\": [", name);
    t->first = true;
}

static void list_end(struct tenant *t)
{
    fputs(t->first ? "]" : "\n]", t->file);
}

/* One record in a line; takes it over. */
static void record(struct tenant *t, json_t *json)
{
    fputs(t->first ? "\n  " : ",\n  ", t->file);
    t->first = false;
    json_dumpf(json, t->file, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(json);
}

static enum db_result company(struct tenant *t, const struct tenant_company *c)
{
    json_t *json = json_pack("{so ss so so ss ss ss sI}", "id", json_id(t->o, c->public_id), "name", c->name, "created", json_moment(t->o, c->created_at),
                             "suspended", json_moment(t->o, c->suspended_at), "language", c->language, "time_zone", c->time_zone, "colour", c->colour,
                             "expires_days", (json_int_t)c->expires_days);
    fputs("{\"vendor\": ", t->file);
    json_dumpf(json, t->file, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(json);
    struct tenant_member_list members;
    struct tenant_role_list roles;
    TRY(tenant_members(t->op->db, t->id, &members));
    TRY(tenant_roles(t->op->db, t->id, &roles));
    list_begin(t, "members");
    for (size_t i = 0; i < members.n; i++)
        record(t, json_pack("{ss ss ss ss so}", "email", members.v[i].email, "first_name", members.v[i].first_name, "last_name", members.v[i].last_name, "role",
                            member_role_name(members.v[i].role), "since", json_moment(t->o, members.v[i].since)));
    list_end(t);
    list_begin(t, "partner_roles");
    for (size_t i = 0; i < roles.n; i++) record(t, json_pack("{ss ss}", "name", roles.v[i].name, "permissions", roles.v[i].permissions));
    list_end(t);
    return DB_OK;
}

static enum db_result thread(struct tenant *t, uint64_t relationship_id, json_t *list)
{
    struct tenant_message_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        TRY(tenant_messages(t->op->db, relationship_id, after, &page));
        if (!page.n) return DB_OK;
        for (size_t i = 0; i < page.n; i++)
            json_array_append_new(list, json_pack("{so ss sb ss}", "at", json_moment(t->o, page.v[i].at), "sender", page.v[i].sender, "from_vendor",
                                                  page.v[i].from_vendor, "text", page.v[i].text));
    }
}

static enum db_result relationships(struct tenant *t)
{
    struct tenant_relationship_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        TRY(tenant_relationships(t->op->db, t->id, after, &page));
        if (!page.n) return DB_OK;
        for (size_t i = 0; i < page.n; i++) {
            const struct tenant_relationship *r = &page.v[i];
            json_t *messages = json_array();
            enum db_result result = thread(t, r->id, messages);
            record(t, json_pack("{so ss ss ss ss ss so so}", "company", json_id(t->o, r->partner), "name", r->name, "kind", partner_kind_name(r->kind), "number",
                                r->number, "role", r->role, "state", r->state, "since", json_moment(t->o, r->since), "messages", messages));
            if (result != DB_OK) return result;
        }
    }
}

static enum db_result invitations(struct tenant *t)
{
    struct tenant_invitation_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        TRY(tenant_invitations(t->op->db, t->id, after, &page));
        if (!page.n) return DB_OK;
        for (size_t i = 0; i < page.n; i++) {
            const struct tenant_invitation *v = &page.v[i];
            record(t, json_pack("{so ss ss ss ss ss ss ss ss ss so so so so so}", "id", json_id(t->o, v->public_id), "sender", v->sender, "kind",
                                partner_kind_name(v->kind), "status", invitation_status_name(v->status), "email", v->email, "first_name", v->first_name,
                                "last_name", v->last_name, "business_name", v->business_name, "number", v->number, "message", v->message, "sent",
                                json_moment(t->o, v->sent_at), "expires", json_moment(t->o, v->expires_at), "ended", json_moment(t->o, v->ended_at), "opened",
                                json_moment(t->o, v->opened_at), "begun", json_moment(t->o, v->begun_at)));
        }
    }
}

static enum db_result shared(struct tenant *t, bool received)
{
    struct tenant_shared_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        TRY(tenant_shared(t->op->db, t->id, received, after, &page));
        if (!page.n) return DB_OK;
        for (size_t i = 0; i < page.n; i++) {
            const struct tenant_shared *s = &page.v[i];
            bool file = !id_equal(s->stored, (struct id){0});
            record(t, json_pack("{ss ss ss ss so so}", "title", s->title, "kind", s->kind, "url", s->url, "text", s->body, "file",
                                file ? json_id(t->o, s->stored) : json_null(), "at", json_moment(t->o, s->created_at)));
        }
    }
}

static enum db_result events(struct tenant *t)
{
    struct tenant_event_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        TRY(tenant_events(t->op->db, t->id, after, &page));
        if (!page.n) return DB_OK;
        for (size_t i = 0; i < page.n; i++) {
            const struct tenant_event *e = &page.v[i];
            record(t, json_pack("{so ss ss? ss}", "at", json_moment(t->o, e->at), "event", e->event, "who", e->who, "detail", e->detail));
        }
    }
}

static enum db_result export(struct tenant *t, const struct tenant_company *c)
{
    TRY(company(t, c));
    list_begin(t, "relationships");
    TRY(relationships(t));
    list_end(t);
    list_begin(t, "invitations");
    TRY(invitations(t));
    list_end(t);
    list_begin(t, "shared");
    TRY(shared(t, false));
    list_end(t);
    list_begin(t, "received");
    TRY(shared(t, true));
    list_end(t);
    list_begin(t, "events");
    TRY(events(t));
    list_end(t);
    fputs("}\n", t->file);
    return DB_OK;
}

/* ---- delete ---- */

static enum db_result invitations_delete(struct db *db, uint64_t vendor)
{
    for (struct tenant_batch b;;) {
        TRY(tenant_invitation_batch(db, vendor, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_words(db, vendor, b.last, NULL));
        TRY(tenant_delete_tokens(db, vendor, b.last, NULL));
        TRY(tenant_leave_requests(db, vendor, b.last, NULL));
        TRY(tenant_delete_invitations(db, vendor, b.last, NULL));
    }
}

static enum db_result relationships_delete(struct db *db, uint64_t vendor)
{
    for (struct tenant_batch b;;) {
        TRY(tenant_relationship_batch(db, vendor, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_messages(db, vendor, b.last, NULL));
        TRY(tenant_delete_notices(db, vendor, b.last, NULL));
        TRY(tenant_delete_relationship_words(db, vendor, b.last, NULL));
        TRY(tenant_delete_relationships(db, vendor, b.last, NULL));
    }
}

static enum db_result details_delete(struct db *db, uint64_t vendor)
{
    struct tenant_batch b;
    for (uint64_t after = 0;; after = b.last) {
        TRY(tenant_event_batch(db, vendor, after, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_details(db, vendor, after, b.last, NULL));
    }
}

/* Children before parents. */
static enum db_result everything_delete(struct db *db, uint64_t vendor)
{
    TRY(tenant_delete_files(db, vendor, NULL));
    TRY(tenant_delete_audiences(db, vendor, NULL));
    TRY(tenant_delete_shared(db, vendor, NULL));
    TRY(invitations_delete(db, vendor));
    TRY(tenant_delete_merged(db, vendor, NULL));
    TRY(relationships_delete(db, vendor));
    TRY(tenant_delete_team_tokens(db, vendor, NULL));
    TRY(tenant_delete_team(db, vendor, NULL));
    for (uint64_t n = 1; n;) TRY(tenant_delete_mails(db, vendor, &n));
    TRY(details_delete(db, vendor));
    TRY(tenant_delete_roles(db, vendor, NULL));
    TRY(tenant_delete_logo(db, vendor, NULL));
    TRY(tenant_delete_members(db, vendor, NULL));
    TRY(tenant_leave_sessions(db, vendor, NULL));
    TRY(audit_by_operator(db, id_new(), "vendor_deleted", vendor, 0, NULL));
    TRY(tenant_delete_company(db, vendor));
    return db_commit(db);
}

/* Their rows say that they must go; what cannot be removed now is removed by the next one who shares something. */
static void files_remove(struct operator *op)
{
    size_t n = 1;
    while (n && shared_sweep(op->db, op->config, &n) == DB_OK && db_commit(op->db) == DB_OK)
        ;
}

int operator_vendor_delete(struct operator *op)
{
    struct vendor_company vendor;
    struct tenant_company c;
    int status = operator_begin(op);
    if (!status) status = operator_vendor(op, &vendor);
    if (status) return status;
    enum db_result r = tenant_company(op->db, vendor.id, &c);
    if (r != DB_OK) return operator_failed(r);
    if (!c.suspended_at.us) return operator_fail("%s is not suspended: suspend it first, so that nothing changes meanwhile; nothing was changed", vendor.name);
    struct out o;
    out_init(&o, op->arena);
    struct tenant t = {.op = op, .o = &o, .file = json_file(op->file), .id = vendor.id};
    if (!t.file) return 1;
    r = export(&t, &c);
    if (!json_file_done(t.file) && r == DB_OK) return operator_fail("%s cannot be written whole; nothing was changed", op->file);
    if (r == DB_OK) r = everything_delete(op->db, vendor.id);
    if (r != DB_OK) {
        unlink(op->file); /* it would be in the way of the next try */
        return operator_failed(r);
    }
    files_remove(op);
    printf("%s is deleted; what it was is in %s\n", vendor.name, op->file);
    return 0;
}
