/* team.c - the vendor's team: its members, and requests to colleagues. */
#include "team.h"

#include "address.h"
#include "fields.h"
#include "handlers.h"
#include "mails.h"
#include "pages.h"
#include "problems.h"
#include "quota.h"
#include "secret.h"
#include "sql/team.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"

#include <string.h>

enum { TEAM_PAGE = 100 };

static const char *const roles[] = {"owner", "admin", "inviter", "auditor", NULL};

const struct form_field team_fields[] = {
    {.name = "after", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {0},
};

const struct form_field team_invite_fields[] = {
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles, .missing = N_("Select a role"), .wrong = N_("Select a role")},
    SENT_ONCE_FIELD,
    {0},
};

enum member_role team_own_role(const struct request *q)
{
    enum member_role role;
    return q->session.role && member_role_from(q->session.role, &role) ? role : 0;
}

enum db_result team_write(struct request *q, const char *event, uint64_t subject, const char *detail)
{
    return team_audit(q->db, q->id, event, q->session.company_id, q->session.account_id, subject, detail, NULL);
}

/* ---- the page ---- */

static enum db_result members_read(struct request *q, struct id after, bool placed, struct team_page *t)
{
    struct team_place place = {0};
    struct team_line_list *lines = arena_alloc(q->arena, sizeof *lines);
    uint64_t vendor = q->session.company_id;
    if (placed) TRY(team_place(q->db, vendor, after, &place));
    TRY(team_members(q->db, vendor, place.id, lines));
    bool more = lines->n > TEAM_PAGE, manages = q->session.role && t->form;
    t->members.n = more ? TEAM_PAGE : lines->n;
    t->members.v = arena_alloc(q->arena, t->members.n * sizeof *t->members.v);
    for (size_t i = 0; i < t->members.n; i++) {
        const struct team_line *m = &lines->v[i];
        t->members.v[i] = (struct team_row){.member = m,
                                          .name = person_name(q->arena, m->first_name, m->last_name, ""),
                                          .self = m->id == q->session.account_id,
                                          .change = manages && team_may_touch(team_own_role(q), m->role)};
    }
    if (placed) t->start = url_team();
    if (more) t->more = url_team_after(q->arena, t->members.v[t->members.n - 1].member->public_id);
    return DB_OK;
}

static enum db_result asked_read(struct request *q, struct team_page *t)
{
    struct team_request_list *lines = arena_alloc(q->arena, sizeof *lines);
    TRY(team_requests(q->db, q->session.company_id, lines));
    t->asked.n = lines->n;
    t->asked.v = arena_alloc(q->arena, t->asked.n * sizeof *t->asked.v);
    for (size_t i = 0; i < lines->n; i++)
        t->asked.v[i] = (struct team_asked){.request = &lines->v[i], .change = team_may_grant(team_own_role(q), lines->v[i].role)};
    return DB_OK;
}

/* `form` is of a new colleague, perhaps with messages. */
static enum db_result draw(struct request *q, struct form *form, struct id after, bool placed)
{
    struct page page = page_begin(q, "Team", PLACE_TEAM);
    struct team_page t = {.form = page.can[PERMIT_TEAM] ? form : NULL, .owner = team_own_role(q) == ROLE_OWNER};
    if (!form_good(form)) page_fail(q, &page, form);
    TRY(members_read(q, after, placed, &t));
    if (t.form) TRY(asked_read(q, &t));
    view_team(q->out, &page, &t);
    return DB_OK;
}

enum db_result team_show(struct request *q)
{
    struct id after = {0};
    if (!form_good(&q->form)) return request_problem(q, 400);
    bool placed = form_id(&q->form, "after", &after);
    struct form empty;
    form_empty(q->arena, team_invite_fields, &empty);
    fields_once(q, &empty);
    return draw(q, &empty, after, placed);
}

/* ---- asking somebody ---- */

/* "auditor", and the request's id, by which the audit log finds whom it was made to. */
static enum db_result asked_write(struct request *q, const char *event, struct id asked, enum member_role role)
{
    return team_write(q, event, 0, arena_printf(q->arena, "%s %s", member_role_name(role), id_text(q->arena, asked)));
}

/* A new secret in a new mail; earlier links and waiting mails end. */
static enum db_result mail(struct request *q, uint64_t id, const char *email, enum member_role role, uint64_t old_outbox_id)
{
    const char *token = secret_new_link(q->arena);
    uint64_t outbox_id;
    TRY(team_token_supersede(q->db, id, NULL));
    if (old_outbox_id) TRY(team_mail_end(q->db, old_outbox_id, NULL));
    TRY(team_token_add(q->db, secret_hash(SECRET_JOIN, token), id, NULL));
    TRY(mails_colleague(q, email, role, TEAM_DAYS, token, &outbox_id));
    return team_request_mail_set(q->db, id, outbox_id);
}

static enum db_result again(struct request *q)
{
    struct id first = {0};
    return draw(q, &q->form, first, false);
}

/* An open request that this form's first press has made. */
static bool asked_now(const struct request *q, const struct team_obstacle *o, struct id once)
{
    return o->open_id && !o->open_expired && o->open_sender == q->session.account_id && id_equal(o->open_once, once);
}

