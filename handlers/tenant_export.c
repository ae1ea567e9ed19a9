/* tenant_export.c - see tenant_export.h.
 *
 * Secrets (links, sessions) are nobody's to take home, and what the searches need is made of what is here.
 */
#include "tenant_export.h"

#include "arena.h"
#include "json.h"
#include "out.h"
#include "secret.h"
#include "sql/tenant.h"

#include <sodium.h>

struct tenant {
    uint64_t id;
    struct arena *within; /* where the lists within a record live */
};

/* ---- the vendor ---- */

static json_t *base64(const struct out *o, struct bytes image)
{
    size_t room = sodium_base64_ENCODED_LEN(image.n, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(o->arena, room);
    return json_string(sodium_bin2base64(text, room, image.p, image.n, sodium_base64_VARIANT_ORIGINAL));
}

static enum db_result company(struct json_stream *s, uint64_t vendor_id, const struct tenant_company *c)
{
    struct tenant_logo logo;
    json_t *json = json_pack("{so ss so so so ss ss ss sI ss sb}", "id", json_id(&s->out, c->public_id), "name", c->name, "created", json_moment(&s->out, c->created_at),
                             "suspended", json_moment(&s->out, c->suspended_at), "deletion", json_moment(&s->out, c->delete_at),
                             "language", c->language, "time_zone", c->time_zone, "colour", c->colour,
                             "expires_days", (json_int_t)c->expires_days, "address_policy", c->address_policy, "reminders", c->remind);
    enum db_result r = tenant_logo(s->db, vendor_id, &logo);
    if (r == DB_OK)
        json_object_set_new(json, "logo", json_pack("{ss sI sI so}", "kind", logo.kind, "width", (json_int_t)logo.width, "height", (json_int_t)logo.height,
                                                    "base64", base64(&s->out, logo.image)));
    fputs("{\"vendor\": ", s->file);
    json_dumpf(json, s->file, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(json);
    return r == DB_NONE ? DB_OK : r;
}

JSON_PAGES(members, struct tenant, tenant_member, tenant_members(s->db, p->id, *last, &rows),
           "{ss ss ss ss so}", "email", r->email, "first_name", r->first_name, "last_name", r->last_name, "role", member_role_name(r->role),
           "since", json_moment(o, r->since))

JSON_PAGES(team, struct tenant, tenant_team, tenant_team(s->db, p->id, *last, &rows),
           "{ss ss ss ss so so so ss?}", "email", r->email, "role", r->role, "status", r->status, "sender", r->sender,
           "sent", json_moment(o, r->sent_at), "expires", json_moment(o, r->expires_at), "ended", json_moment(o, r->ended_at),
           "accepted_by", r->accepted_by)

JSON_PAGES(roles, struct tenant, tenant_role, tenant_roles(s->db, p->id, *last, &rows),
           "{ss ss sb so}", "name", r->name, "permissions", r->permissions, "preselected", r->preselected,
           "removed", json_moment(o, r->removed_at))

/* ---- partners ---- */

JSON_PAGES(messages, uint64_t, tenant_message, tenant_messages(s->db, *p, *last, &rows),
           "{so ss sb ss}", "at", json_moment(o, r->at), "sender", r->sender, "from_vendor", r->from_vendor, "text", r->text)

JSON_SHORT(merged, uint64_t, tenant_merged, tenant_merged(s->db, *p, &rows),
           "{so ss ss}", "company", json_id(o, r->company), "name", r->name, "number", r->number)

static enum db_result relationships(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct tenant *t = of;
    struct tenant_relationship_list page;
    TRY(tenant_relationships(s->db, t->id, *last, &page));
    for (size_t i = 0; i < (*n = page.n); i++) {
        const struct tenant_relationship *r = &page.v[i];
        *last = r->id;
        json_record_begin(s, json_pack("{so ss ss ss ss ss so so}", "company", json_id(&s->out, r->partner), "name", r->name, "kind",
                                       partner_kind_name(r->kind), "number", r->number, "role", r->role, "state", r->state, "paused_until",
                                       json_moment(&s->out, r->paused_until), "since", json_moment(&s->out, r->since)));
        TRY(json_list(s, "merged", t->within, merged, &r->id));
        TRY(json_list(s, "messages", t->within, messages, &r->id));
        json_record_end(s);
    }
    return DB_OK;
}

JSON_PAGES(invitations, struct tenant, tenant_invitation, tenant_invitations(s->db, p->id, *last, &rows),
           "{so ss ss ss ss ss ss ss ss ss ss ss so so so so ss? so so}", "id", json_id(o, r->public_id), "sender", r->sender,
           "kind", partner_kind_name(r->kind), "status", invitation_status_name(r->status), "email", r->email, "first_name", r->first_name,
           "last_name", r->last_name, "business_name", r->business_name, "number", r->number, "role", r->role, "language", r->language,
           "message", r->message, "first_sent", json_moment(o, r->first_sent_at), "sent", json_moment(o, r->sent_at),
           "expires", json_moment(o, r->expires_at), "ended", json_moment(o, r->ended_at), "accepted_by", r->accepted_by, "opened", json_moment(o, r->opened_at),
           "begun", json_moment(o, r->begun_at))

JSON_PAGES(requests, struct tenant, tenant_request, tenant_requests(s->db, p->id, *last, &rows),
           "{ss ss ss ss ss ss so so}", "kind", partner_kind_name(r->kind), "target", r->target, "number", r->number, "role", r->role,
           "status", r->status, "sender", r->sender, "sent", json_moment(o, r->created_at), "expires", json_moment(o, r->expires_at))

/* ---- what is shared, and what happened ---- */

JSON_PAGES(chosen, uint64_t, tenant_shared_with, tenant_shared_with(s->db, *p, *last, &rows),
           "{so ss}", "company", json_id(o, r->company), "kind", partner_kind_name(r->kind))

static json_t *id_or_null(const struct out *o, struct id id)
{
    return id_equal(id, (struct id){0}) ? json_null() : json_id(o, id);
}

static enum db_result shared(struct json_stream *s, const struct tenant *t, bool received, uint64_t *last, size_t *n)
{
    struct tenant_shared_list page;
    TRY(tenant_shared(s->db, t->id, received, *last, &page));
    for (size_t i = 0; i < (*n = page.n); i++) {
        const struct tenant_shared *v = &page.v[i];
        *last = v->id;
        json_record_begin(s, json_pack("{ss ss ss ss ss so sI ss so so}", "title", v->title, "kind", v->kind, "for", v->audience, "url", v->url, "text", v->body,
                                       "file", id_or_null(&s->out, v->stored), "size", (json_int_t)v->size, "who", v->who, "company",
                                       id_or_null(&s->out, v->company), "at", json_moment(&s->out, v->created_at)));
        TRY(json_list(s, "chosen", t->within, chosen, &v->id));
        json_record_end(s);
    }
    return DB_OK;
}

static enum db_result shared_sent(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    return shared(s, of, false, last, n);
}

static enum db_result shared_received(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    return shared(s, of, true, last, n);
}

JSON_PAGES(mails, struct tenant, tenant_mail, tenant_mails(s->db, p->id, *last, &rows),
           "{so ss ss ss}", "at", json_moment(o, r->created_at), "to", r->recipient, "state", mail_state_name(r->state), "answer", r->reply)

JSON_PAGES(events, struct tenant, tenant_event, tenant_events(s->db, p->id, *last, &rows),
           "{so ss ss? ss}", "at", json_moment(o, r->at), "event", r->event, "who", r->who, "detail", r->detail)

static const struct {
    const char *name;
    json_page *page;
} lists[] = {{"members", members}, {"team_invitations", team}, {"partner_roles", roles}, {"relationships", relationships}, {"invitations", invitations},
             {"connection_requests", requests}, {"shared", shared_sent}, {"received", shared_received}, {"mails", mails}, {"events", events}};

static enum db_result everything(struct json_stream *s, const struct tenant *t, struct arena *rows, const struct tenant_company *c)
{
    TRY(company(s, t->id, c));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) TRY(json_list(s, lists[i].name, rows, lists[i].page, t));
    fputs("}\n", s->file);
    return DB_OK;
}

enum db_result tenant_export(struct db *db, struct arena *around, const struct tenant_company *c, uint64_t vendor_id, FILE *file)
{
    struct arena *rows = arena_new();
    struct tenant t = {.id = vendor_id, .within = arena_new()};
    struct json_stream s;
    json_begin(&s, file, db, around);
    enum db_result r = everything(&s, &t, rows, c);
    db_arena_use(db, around);
    arena_free(rows);
    arena_free(t.within);
    return r;
}
