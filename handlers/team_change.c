/* team_change.c - a member gets another role, is removed or leaves, and what becomes of their open invitations.
 *
 * Each change holds the rows of the whole team first and decides on what is true then; that an owner remains is a condition of the
 * changing statement besides (security.md, 79).
 */
#include "handlers.h"
#include "mails.h"
#include "pages.h"
#include "people.h"
#include "problems.h"
#include "secret.h"
#include "sql/asking.h"
#include "sql/team.h"
#include "team.h"
#include "urls.h"
#include "views.h"

#include <string.h>

static const char *const roles[] = {"owner", "admin", "inviter", "auditor", NULL};
static const char *const answers[] = {"take-over", "cancel", NULL};

const struct form_field team_role_fields[] = {
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles, .missing = N_("Select a role"), .wrong = N_("Select a role")},
    {.name = "open", .kind = FIELD_CHOICE, .choices = answers, .wrong = N_("Select what happens to the open invitations")},
    {0},
};

const struct form_field team_go_fields[] = {
    {.name = "open", .kind = FIELD_CHOICE, .choices = answers, .wrong = N_("Select what happens to the open invitations")},
    {0},
};

/* A member who is about to change, and who would look after what they leave behind. */
struct change {
    struct team_member member;
    struct team_heir heir; /* id 0: nobody */
    bool self;
    const char *name; /* of the member */
};

static enum db_result change_find(struct request *q, struct id id, struct change *c)
{
    const struct session *s = &q->session;
    *c = (struct change){.self = id_equal(id, s->account)};
    TRY(team_member(q->db, s->company_id, id, s->account_id, &c->member));
    const struct team_member *m = &c->member;
    c->name = person_name(q->arena, m->first_name, m->last_name, m->email);
    if (!c->self) {
        c->heir = (struct team_heir){.id = s->account_id, .email = s->email, .first_name = s->first_name, .last_name = s->last_name};
        return DB_OK;
    }
    enum db_result r = team_heir(q->db, s->company_id, m->id, &c->heir);
    return r == DB_NONE ? DB_OK : r;
}

/* The member that the path names. */
static enum db_result change_named(struct request *q, struct change *c)
{
    struct id id;
    return id_from_text(q->segment[0], &id) ? change_find(q, id, c) : DB_NONE;
}

/* The same for a POST, alone with the team until the transaction ends. */
static enum db_result change_begin(struct request *q, struct change *c)
{
    TRY(team_lock(q->db, q->session.company_id, NULL));
    return change_named(q, c);
}

static struct team_change model(struct request *q, const struct change *c, const struct form *form, enum member_role role)
{
    const struct team_heir *h = &c->heir;
    return (struct team_change){.member = &c->member,
                                .name = c->name,
                                .form = form,
                                .heir = h->id ? person_name(q->arena, h->first_name, h->last_name, h->email) : NULL,
                                .heir_self = !c->self,
                                .open = team_loss_count(&c->member, team_loss(role)),
                                .owner = team_own_role(q) == ROLE_OWNER,
                                .self = c->self,
                                .last_owner = c->member.role == ROLE_OWNER && c->member.owners < 2};
}

/* ---- what is left behind ---- */

static enum db_result invitations_settle(struct request *q, uint64_t from, uint64_t heir)
{
    uint64_t vendor = q->session.company_id, actor = q->session.account_id;
    TRY(team_invitations_lines(q->db, vendor, from, q->id, heir ? "invitation_taken_over" : "invitation_cancelled", heir ? heir : actor, NULL));
    if (heir) TRY(team_invitations_reminders_withdraw(q->db, vendor, from, NULL));
    if (heir) return team_invitations_take_over(q->db, vendor, from, heir, NULL);
    TRY(team_invitations_mails_withdraw(q->db, vendor, from, NULL));
    return team_invitations_cancel(q->db, vendor, from, NULL);
}