/* What stands in the way, said at the field. */
static enum db_result obstacle_check(struct request *q, const struct address *address, enum member_role role, struct id once, struct team_obstacle *o)
{
    bool suppressed;
    TRY(team_obstacle(q->db, q->session.company_id, address->canon, o));
    TRY(suppression_has(q->db, address->canon, &suppressed));
    if (!team_may_grant(team_own_role(q), role)) form_fail(&q->form, "role", "Select a role that is not above your own");
    if (o->colleague) form_fail(&q->form, "email", arena_printf(q->arena, out_tr(q->out, "%s is a member already"), address->typed));
    else if (suppressed) form_fail(&q->form, "email", suppression_sentence(q, address->typed));
    else if (o->open_id && !o->open_expired && !asked_now(q, o, once))
        form_fail(&q->form, "email", arena_printf(q->arena, out_tr(q->out, "%s already has a pending invitation: resend or cancel it below"), address->typed));
    return DB_OK;
}

static enum db_result asked_back(struct request *q, const char *email)
{
    request_leave_note(q, (struct request_note){"team-asked", email, ""});
    return request_redirect(q, url_team());
}

enum db_result team_invite(struct request *q)
{
    struct address address;
    struct team_obstacle o;
    enum member_role role;
    const struct session *s = &q->session;
    struct id once = fields_once(q, &q->form);
    if (!form_good(&q->form) || address_parse(q->arena, form_value(&q->form, "email"), &address)) return again(q);
    if (!member_role_from(form_value(&q->form, "role"), &role)) return DB_BUG;
    TRY(obstacle_check(q, &address, role, once, &o));
    if (!form_good(&q->form)) return again(q);
    if (asked_now(q, &o, once)) return asked_back(q, address.typed); /* pressed twice */

    uint64_t id = o.open_id;
    struct id asked = id ? o.open : id_new();
    enum db_result r = id ? team_request_renew(q->db, id, s->company_id, s->account_id, once, address.typed, role, TEAM_DAYS)
                          : team_request_add(q->db, asked, s->company_id, s->account_id, once, address.typed, address.canon, role, TEAM_DAYS, &id);
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* a colleague was faster: decide again on what is true now */
    if (r != DB_OK) return r;
    struct quota_refusal refusal;
    TRY(quota_take(q, address.typed, address.canon, &refusal));
    if (refusal.kind) {
        form_fail(&q->form, "email", refusal.sentence);
        TRY(again(q));
        quota_answer(q, &refusal);
        return DB_OK;
    }
    TRY(mail(q, id, address.typed, role, o.open_outbox_id));
    TRY(asked_write(q, "member_invited", asked, role));
    return asked_back(q, address.typed);
}

/* ---- one request ---- */

const struct form_field team_resend_fields[] = {
    {.name = "sent", .kind = FIELD_NUMBER, .low = 0, .high = INT64_MAX, .wrong = N_("Open this page again")},
    {0},
};

/* The open request that the path names. */
static enum db_result find(struct request *q, struct team_request *t)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return team_request(q->db, q->session.company_id, id, t);
}

static enum db_result too_late(struct request *q, const struct team_request *t)
{
    db_rollback(q->db);
    request_leave_note(q, (struct request_note){"team-late", t->email, ""});
    return request_redirect(q, url_team());
}

/* Nothing was sent, because it was sent, or ended, since the page was drawn: pressed twice, both presses see the one success. */
static enum db_result sent_before(struct request *q, const struct team_request *t)
{
    struct team_request_sent now;
    db_rollback(q->db);
    TRY(team_request_sent(q->db, t->id, q->session.account_id, &now));
    if (!now.pending) return too_late(q, t);
    request_leave_note(q, now.just ? (struct request_note){"team-asked", t->email, ""} : (struct request_note){"sent-meanwhile", "", ""});
    return request_redirect(q, url_team());
}

enum db_result team_resend(struct request *q)
{
    struct team_request t;
    struct address address;
    struct quota_refusal refusal;
    bool suppressed;
    TRY(find(q, &t));
    if (!team_may_grant(team_own_role(q), t.role)) return problem_forbidden(q);
    if (address_parse(q->arena, t.email, &address)) return DB_BUG;
    TRY(suppression_has(q->db, address.canon, &suppressed));
    if (suppressed) {
        request_leave_note(q, (struct request_note){"not-sent", suppression_sentence(q, t.email), ""});
        return request_redirect(q, url_team());
    }
    enum db_result r = team_request_resend(q->db, t.id, q->session.company_id, q->session.account_id, TEAM_DAYS, (struct moment){form_number(&q->form, "sent", 0)});
    if (r == DB_NONE) return sent_before(q, &t);
    if (r != DB_OK) return r;
    TRY(quota_take(q, t.email, address.canon, &refusal));
    if (refusal.kind) return quota_page(q, &refusal, url_team(), N_("Back to the team"));
    TRY(mail(q, t.id, t.email, t.role, t.outbox_id));
    TRY(asked_write(q, "member_invited_again", t.public_id, t.role));
    return asked_back(q, t.email);
}

enum db_result team_cancel_show(struct request *q)
{
    struct team_request t;
    TRY(find(q, &t));
    if (!team_may_grant(team_own_role(q), t.role)) return problem_forbidden(q);
    struct page page = page_begin(q, N_("Cancel this invitation to the team?"), PLACE_TEAM);
    view_team_cancel(q->out, &page, &t);
    return DB_OK;
}

enum db_result team_cancel_do(struct request *q)
{
    struct team_request t;
    TRY(find(q, &t));
    if (!team_may_grant(team_own_role(q), t.role)) return problem_forbidden(q);
    enum db_result r = team_request_cancel(q->db, t.id, q->session.company_id);
    if (r == DB_NONE) return too_late(q, &t);
    if (r != DB_OK) return r;
    if (t.outbox_id) TRY(team_mail_end(q->db, t.outbox_id, NULL));
    TRY(asked_write(q, "member_invite_cancelled", t.public_id, t.role));
    request_leave_note(q, (struct request_note){"team-cancelled", t.email, ""});
    return request_redirect(q, url_team());
}
