/* account_export.c - see account_export.h. */
#include "account_export.h"

#include "arena.h"
#include "json.h"
#include "secret.h"
#include "sql/outbox.h"
#include "sql/privacy.h"
#include "suppression.h"

struct person {
    uint64_t id;
    const char *canon;   /* of the address */
    struct hash address; /* the same, keyed */
};

/* ---- short lists, one page each ---- */

static enum db_result companies(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_company_list rows = {0};
    if (!*last) TRY(privacy_companies(s->db, p->id, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_company *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss ss ss so}", "name", r->name, "kind", company_kind_name(r->kind), "role", member_role_name(r->role), "since",
                                 json_moment(&s->out, r->since)));
    }
    return DB_OK;
}

static enum db_result sessions(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_session_list rows = {0};
    if (!*last) TRY(privacy_sessions(s->db, p->id, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_session *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{so so ss?}", "begun", json_moment(&s->out, r->created_at), "seen", json_moment(&s->out, r->seen_at), "company",
                                 r->company));
    }
    return DB_OK;
}

static enum db_result links(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_link_list rows = {0};
    if (!*last) TRY(privacy_links(s->db, p->id, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_link *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss so so}", "purpose", r->purpose, "sent", json_moment(&s->out, r->created_at), "used", json_moment(&s->out, r->used_at)));
    }
    return DB_OK;
}

static enum db_result received(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_received_list rows = {0};
    if (!*last) TRY(privacy_received(s->db, p->canon, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_received *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss ss ss ss ss ss ss so so so so so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status",
                                 invitation_status_name(r->status), "first_name", r->first_name, "last_name", r->last_name, "business_name", r->business_name,
                                 "message", r->message, "sent", json_moment(&s->out, r->sent_at), "expires", json_moment(&s->out, r->expires_at), "ended",
                                 json_moment(&s->out, r->ended_at), "opened", json_moment(&s->out, r->opened_at), "begun", json_moment(&s->out,
                                 r->begun_at)));
    }
    return DB_OK;
}

static enum db_result team_received(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_team_list rows = {0};
    if (!*last) TRY(privacy_team(s->db, p->canon, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_team *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss ss ss so}", "vendor", r->vendor, "role", r->role, "status", r->status, "sent", json_moment(&s->out, r->sent_at)));
    }
    return DB_OK;
}

static enum db_result connections_received(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_connection_list rows = {0};
    if (!*last) TRY(privacy_connections(s->db, p->canon, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_connection *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss ss ss so so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status", r->status, "sent",
                                 json_moment(&s->out, r->created_at), "expires", json_moment(&s->out, r->expires_at)));
    }
    return DB_OK;
}

static enum db_result requests(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_request_list rows = {0};
    if (!*last) TRY(privacy_requests(s->db, p->id, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_request *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss? ss so}", "company", r->company, "status", r->status, "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

static enum db_result waiting(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_waiting_list rows = {0};
    if (!*last) TRY(privacy_waiting(s->db, p->id, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_waiting *r = &rows.v[i];
        *last = 1;
        json_record(s, json_pack("{ss ss so}", "vendor", r->vendor, "company", r->company, "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

/* ---- long ones, by pages of `id` ---- */

static enum db_result accepted(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_accepted_list rows;
    TRY(privacy_accepted(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_accepted *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss ss so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

static enum db_result decided(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_decided_list rows;
    TRY(privacy_decided(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_decided *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss? ss so}", "company", r->company, "status", r->status, "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

static enum db_result sent(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_sent_list rows;
    TRY(privacy_sent(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_sent *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{so ss ss ss so}", "id", json_id(&s->out, r->public_id), "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status",
                                 invitation_status_name(r->status), "sent", json_moment(&s->out, r->sent_at)));
    }
    return DB_OK;
}

static enum db_result team_sent(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_team_sent_list rows;
    TRY(privacy_team_sent(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_team_sent *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss ss ss so}", "vendor", r->vendor, "role", r->role, "status", r->status, "sent", json_moment(&s->out, r->sent_at)));
    }
    return DB_OK;
}

static enum db_result connections_sent(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_asked_list rows;
    TRY(privacy_asked(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_asked *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss ss ss so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status", r->status, "sent", json_moment(&s->out,
                                 r->created_at)));
    }
    return DB_OK;
}

static enum db_result messages(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_message_list rows;
    TRY(privacy_messages(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_message *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss ss ss so}", "vendor", r->vendor, "partner", r->partner, "text", r->text, "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

static enum db_result shared(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_shared_list rows;
    TRY(privacy_shared(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_shared *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{ss ss ss ss ss sI so}", "vendor", r->vendor, "kind", r->kind, "title", r->title, "url", r->url, "text", r->body, "size",
                                 (json_int_t)r->size, "at", json_moment(&s->out, r->at)));
    }
    return DB_OK;
}

static enum db_result mails(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_mail_list rows;
    TRY(privacy_mails(s->db, p->address, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_mail *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{so ss ss}", "at", json_moment(&s->out, r->created_at), "state", mail_state_name(r->state), "answer", r->reply));
    }
    return DB_OK;
}

static enum db_result events(struct json_stream *s, const void *of, uint64_t *last, size_t *n)
{
    const struct person *p = of;
    struct privacy_event_list rows;
    TRY(privacy_events(s->db, p->id, *last, &rows));
    for (size_t i = 0; i < (*n = rows.n); i++) {
        const struct privacy_event *r = &rows.v[i];
        *last = r->id;
        json_record(s, json_pack("{so ss ss}", "at", json_moment(&s->out, r->at), "event", r->event, "detail", r->detail));
    }
    return DB_OK;
}

static const struct {
    const char *name;
    json_page *page;
} lists[] = {
    {"companies", companies},
    {"sessions", sessions},
    {"links", links},
    {"invitations_received", received},
    {"invitations_accepted", accepted},
    {"acceptances_waiting", waiting},
    {"team_invitations_received", team_received},
    {"connection_requests_received", connections_received},
    {"requests_to_join", requests},
    {"requests_to_join_answered", decided},
    {"invitations_sent", sent},
    {"team_invitations_sent", team_sent},
    {"connection_requests_sent", connections_sent},
    {"messages", messages},
    {"shared", shared},
    {"mails", mails},
    {"events", events},
};

static enum db_result everything(struct json_stream *s, const struct person *p, const struct privacy_account *a, struct arena *rows)
{
    bool listed;
    TRY(suppression_has(s->db, p->canon, &listed));
    json_t *json = json_pack("{so ss ss ss ss so so so}", "id", json_id(&s->out, a->public_id), "email", a->email, "language", a->language, "first_name", a->first_name, "last_name",
                             a->last_name, "created", json_moment(&s->out, a->created_at), "verified", json_moment(&s->out, a->verified_at), "locked",
                             json_moment(&s->out, a->locked_at));
    fputs("{\"account\": ", s->file);
    json_dumpf(json, s->file, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(json);
    fprintf(s->file, ",\n\"do_not_invite\": %s", listed ? "true" : "false");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) TRY(json_list(s, lists[i].name, rows, lists[i].page, p));
    fputs("}\n", s->file);
    return DB_OK;
}

enum db_result account_export(struct operator *op, const struct privacy_account *account, FILE *file)
{
    struct arena *rows = arena_new();
    struct person p = {.id = account->id, .canon = op->address.canon, .address = secret_hash(SECRET_ADDRESS, op->address.canon)};
    struct json_stream s;
    json_begin(&s, file, op->db, op->arena);
    enum db_result r = everything(&s, &p, account, rows);
    db_arena_use(op->db, op->arena);
    arena_free(rows);
    return r;
}
