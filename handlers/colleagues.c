/* colleagues.c - the people of a customer's or supplier's company: roles, removing, leaving. The last owner stays. */
#include "audit.h"
#include "handlers.h"
#include "member_rules.h"
#include "pages.h"
#include "partner_words.h"
#include "people.h"
#include "secret.h"
#include "sql/colleague.h"
#include "sql/profile.h"
#include "urls.h"
#include "views.h"

static const char *const roles[] = {"owner", "admin", "member", NULL};

const struct form_field colleague_fields[] = {
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles, .missing = N_("Select a role"), .wrong = N_("Select a role")},
    {0},
};

enum db_result colleagues_show(struct request *q)
{
    struct profile profile;
    struct colleague_list people;
    TRY(profile_of(q->db, q->session.company_id, &profile));
    TRY(colleague_list(q->db, q->session.company_id, &people));
    struct page page = page_begin(q, "Members", PLACE_COMPANY);
    view_colleagues(q->out, &page, &profile, &people, q->session.account_id);
    return DB_OK;
}

/* The person that the path names, if a member of the company in use. */
static enum db_result find(struct request *q, struct colleague *person)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return colleague_one(q->db, q->session.company_id, id, person);
}

static enum db_result draw(struct request *q, const struct colleague *person, const struct form *form)
{
    struct page page = page_begin(q, "Change a member", PLACE_COMPANY);
    if (!form_good(form)) page_fail(q, &page, form);
    view_colleague(q->out, &page, person, form, person->account_id == q->session.account_id);
    return DB_OK;
}

enum db_result colleague_show(struct request *q)
{
    struct colleague person;
    struct form form;
    TRY(find(q, &person));
    form_empty(q->arena, colleague_fields, &form);
    form_fill(&form, "role", member_role_name(person.role));
    return draw(q, &person, &form);
}

/* With the company held, so that of two owners who go at the same moment the second is the last one. */
static enum db_result standing(struct request *q, uint64_t account_id, struct colleague_standing *now)
{
    TRY(profile_hold(q->db, q->session.company_id));
    return colleague_standing(q->db, q->session.company_id, q->session.account_id, account_id, now);
}

static const char *sentence(enum member_verdict verdict)
{
    switch (verdict) {
    case MEMBER_FINE: return NULL;
    case MEMBER_FORBIDDEN: return N_("Only an owner or admin can change a member");
    case MEMBER_OWNERS_ONLY: return N_("Only an owner can make somebody an owner, or change or remove one");
    case MEMBER_LAST_OWNER: return N_("A company needs an owner: make somebody else an owner first");
    }
    return NULL;
}

static enum db_result done(struct request *q, const char *event, const struct colleague *person, const char *note)
{
    TRY(partner_words_renew(q, q->session.company_id)); /* the vendors' contact may be another now */
    TRY(audit_write(q, (struct audit){.event = event,
                                      .detail = arena_printf(q->arena, "%s %s", id_text(q->arena, q->session.company), id_text(q->arena, person->public_id))}));
    request_leave_note(q, (struct request_note){note, person->email, ""});
    return request_redirect(q, url_colleagues());
}

enum db_result colleague_role_do(struct request *q)
{
    struct colleague person;
    struct colleague_standing now;
    enum member_role role;
    TRY(find(q, &person));
    if (!form_good(&q->form)) return draw(q, &person, &q->form);
    if (!member_role_from(form_value(&q->form, "role"), &role)) return DB_BUG;
    TRY(standing(q, person.account_id, &now));
    const char *refused = sentence(member_role_decide(now.actor, now.target, role, now.owners));
    if (refused) {
        db_rollback(q->db);
        form_fail(&q->form, "role", refused);
        return draw(q, &person, &q->form);
    }
    TRY(colleague_role_set(q->db, q->session.company_id, person.account_id, role));
    if (person.account_id == q->session.account_id) TRY(people_sign_in(q, person.account_id, q->session.company_id));
    return done(q, "member_role_changed", &person, "member-changed");
}

enum db_result colleague_remove_show(struct request *q)
{
    struct colleague person;
    TRY(find(q, &person));
    if (person.account_id == q->session.account_id) return request_redirect(q, url_company_leave());
    struct page page = page_begin(q, N_("Remove this member?"), PLACE_COMPANY);
    view_colleague_remove(q->out, &page, &person);
    return DB_OK;
}

/* Nothing has changed, and why. */
static enum db_result refuse(struct request *q, enum member_verdict verdict)
{
    db_rollback(q->db);
    request_leave_note(q, (struct request_note){verdict == MEMBER_LAST_OWNER ? "last-owner" : "owners-only", "", ""});
    return request_redirect(q, url_colleagues());
}

enum db_result colleague_remove_do(struct request *q)
{
    struct colleague person;
    struct colleague_standing now;
    TRY(find(q, &person));
    TRY(standing(q, person.account_id, &now));
    enum member_verdict verdict = member_remove_decide(now.actor, now.target, false, now.owners);
    if (verdict != MEMBER_FINE) return refuse(q, verdict);
    TRY(colleague_remove(q->db, q->session.company_id, person.account_id));
    return done(q, "member_removed", &person, "member-removed");
}

enum db_result company_leave_show(struct request *q)
{
    struct page page = page_begin(q, N_("Leave this company?"), PLACE_COMPANY);
    view_company_leave(q->out, &page);
    return DB_OK;
}

enum db_result company_leave_do(struct request *q)
{
    const struct session *s = &q->session;
    struct colleague_standing now;
    TRY(standing(q, s->account_id, &now));
    enum member_verdict verdict = member_remove_decide(now.actor, now.target, true, now.owners);
    if (verdict != MEMBER_FINE) return refuse(q, verdict);
    TRY(colleague_remove(q->db, s->company_id, s->account_id));
    TRY(partner_words_renew(q, s->company_id));
    TRY(audit_write(q, (struct audit){.event = "member_left", .detail = arena_printf(q->arena, "%s %s", id_text(q->arena, s->company), id_text(q->arena, s->account))}));
    TRY(people_sign_in(q, s->account_id, 0));
    request_leave_note(q, (struct request_note){"company-left", s->company_name, ""});
    return request_redirect(q, url_home());
}
