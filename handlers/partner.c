/* partner.c - one customer or supplier: everything that this vendor may know, its number here and its partner role. See partner.h.
 *
 * Who saves what a colleague has changed meanwhile is shown that first (revision.h).
 */
#include "partner.h"

#include "audit.h"
#include "events.h"
#include "handlers.h"
#include "invite.h"
#include "merge.h"
#include "pages.h"
#include "partner_words.h"
#include "revision.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/company.h"
#include "sql/delivery.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"

#include <string.h>

const struct form_field partner_edit_fields[] = {
    {.name = "number", .kind = FIELD_LINE, .most = 50},
    {.name = "role", .kind = FIELD_ID, .missing = N_("Select a role"), .wrong = N_("Select a role")},
    REVISION_FIELD,
    {0},
};

enum partner_kind partner_kind_of(const struct request *q)
{
    return strstr(q->route->path, "/supplier") ? PARTNER_SUPPLIER : PARTNER_CUSTOMER;
}

enum place partner_place(enum partner_kind kind)
{
    return kind == PARTNER_SUPPLIER ? PLACE_SUPPLIERS : PLACE_CUSTOMERS;
}

enum db_result partner_find(struct request *q, struct partner *partner)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return relationship_details(q->db, q->session.company_id, partner_kind_of(q), id, partner);
}

enum db_result partner_back(struct request *q, const struct partner *partner, const char *note, const char *until)
{
    request_leave_note(q, (struct request_note){note, partner->name, until});
    return request_redirect(q, url_partner(q->arena, partner_kind_of(q) == PARTNER_SUPPLIER, partner->public_id));
}

enum db_result partner_role_read(struct request *q, struct partner_role *role)
{
    struct partner_role_list roles;
    struct id wanted;
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    if (form_error(&q->form, "role") || !form_id(&q->form, "role", &wanted)) return DB_NONE;
    for (size_t i = 0; i < roles.n; i++)
        if (id_equal(roles.v[i].public_id, wanted)) {
            *role = roles.v[i];
            return DB_OK;
        }
    form_fail(&q->form, "role", "Select a role");
    return DB_NONE;
}

static enum db_result draw(struct request *q, const struct partner *partner, const struct form *form)
{
    struct partner_person_list people;
    struct partner_role_list roles;
    struct delivery_line_list locations;
    struct history_line_list history;
    TRY(relationship_people(q->db, partner->company_id, &people));
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    TRY(delivery_list(q->db, partner->company_id, &locations));
    TRY(audit_of_relationship(q->db, partner->id, &history));
    events_told(q->out, &history);
    enum partner_kind kind = partner_kind_of(q);
    struct asked_invitation asked;
    enum db_result r = people.n ? DB_NONE : relationship_asked(q->db, partner->id, &asked);
    if (r != DB_OK && r != DB_NONE) return r;
    struct partner_page show = {
        .kind = kind, .partner = partner, .people = &people, .roles = &roles, .locations = &locations, .history = &history, .form = form};
    if (r == DB_OK) show.asked = &asked;
    struct page page = page_begin(q, "Customer", partner_place(kind));
    page.title = name_told(q->out, partner->name);
    if (!form_good(form)) page_fail(q, &page, form);
    view_partner(q->out, &page, &show);
    return DB_OK;
}

/* The form as it stands in the database. */
static void fill(struct request *q, const struct partner *partner, struct form *form)
{
    form_empty(q->arena, partner_edit_fields, form);
    form_fill(form, "number", partner->number);
    form_fill(form, "role", id_text(q->arena, partner->role));
}

enum db_result partner_show(struct request *q)
{
    struct partner partner;
    struct form form;
    enum db_result r = partner_find(q, &partner);
    if (r != DB_OK) return r == DB_NONE ? merge_redirect(q, partner_kind_of(q)) : r;
    fill(q, &partner, &form);
    return draw(q, &partner, &form);
}

enum db_result partner_edit_do(struct request *q)
{
    struct partner p;
    struct partner_role role;
    struct form *f = &q->form, now;
    TRY(partner_find(q, &p));
    if (form_error(f, "revision")) return request_problem(q, 400);
    enum db_result r = partner_role_read(q, &role);
    if (r != DB_OK && r != DB_NONE) return r;
    fill(q, &p, &now);
    if (revision_stale(f, &now, p.revision)) form_fail(f, "number", "A colleague has changed number or role meanwhile: look above at what they are now, and save again if yours are right");
    if (!form_good(f)) return draw(q, &p, f);
    if (!revision_differs(f, &now)) return partner_back(q, &p, "partner-saved", ""); /* a second press of the button */

    const char *number = form_value(f, "number");
    uint64_t vendor = q->session.company_id;
    bool renumbered = strcmp(number, p.number) != 0, other_role = role.id != p.partner_role_id;
    r = relationship_edit(q->db, p.id, vendor, p.revision, number, role.id);
    if (r == DB_NONE) return DB_RETRY; /* a colleague was faster: the page shows what is true now */
    if (r != DB_OK) return r;
    if (other_role) TRY(invite_role_held(q, role.id));
    if (renumbered) {
        TRY(partner_words_renew(q, p.company_id));
        TRY(audit_write(q, (struct audit){.event = "relationship_number", .vendor_id = vendor, .relationship_id = p.id, .detail = number}));
    }
    if (other_role) TRY(audit_write(q, (struct audit){.event = "relationship_role", .vendor_id = vendor, .relationship_id = p.id, .detail = role.name}));
    return partner_back(q, &p, "partner-saved", "");
}