static enum db_result requests_settle(struct request *q, uint64_t from, uint64_t heir, bool owners_only)
{
    uint64_t vendor = q->session.company_id;
    if (heir) return team_requests_take_over(q->db, vendor, from, heir, owners_only, NULL);
    TRY(team_requests_mails_withdraw(q->db, vendor, from, owners_only, NULL));
    return team_requests_cancel(q->db, vendor, from, owners_only, NULL);
}

/* Requests to connect that wait, of who is no owner or admin any more: taken over unless the form says that everything ends. */
static enum db_result connections_settle(struct request *q, uint64_t from, uint64_t heir)
{
    uint64_t vendor = q->session.company_id;
    if (heir) return asking_take_over(q->db, vendor, from, heir, NULL);
    TRY(asking_lines(q->db, vendor, from, q->session.account_id, NULL));
    TRY(asking_mails_withdraw(q->db, vendor, from, NULL));
    return asking_withdraw_all(q->db, vendor, from, NULL);
}

/* As the form says; `role` 0: the member goes. */
static enum db_result settle(struct request *q, const struct change *c, enum member_role role)
{
    struct team_loss loss = team_loss(role);
    const char *answer = form_value(&q->form, "open");
    if (role != ROLE_OWNER && role != ROLE_ADMIN) TRY(connections_settle(q, c->member.id, strcmp(answer, "cancel") == 0 ? 0 : c->heir.id));
    if (!team_loss_count(&c->member, loss)) return DB_OK;
    uint64_t heir = strcmp(answer, "take-over") == 0 ? c->heir.id : 0;
    if (loss.invitations && c->member.invitations) TRY(invitations_settle(q, c->member.id, heir));
    return loss.colleagues ? requests_settle(q, c->member.id, heir, loss.owners_only) : DB_OK;
}

/* ---- another role ---- */

static enum db_result role_draw(struct request *q, const struct change *c, struct form *form)
{
    struct page page = page_begin(q, "Change role", PLACE_TEAM);
    page.title = arena_printf(q->arena, out_tr(q->out, "Change the role of %s"), c->name);
    if (!form_good(form)) page_fail(q, &page, form);
    struct team_change t = model(q, c, form, ROLE_AUDITOR); /* the role that loses most */
    view_team_role(q->out, &page, &t);
    return DB_OK;
}

enum db_result team_role_show(struct request *q)
{
    struct change c;
    struct form form;
    TRY(change_named(q, &c));
    if (!team_may_touch(c.member.actor_role, c.member.role)) return problem_forbidden(q);
    form_empty(q->arena, team_role_fields, &form);
    form_fill(&form, "role", member_role_name(c.member.role));
    return role_draw(q, &c, &form);
}

/* Nothing of it is written. */
static enum db_result role_refuse(struct request *q, const struct change *c, enum team_verdict verdict)
{
    db_rollback(q->db);
    switch (verdict) {
    case TEAM_NOT_YOURS:
        if (!team_may_touch(c->member.actor_role, c->member.role)) return problem_forbidden(q);
        form_fail(&q->form, "role", "Select a role that is not above your own");
        break;
    case TEAM_LAST_OWNER: form_fail(&q->form, "role", "This is the last owner: make somebody else an owner first"); break;
    case TEAM_ASK: form_fail(&q->form, "open", "Select what happens to the open invitations"); break;
    case TEAM_NOTHING:
    case TEAM_DO: request_redirect(q, url_team()); return DB_OK;
    }
    return role_draw(q, c, &q->form);
}

static enum db_result role_change(struct request *q, const struct change *c, enum member_role role)
{
    const struct session *s = &q->session;
    const struct team_member *m = &c->member;
    TRY(settle(q, c, role));
    enum db_result r = team_role_set(q->db, s->company_id, m->id, m->role, role);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r;
    TRY(team_sessions_end(q->db, s->company_id, m->id, NULL));
    if (c->self) TRY(people_sign_in(q, m->id, s->company_id));
    else TRY(mails_team(q, m->email, role));
    TRY(team_write(q, "member_role_changed", m->id, arena_printf(q->arena, "%s to %s", member_role_name(m->role), member_role_name(role))));
    request_leave_note(q, (struct request_note){"team-role", c->name, role_word(q->out, role)});
    return request_redirect(q, url_team());
}

