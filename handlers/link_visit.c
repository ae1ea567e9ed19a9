/* link_visit.c - one visit of an invitation's link: what it leads to for whom, its page, and the end of an acceptance. */
#include "accept.h"
#include "add_partner.h"
#include "company.h"
#include "fields.h"
#include "link.h"
#include "pages.h"
#include "people.h"
#include "progress.h"
#include "secret.h"
#include "settings.h"
#include "settings_rules.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "urls.h"
#include "views.h"

#include <string.h>

enum db_result link_visit(struct request *q, struct link_visit *v)
{
    *v = (struct link_visit){.state = LINK_DEAD, .show = {.token = q->segment[0]}};
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_OK;
    v->hash = secret_hash(SECRET_INVITATION, q->segment[0]);
    enum db_result r = invitation_by_hash(q->db, v->hash, &v->link);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    const struct session *s = &q->session;
    if (q->signed_in)
        TRY(company_of_member(q->db, s->account_id, fields_company_kind(v->link.kind), &v->companies));
    v->visitor = (struct link_visitor){.signed_in = q->signed_in,
                                       .verified = s->verified,
                                       .account_id = s->account_id,
                                       .email_canon = s->email_canon,
                                       .fits = s->verified && settings_address_fits(v->link.address_policy, v->link.email_canon, s->email_canon),
                                       .company_kind = s->company_kind,
                                       .companies = v->companies.n};
    v->state = link_decide(&v->link, &v->visitor);
    if (v->state > LINK_CLOSED) request_language_of_invitation(q, v->link.language);
    v->show.link = &v->link;
    v->show.sender = person_name(q->arena, v->link.sender_first_name, v->link.sender_last_name, v->link.sender_email);
    v->show.never = !v->link.copied; /* the mailbox's owner decides, not who was handed a copy */
    v->show.companies = &v->companies;
    v->show.waits = link_waits(v->state, &v->link, &v->visitor);
    v->show.signed_in = q->signed_in && v->state != LINK_REGISTER ? s->email : NULL;
    v->show.signed_in_kind = s->company_kind;
    v->show.others = v->link.address_policy != POLICY_EXACT;
    v->show.own = q->signed_in && strcmp(s->email_canon, v->link.email_canon) == 0;
    return DB_OK;
}

static const char *title_of(const struct request *q, const struct link_visit *v)
{
    bool customer = v->link.kind == PARTNER_CUSTOMER;
    switch (v->state) {
    case LINK_DEAD: return N_("This invitation link does not work");
    case LINK_CLOSED: return N_("This invitation cannot be opened now");
    case LINK_MINE: return N_("You accepted this invitation");
    case LINK_DECLINED: return N_("You declined this invitation");
    case LINK_SUPERSEDED: return N_("A newer invitation was sent to you");
    case LINK_EXPIRED: return N_("This invitation has expired");
    case LINK_PAUSED: return N_("This invitation is paused");
    case LINK_WRONG_KIND: return customer ? N_("This invitation is for a customer account") : N_("This invitation is for a supplier account");
    case LINK_OTHER: return N_("This invitation is for another address");
    case LINK_REGISTER:
    case LINK_SIGN_IN:
    case LINK_ACCEPT:
    case LINK_COMPANY: break;
    }
    if (customer) return arena_printf(q->arena, out_tr(q->out, "%s invited you to be a customer"), name_told(q->out, v->link.vendor));
    return arena_printf(q->arena, out_tr(q->out, "%s invited you to be a supplier"), name_told(q->out, v->link.vendor));
}

struct page link_page(struct request *q, const struct link *l, const char *title)
{
    struct page page = page_begin(q, title, PLACE_NONE);
    page.company = NULL;
    if (!l) return page;
    page.heading = l->vendor;
    settings_apply(q, &page, &(struct settings){.time_zone = l->time_zone, .colour = l->colour, .logo = l->logo, .logo_width = l->logo_width, .logo_height = l->logo_height});
    return page;
}

/* A question that only this page asks: every other would pay for it. */
static enum db_result look_whether_connected(struct request *q, struct link_visit *v)
{
    struct invitation_connected now;
    enum db_result r = invitation_connected(q->db, v->link.id, &now);
    v->show.connected = r == DB_OK && now.connected;
    return r == DB_NONE ? DB_OK : r;
}

enum db_result link_draw(struct request *q, struct link_visit *v, struct form *form)
{
    if (v->state == LINK_MINE) TRY(look_whether_connected(q, v));
    struct page page = link_page(q, v->state > LINK_CLOSED ? &v->link : NULL, title_of(q, v));
    v->show.form = form;
    if (form && !form_good(form)) page_fail(q, &page, form);
    switch (v->state) {
    case LINK_REGISTER:
    case LINK_COMPANY: view_link_register(q->out, &page, &v->show); break;
    case LINK_SIGN_IN: view_link_sign_in(q->out, &page, &v->show); break;
    case LINK_ACCEPT: view_link_accept(q->out, &page, &v->show); break;
    case LINK_WRONG_KIND: view_link_wrong_kind(q->out, &page, &v->show); break;
    case LINK_OTHER: view_link_other(q->out, &page, &v->show); break;
    case LINK_MINE: view_link_mine(q->out, &page, &v->show); break;
    case LINK_DECLINED: view_link_declined(q->out, &page, &v->show); break;
    case LINK_SUPERSEDED: view_link_superseded(q->out, &page, &v->show); break;
    case LINK_EXPIRED: view_link_expired(q->out, &page, &v->show); break;
    case LINK_PAUSED: view_link_paused(q->out, &page, &v->show); break;
    case LINK_CLOSED: view_link_closed(q->out, &page, &v->show); break;
    case LINK_DEAD:
        q->response.status = 404;
        view_link_dead(q->out, &page);
        break;
    }
    return DB_OK;
}

enum db_result link_draw_failed(struct request *q, struct link_visit *v, struct form *form)
{
    TRY(progress_begun(q, v->link.id));
    return link_draw(q, v, form);
}

enum db_result link_fill_added(struct request *q, const struct link *link, struct form *form)
{
    if (!link->added) return DB_OK;
    struct added_partner added;
    enum db_result r = add_partner_of(q, link->id, &added);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    const char *const known[][2] = {{"phone", added.phone},   {"street", added.street}, {"house_number", added.house_number}, {"postal_code", added.postal_code},
                                    {"city", added.city}, {"country", added.country}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) form_fill(form, known[i][0], known[i][1]);
    return DB_OK;
}

enum db_result link_back(struct request *q)
{
    return request_redirect(q, url_link(q->arena, q->segment[0]));
}

enum db_result link_finish(struct request *q, const struct link_visit *v, struct acceptance *a)
{
    if (v->show.waits) {
        TRY(progress_begun(q, v->link.id));
        TRY(accept_later(q, a));
        return request_redirect(q, url_verify());
    }
    enum db_result r = accept_commit(q, a);
    if (r == DB_NONE) return DB_RETRY; /* decide again on what is true now */
    return r == DB_OK ? request_redirect(q, url_home()) : r;
}
