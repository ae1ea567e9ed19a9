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

JSON_SHORT(companies, struct person, privacy_company, privacy_companies(s->db, p->id, &rows),
           "{ss ss ss so}", "name", r->name, "kind", company_kind_name(r->kind), "role", member_role_name(r->role),
           "since", json_moment(o, r->since))

JSON_SHORT(sessions, struct person, privacy_session, privacy_sessions(s->db, p->id, &rows),
           "{so so ss?}", "begun", json_moment(o, r->created_at), "seen", json_moment(o, r->seen_at), "company", r->company)

JSON_SHORT(links, struct person, privacy_link, privacy_links(s->db, p->id, &rows),
           "{ss so so}", "purpose", r->purpose, "sent", json_moment(o, r->created_at), "used", json_moment(o, r->used_at))

JSON_SHORT(received, struct person, privacy_received, privacy_received(s->db, p->canon, &rows),
           "{ss ss ss ss ss ss ss so so so so so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind),
           "status", invitation_status_name(r->status), "first_name", r->first_name, "last_name", r->last_name,
           "business_name", r->business_name, "message", r->message, "sent", json_moment(o, r->sent_at),
           "expires", json_moment(o, r->expires_at), "ended", json_moment(o, r->ended_at), "opened", json_moment(o, r->opened_at),
           "begun", json_moment(o, r->begun_at))

JSON_SHORT(team_received, struct person, privacy_team, privacy_team(s->db, p->canon, &rows),
           "{ss ss ss so}", "vendor", r->vendor, "role", r->role, "status", r->status, "sent", json_moment(o, r->sent_at))

JSON_SHORT(connections_received, struct person, privacy_connection, privacy_connections(s->db, p->canon, &rows),
           "{ss ss ss so so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status", r->status,
           "sent", json_moment(o, r->created_at), "expires", json_moment(o, r->expires_at))

JSON_SHORT(requests, struct person, privacy_request, privacy_requests(s->db, p->id, &rows),
           "{ss? ss so}", "company", r->company, "status", r->status, "at", json_moment(o, r->at))

JSON_SHORT(waiting, struct person, privacy_waiting, privacy_waiting(s->db, p->id, &rows),
           "{ss ss so}", "vendor", r->vendor, "company", r->company, "at", json_moment(o, r->at))

/* ---- long ones, by pages of `id` ---- */

JSON_PAGES(accepted, struct person, privacy_accepted, privacy_accepted(s->db, p->id, *last, &rows),
           "{ss ss so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "at", json_moment(o, r->at))

JSON_PAGES(decided, struct person, privacy_decided, privacy_decided(s->db, p->id, *last, &rows),
           "{ss? ss so}", "company", r->company, "status", r->status, "at", json_moment(o, r->at))

JSON_PAGES(sent, struct person, privacy_sent, privacy_sent(s->db, p->id, *last, &rows),
           "{so ss ss ss so}", "id", json_id(o, r->public_id), "vendor", r->vendor, "kind", partner_kind_name(r->kind),
           "status", invitation_status_name(r->status), "sent", json_moment(o, r->sent_at))

JSON_PAGES(team_sent, struct person, privacy_team_sent, privacy_team_sent(s->db, p->id, *last, &rows),
           "{ss ss ss so}", "vendor", r->vendor, "role", r->role, "status", r->status, "sent", json_moment(o, r->sent_at))

JSON_PAGES(connections_sent, struct person, privacy_asked, privacy_asked(s->db, p->id, *last, &rows),
           "{ss ss ss so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status", r->status,
           "sent", json_moment(o, r->created_at))

JSON_PAGES(messages, struct person, privacy_message, privacy_messages(s->db, p->id, *last, &rows),
           "{ss ss ss so}", "vendor", r->vendor, "partner", r->partner, "text", r->text, "at", json_moment(o, r->at))

JSON_PAGES(shared, struct person, privacy_shared, privacy_shared(s->db, p->id, *last, &rows),
           "{ss ss ss ss ss sI so}", "vendor", r->vendor, "kind", r->kind, "title", r->title, "url", r->url, "text", r->body,
           "size", (json_int_t)r->size, "at", json_moment(o, r->at))

JSON_PAGES(mails, struct person, privacy_mail, privacy_mails(s->db, p->address, *last, &rows),
           "{so ss ss}", "at", json_moment(o, r->created_at), "state", mail_state_name(r->state), "answer", r->reply)

JSON_PAGES(events, struct person, privacy_event, privacy_events(s->db, p->id, *last, &rows),
           "{so ss ss}", "at", json_moment(o, r->at), "event", r->event, "detail", r->detail)

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