enum db_result team_role_do(struct request *q)
{
    struct change c;
    enum member_role role;
    TRY(change_begin(q, &c));
    if (!team_may_touch(c.member.actor_role, c.member.role)) return role_refuse(q, &c, TEAM_NOT_YOURS);
    if (!form_good(&q->form)) {
        db_rollback(q->db);
        return role_draw(q, &c, &q->form);
    }
    if (!member_role_from(form_value(&q->form, "role"), &role)) return DB_BUG;
    enum team_verdict verdict = team_decide(&c.member, role, c.self, form_value(&q->form, "open")[0]);
    return verdict == TEAM_DO ? role_change(q, &c, role) : role_refuse(q, &c, verdict);
}

/* ---- going ---- */

static enum db_result go_draw(struct request *q, const struct change *c, struct form *form)
{
    struct page page = page_begin(q, "Remove a member", PLACE_TEAM);
    struct team_change t = model(q, c, form, 0);
    page.title = c->self ? arena_printf(q->arena, out_tr(q->out, "Leave %s?"), name_told(q->out, q->session.company_name))
                         : arena_printf(q->arena, out_tr(q->out, "Remove %s?"), c->name);
    if (!form_good(form)) page_fail(q, &page, form);
    if (t.last_owner) view_team_last_owner(q->out, &page);
    else view_team_go(q->out, &page, &t);
    return DB_OK;
}

static enum db_result go_show(struct request *q, const struct change *c)
{
    struct form form;
    if (!c->self && !team_may_touch(c->member.actor_role, c->member.role)) return problem_forbidden(q);
    form_empty(q->arena, team_go_fields, &form);
    return go_draw(q, c, &form);
}

static enum db_result go(struct request *q, const struct change *c)
{
    const struct session *s = &q->session;
    const struct team_member *m = &c->member;
    TRY(settle(q, c, 0));
    enum db_result r = team_member_remove(q->db, s->company_id, m->id, m->role);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r;
    TRY(team_sessions_end(q->db, s->company_id, m->id, NULL));
    if (c->self) TRY(people_sign_in(q, m->id, 0));
    else TRY(mails_team(q, m->email, 0));
    TRY(team_write(q, c->self ? "member_left" : "member_removed", m->id, member_role_name(m->role)));
    request_leave_note(q, c->self ? (struct request_note){"team-left", s->company_name, ""} : (struct request_note){"team-removed", c->name, ""});
    return request_redirect(q, c->self ? url_home() : url_team());
}

static enum db_result go_decide(struct request *q, const struct change *c)
{
    enum team_verdict verdict = team_decide(&c->member, 0, c->self, form_value(&q->form, "open")[0]);
    if (form_good(&q->form) && verdict == TEAM_DO) return go(q, c);
    db_rollback(q->db);
    if (verdict == TEAM_NOT_YOURS) return problem_forbidden(q);
    if (verdict == TEAM_ASK) form_fail(&q->form, "open", "Select what happens to the open invitations");
    TRY(go_draw(q, c, &q->form));
    q->response.status = 422;
    return DB_OK;
}

enum db_result team_remove_show(struct request *q)
{
    struct change c;
    TRY(change_named(q, &c));
    return go_show(q, &c);
}

enum db_result team_remove_do(struct request *q)
{
    struct change c;
    TRY(change_begin(q, &c));
    return go_decide(q, &c);
}

enum db_result team_leave_show(struct request *q)
{
    struct change c;
    TRY(change_find(q, q->session.account, &c));
    return go_show(q, &c);
}

enum db_result team_leave_do(struct request *q)
{
    struct change c;
    TRY(team_lock(q->db, q->session.company_id, NULL));
    TRY(change_find(q, q->session.account, &c));
    return go_decide(q, &c);
}
