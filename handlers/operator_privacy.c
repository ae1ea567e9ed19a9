/* operator_privacy.c - `invited account export | erase`: everything of one person, shown or replaced. */
#include "operator_privacy.h"

#include "arena.h"
#include "json.h"
#include "out.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/outbox.h"
#include "sql/privacy.h"
#include "sql/verification.h"
#include "sql/session.h"
#include "suppression.h"

#include <stdio.h>
#include <string.h>

/* The person, after operator_begin. Exit status. */
static int person(struct operator *op, struct privacy_account *account)
{
    int status = operator_begin(op);
    if (status) return status;
    enum db_result r = privacy_account(op->db, op->address.canon, account);
    if (r == DB_NONE) return operator_fail("%s has no account", op->address.typed);
    return r == DB_OK ? 0 : operator_failed(r);
}

/* ---- export ---- */

/* One list of the whole, by pages of `id`. `page` fills *n and adds each line to `list`. */
struct pages {
    struct operator *op;
    const struct out *o;
    uint64_t account_id;
    struct hash address;
    json_t *list;
    uint64_t last;
    size_t n;
};

static enum db_result sent_page(struct pages *p)
{
    struct privacy_sent_list rows;
    TRY(privacy_sent(p->op->db, p->account_id, p->last, &rows));
    for (size_t i = 0; i < (p->n = rows.n); i++) {
        const struct privacy_sent *r = &rows.v[i];
        p->last = r->id;
        json_array_append_new(p->list, json_pack("{so ss ss ss so}", "id", json_id(p->o, r->public_id), "vendor", r->vendor, "kind", partner_kind_name(r->kind),
                                                 "status", invitation_status_name(r->status), "sent", json_moment(p->o, r->sent_at)));
    }
    return DB_OK;
}

static enum db_result messages_page(struct pages *p)
{
    struct privacy_message_list rows;
    TRY(privacy_messages(p->op->db, p->account_id, p->last, &rows));
    for (size_t i = 0; i < (p->n = rows.n); i++) {
        const struct privacy_message *r = &rows.v[i];
        p->last = r->id;
        json_array_append_new(p->list, json_pack("{ss ss ss so}", "vendor", r->vendor, "partner", r->partner, "text", r->text, "at", json_moment(p->o, r->at)));
    }
    return DB_OK;
}

static enum db_result events_page(struct pages *p)
{
    struct privacy_event_list rows;
    TRY(privacy_events(p->op->db, p->account_id, p->last, &rows));
    for (size_t i = 0; i < (p->n = rows.n); i++) {
        const struct privacy_event *r = &rows.v[i];
        p->last = r->id;
        json_array_append_new(p->list, json_pack("{so ss ss}", "at", json_moment(p->o, r->at), "event", r->event, "detail", r->detail));
    }
    return DB_OK;
}

static enum db_result mails_page(struct pages *p)
{
    struct privacy_mail_list rows;
    TRY(privacy_mails(p->op->db, p->address, p->last, &rows));
    for (size_t i = 0; i < (p->n = rows.n); i++) {
        const struct privacy_mail *r = &rows.v[i];
        p->last = r->id;
        json_array_append_new(p->list, json_pack("{so ss ss}", "at", json_moment(p->o, r->created_at), "state", mail_state_name(r->state), "answer", r->reply));
    }
    return DB_OK;
}

static enum db_result paged(struct pages p, json_t *all, const char *name, enum db_result page(struct pages *))
{
    p.list = json_array();
    json_object_set_new(all, name, p.list);
    do TRY(page(&p));
    while (p.n);
    return DB_OK;
}

static enum db_result short_lists(struct operator *op, const struct out *o, uint64_t account_id, json_t *all)
{
    struct privacy_company_list companies;
    struct privacy_session_list sessions;
    struct privacy_received_list received;
    struct privacy_team_list team;
    struct privacy_request_list requests;
    TRY(privacy_companies(op->db, account_id, &companies));
    TRY(privacy_sessions(op->db, account_id, &sessions));
    TRY(privacy_received(op->db, op->address.canon, &received));
    TRY(privacy_team(op->db, op->address.canon, &team));
    TRY(privacy_requests(op->db, account_id, &requests));
    json_t *list = json_array();
    for (size_t i = 0; i < companies.n; i++)
        json_array_append_new(list, json_pack("{ss ss ss so}", "name", companies.v[i].name, "kind", company_kind_name(companies.v[i].kind), "role",
                                              member_role_name(companies.v[i].role), "since", json_moment(o, companies.v[i].since)));
    json_object_set_new(all, "companies", list);
    list = json_array();
    for (size_t i = 0; i < sessions.n; i++)
        json_array_append_new(list, json_pack("{so so}", "begun", json_moment(o, sessions.v[i].created_at), "seen", json_moment(o, sessions.v[i].seen_at)));
    json_object_set_new(all, "sessions", list);
    list = json_array();
    for (size_t i = 0; i < received.n; i++) {
        const struct privacy_received *r = &received.v[i];
        json_array_append_new(list, json_pack("{ss ss ss ss ss ss ss so so so so so}", "vendor", r->vendor, "kind", partner_kind_name(r->kind), "status",
                                              invitation_status_name(r->status), "first_name", r->first_name, "last_name", r->last_name, "business_name",
                                              r->business_name, "message", r->message, "sent", json_moment(o, r->sent_at), "expires",
                                              json_moment(o, r->expires_at), "ended", json_moment(o, r->ended_at), "opened",
                                              json_moment(o, r->opened_at), "begun", json_moment(o, r->begun_at)));
    }
    json_object_set_new(all, "invitations_received", list);
    list = json_array();
    for (size_t i = 0; i < team.n; i++)
        json_array_append_new(list, json_pack("{ss ss ss so}", "vendor", team.v[i].vendor, "role", team.v[i].role, "status", team.v[i].status, "sent",
                                              json_moment(o, team.v[i].sent_at)));
    json_object_set_new(all, "team_invitations_received", list);
    list = json_array();
    for (size_t i = 0; i < requests.n; i++)
        json_array_append_new(list, json_pack("{ss? ss so}", "company", requests.v[i].company, "status", requests.v[i].status, "at",
                                              json_moment(o, requests.v[i].at)));
    json_object_set_new(all, "requests_to_join", list);
    return DB_OK;
}

