/* delivery.c - the delivery locations of a customer or supplier: kept by the company, seen by the vendors that it is connected with. */
#include "company.h"
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "sql/delivery.h"
#include "sql/profile.h"
#include "urls.h"
#include "views.h"

enum { DELIVERY_MOST = 200 };

#define PLAIN(n, k, m) {.name = n, .kind = k, .most = m}

#define LOCATION_FIELDS \
    {.name = "name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter a name for this location")}, \
    {.name = "street", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter the street")}, \
    PLAIN("house_number", FIELD_LINE, 20), \
    PLAIN("postal_code", FIELD_LINE, 20), \
    {.name = "city", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter the city")}, \
    PLAIN("country", FIELD_NAME, 60), \
    PLAIN("note", FIELD_MESSAGE, 500)

/* `once` becomes the id of the new one, so pressing twice adds it once. */
const struct form_field delivery_add_fields[] = {
    {.name = "once", .kind = FIELD_ID, .wrong = N_("Open this page again")},
    LOCATION_FIELDS,
    {0},
};

const struct form_field delivery_fields[] = {LOCATION_FIELDS, {0}};

enum db_result delivery_list_show(struct request *q)
{
    struct profile profile;
    struct delivery_line_list locations;
    TRY(profile_of(q->db, q->session.company_id, &profile));
    TRY(delivery_list(q->db, q->session.company_id, &locations));
    struct page page = page_begin(q, "Delivery locations", PLACE_COMPANY);
    view_delivery(q->out, &page, &profile, &locations);
    return DB_OK;
}

static enum db_result back(struct request *q, const char *note, const char *name)
{
    request_leave_note(q, (struct request_note){note, name, ""});
    return request_redirect(q, url_delivery());
}

static enum db_result draw_add(struct request *q, const struct form *form)
{
    struct page page = page_begin(q, "Add a delivery location", PLACE_COMPANY);
    if (!form_good(form)) page_fail(q, &page, form);
    view_delivery_form(q->out, &page, form, url_delivery_add());
    return DB_OK;
}

enum db_result delivery_add_show(struct request *q)
{
    struct form form;
    form_empty(q->arena, delivery_add_fields, &form);
    form_fill(&form, "once", id_text(q->arena, id_new()));
    return draw_add(q, &form);
}

enum db_result delivery_add_do(struct request *q)
{
    struct form *f = &q->form;
    struct delivery_count count;
    struct delivery_line before;
    struct id once;
    if (!form_good(f)) return draw_add(q, f);
    if (!form_id(f, "once", &once)) once = id_new();
    TRY(profile_hold(q->db, q->session.company_id));
    enum db_result r = delivery_one(q->db, q->session.company_id, once, &before);
    if (r == DB_OK) return back(q, "location-added", before.name); /* pressed twice: it is there */
    if (r != DB_NONE) return r;
    TRY(delivery_count(q->db, q->session.company_id, &count));
    if (count.n >= DELIVERY_MOST) {
        db_rollback(q->db);
        form_fail(f, "name", "A company has at most 200 delivery locations: remove one first");
        return draw_add(q, f);
    }
    TRY(delivery_add(q->db, once, q->session.company_id, form_value(f, "name"), form_value(f, "street"), form_value(f, "house_number"),
                     form_value(f, "postal_code"), form_value(f, "city"), form_value(f, "country"), form_value(f, "note"), NULL));
    TRY(company_changed(q, "location_added"));
    return back(q, "location-added", form_value(f, "name"));
}

/* The location that the path names, if the company in use has it. */
static enum db_result find(struct request *q, struct delivery_line *location)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return delivery_one(q->db, q->session.company_id, id, location);
}

static enum db_result draw_edit(struct request *q, const struct delivery_line *location, const struct form *form)
{
    struct page page = page_begin(q, "Change a delivery location", PLACE_COMPANY);
    if (!form_good(form)) page_fail(q, &page, form);
    view_delivery_form(q->out, &page, form, url_delivery_one(q->arena, location->public_id));
    return DB_OK;
}

enum db_result delivery_edit_show(struct request *q)
{
    struct delivery_line location;
    struct form form;
    TRY(find(q, &location));
    form_empty(q->arena, delivery_fields, &form);
    form_fill(&form, "name", location.name);
    form_fill(&form, "street", location.street);
    form_fill(&form, "house_number", location.house_number);
    form_fill(&form, "postal_code", location.postal_code);
    form_fill(&form, "city", location.city);
    form_fill(&form, "country", location.country);
    form_fill(&form, "note", location.note);
    return draw_edit(q, &location, &form);
}

enum db_result delivery_edit_do(struct request *q)
{
    struct delivery_line location;
    const struct form *f = &q->form;
    TRY(find(q, &location));
    if (!form_good(f)) return draw_edit(q, &location, f);
    TRY(delivery_change(q->db, q->session.company_id, location.public_id, form_value(f, "name"), form_value(f, "street"), form_value(f, "house_number"),
                        form_value(f, "postal_code"), form_value(f, "city"), form_value(f, "country"), form_value(f, "note")));
    TRY(company_changed(q, "location_changed"));
    return back(q, "location-changed", form_value(f, "name"));
}

enum db_result delivery_remove_show(struct request *q)
{
    struct delivery_line location;
    TRY(find(q, &location));
    struct page page = page_begin(q, N_("Remove this delivery location?"), PLACE_COMPANY);
    view_delivery_remove(q->out, &page, &location);
    return DB_OK;
}

enum db_result delivery_remove_do(struct request *q)
{
    struct delivery_line location;
    TRY(find(q, &location));
    TRY(delivery_remove(q->db, q->session.company_id, location.public_id));
    TRY(company_changed(q, "location_removed"));
    return back(q, "location-removed", location.name);
}