static enum db_result everything(struct operator *op, const struct out *o, const struct privacy_account *a, json_t *all)
{
    bool listed;
    TRY(suppression_has(op->db, op->address.canon, &listed));
    json_object_set_new(all, "account", json_pack("{so ss ss ss so so so}", "id", json_id(o, a->public_id), "email", a->email, "first_name", a->first_name,
                                                  "last_name", a->last_name, "created", json_moment(o, a->created_at), "verified",
                                                  json_moment(o, a->verified_at), "locked", json_moment(o, a->locked_at)));
    json_object_set_new(all, "do_not_invite", json_boolean(listed));
    TRY(short_lists(op, o, a->id, all));
    struct pages p = {.op = op, .o = o, .account_id = a->id, .address = secret_hash(SECRET_ADDRESS, op->address.canon)};
    TRY(paged(p, all, "invitations_sent", sent_page));
    TRY(paged(p, all, "messages", messages_page));
    TRY(paged(p, all, "mails", mails_page));
    return paged(p, all, "events", events_page);
}

int operator_account_export(struct operator *op)
{
    struct privacy_account account;
    int status = person(op, &account);
    if (status) return status;
    struct out o;
    out_init(&o, op->arena);
    json_t *all = json_object();
    enum db_result r = everything(op, &o, &account, all);
    bool written = r == DB_OK && json_dumpf(all, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 && putchar('\n') == '\n' && fflush(stdout) == 0;
    json_decref(all);
    if (r != DB_OK) return operator_failed(r);
    return written ? 0 : operator_fail("standard output cannot be written");
}

/* ---- erase ---- */

/* In place of an address; the same as in retention.sql for the address alone. */
static const char *pseudonym(struct operator *op, struct hash of)
{
    char digits[17];
    for (size_t i = 0; i < 8; i++) snprintf(digits + 2 * i, 3, "%02x", of.b[i]);
    return arena_printf(op->arena, "erased-%s@erased.invalid", digits);
}

static enum db_result erase(struct operator *op, const struct privacy_account *account)
{
    const char *canon = op->address.canon;
    uint64_t account_id = account->id;
    struct hash address = secret_hash(SECRET_ADDRESS, canon);
    const char *name = pseudonym(op, address);
    /* who registers anew and is erased again is another account */
    const char *account_name = pseudonym(op, secret_hash(SECRET_ADDRESS, arena_printf(op->arena, "%s %s", canon, id_text(op->arena, account->public_id))));
    TRY(privacy_erase_contact(op->db, account_id, canon, NULL));
    TRY(privacy_leave(op->db, account_id, NULL));
    TRY(privacy_erase_connections(op->db, canon, NULL));
    TRY(privacy_end_requests(op->db, account_id, NULL));
    TRY(session_end_all(op->db, account_id, NULL));
    TRY(privacy_erase_tokens(op->db, account_id, NULL));
    TRY(verification_void(op->db, account_id, NULL));
    TRY(verification_forget(op->db, account_id, NULL));
    TRY(privacy_erase_links(op->db, canon, NULL));
    TRY(privacy_erase_search(op->db, canon, NULL));
    TRY(privacy_erase_details(op->db, canon, NULL));
    TRY(privacy_erase_events(op->db, account_id, NULL));
    TRY(privacy_erase_received(op->db, canon, name, NULL));
    TRY(privacy_erase_team(op->db, canon, name, NULL));
    TRY(privacy_erase_mails(op->db, address, NULL));
    TRY(privacy_erase_account(op->db, account_id, account_name));
    TRY(audit_by_operator(op->db, id_new(), "account_erased", 0, account_id, NULL));
    return db_commit(op->db);
}

int operator_account_erase(struct operator *op)
{
    struct privacy_account account;
    struct privacy_company_list companies;
    int status = person(op, &account);
    if (status) return status;
    enum db_result r = privacy_companies(op->db, account.id, &companies);
    for (size_t i = 0; r == DB_OK && i < companies.n; i++) {
        const struct privacy_company *c = &companies.v[i];
        if (c->last_owner) return operator_fail("%s is the last owner of %s (%s): make somebody else an owner first; nothing was changed", account.email, c->name, company_kind_name(c->kind));
    }
    if (r == DB_OK) r = erase(op, &account);
    if (r != DB_OK) return operator_failed(r);
    printf("%s is erased: what is left are ids and times\n", account.email);
    return 0;
}
