/* roles.c - the partner roles of a vendor: what each permits, a new one, another name or other permissions, and the end of one.
 *
 * What a role permits is asked at every request of a partner, so a change holds at once. Who saves what a
 * colleague has changed meanwhile is shown that first (revision.h). Nobody loses a role by its end: only one that nobody has can be deleted,
 * which one statement decides; whatever is given a role holds it (invite_role_held).
 */
#include "audit.h"
#include "handlers.h"
#include "pages.h"
#include "revision.h"
#include "roles.h"
#include "secret.h"
#include "sql/profile.h"
#include "sql/role.h"
#include "urls.h"
#include "views.h"

#include <string.h>

static const char *const yes[] = {"yes", NULL};

#define MAY(n) {.name = n, .kind = FIELD_CHOICE, .choices = yes, .wrong = N_("Select what the company may do")}
#define ROLE_FIELDS {.name = "name", .kind = FIELD_NAME, .most = 60, .missing = N_("Enter a name for this role")}, MAY("read"), MAY("download"), MAY("upload"), MAY("write")

const struct form_field role_add_fields[] = {ROLE_FIELDS, {0}};
const struct form_field role_edit_fields[] = {
    ROLE_FIELDS,
    REVISION_FIELD,
    {0},
};

static const char *const powers[] = {"read", "download", "upload", "write"};
enum { POWERS = sizeof powers / sizeof *powers };

enum db_result roles_show(struct request *q)
{
    struct role_line_list roles;
    TRY(role_list(q->db, q->session.company_id, &roles));
    struct roles_page show = {.rows = {arena_alloc(q->arena, roles.n * sizeof(struct role_row)), roles.n}};
    for (size_t i = 0; i < roles.n; i++) {
        show.rows.v[i].role = &roles.v[i];
        TRY(role_uses(q->db, roles.v[i].id, &show.rows.v[i].uses));
    }
    struct page page = page_begin(q, "Partner roles", PLACE_SETTINGS);
    view_roles(q->out, &page, &show);
    return DB_OK;
}

/* The role that the path names, if this vendor has it. */
static enum db_result find(struct request *q, struct role_line *role)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return role_one(q->db, q->session.company_id, id, role);
}

/* What the boxes say, as the SET of the database. */
static const char *permissions(struct request *q)
{
    const char *all = "";
    for (size_t i = 0; i < POWERS; i++)
        if (form_value(&q->form, powers[i])[0]) all = arena_printf(q->arena, "%s%s%s", all, *all ? "," : "", powers[i]);
    return all;
}

static void check(struct form *f)
{
    if (form_value(f, "download")[0] && !form_value(f, "read")[0])
        form_fail(f, "download", "Select “See what you share” too: nobody downloads what they do not see");
}

static const char taken[] = N_("You have a role of this name already: enter another name");

static enum db_result back(struct request *q, const char *event, const char *note, const char *name, const char *detail)
{
    TRY(audit_write(q, (struct audit){.event = event, .vendor_id = q->session.company_id, .detail = detail}));
    request_leave_note(q, (struct request_note){note, name, ""});
    return request_redirect(q, url_roles());
}

/* "Standard: read,download" */
static const char *described(struct request *q)
{
    return arena_printf(q->arena, "%s: %s", form_value(&q->form, "name"), permissions(q));
}

/* ---- a new one ---- */

static enum db_result add_draw(struct request *q, const struct form *form)
{
    struct page page = page_begin(q, "New partner role", PLACE_SETTINGS);
    if (!form_good(form)) page_fail(q, &page, form);
    view_role_add(q->out, &page, &(struct role_form){.form = form});
    return DB_OK;
}

enum db_result role_add_show(struct request *q)
{
    struct form form;
    form_empty(q->arena, role_add_fields, &form);
    form_fill(&form, "read", "yes");
    return add_draw(q, &form);
}

static enum db_result add_refuse(struct request *q, const char *why)
{
    db_rollback(q->db);
    form_fail(&q->form, "name", why);
    return add_draw(q, &q->form);
}

enum db_result role_add_do(struct request *q)
{
    struct form *f = &q->form;
    struct role_count count;
    check(f);
    if (!form_good(f)) return add_draw(q, f);
    TRY(profile_hold(q->db, q->session.company_id));
    TRY(role_count(q->db, q->session.company_id, &count));
    if (count.n >= ROLES_MOST) return add_refuse(q, N_("A company has at most 20 partner roles: delete one first"));
    enum db_result r = role_add(q->db, id_new(), q->session.company_id, form_value(f, "name"), permissions(q), NULL);
    if (r == DB_CONFLICT) return add_refuse(q, taken);
    if (r != DB_OK) return r;
    return back(q, "settings_role_added", "role-added", form_value(f, "name"), described(q));
}

/* ---- another name, other permissions ---- */

static enum db_result edit_draw(struct request *q, const struct role_line *role, const struct form *form, bool stale)
{
    struct page page = page_begin(q, "Change a partner role", PLACE_SETTINGS);
    page.title = arena_printf(q->arena, out_tr(q->out, "Change the role %s"), role->name);
    if (!form_good(form)) page_fail(q, &page, form);
    view_role_edit(q->out, &page, &(struct role_form){role, form, stale});
    return DB_OK;
}

static void fill(const struct role_line *role, struct form *form)
{
    const bool may[POWERS] = {role->can_read, role->can_download, role->can_upload, role->can_write};
    form_fill(form, "name", role->name);
    for (size_t i = 0; i < POWERS; i++)
        if (may[i]) form_fill(form, powers[i], "yes");
}

enum db_result role_edit_show(struct request *q)
{
    struct role_line role;
    struct form form;
    TRY(find(q, &role));
    form_empty(q->arena, role_edit_fields, &form);
    fill(&role, &form);
    return edit_draw(q, &role, &form, false);
}

enum db_result role_edit_do(struct request *q)
{
    struct role_line role;
    struct form *f = &q->form, now;
    uint64_t vendor = q->session.company_id;
    TRY(find(q, &role));
    if (form_error(f, "revision")) return request_problem(q, 400);
    check(f);
    form_empty(q->arena, role_edit_fields, &now);
    fill(&role, &now);
    bool stale = revision_stale(f, &now, role.revision);
    if (stale) form_fail(f, "name", "A colleague has changed this role meanwhile: look at what it is now, and save again if yours is right");
    if (!form_good(f)) return edit_draw(q, &role, f, stale);
    if (!revision_differs(f, &now)) return request_redirect(q, url_roles());
    enum db_result r = role_change(q->db, vendor, role.id, role.revision, form_value(f, "name"), permissions(q));
    if (r == DB_NONE) return DB_RETRY; /* a colleague was faster: the page shows what is true now */
    if (r == DB_CONFLICT) {
        db_rollback(q->db);
        form_fail(f, "name", taken);
        return edit_draw(q, &role, f, false);
    }
    if (r != DB_OK) return r;
    return back(q, "settings_role_changed", "role-saved", form_value(f, "name"), described(q));
}

enum db_result role_preselect_do(struct request *q)
{
    struct role_line role;
    TRY(find(q, &role));
    request_redirect(q, url_roles());
    if (role.preselected) return DB_OK; /* a second press of the button */
    TRY(role_not_preselected(q->db, q->session.company_id, NULL));
    enum db_result r = role_preselect(q->db, q->session.company_id, role.id);
    if (r != DB_OK) return r == DB_CONFLICT || r == DB_NONE ? DB_RETRY : r;
    return back(q, "settings_role_preselected", "role-preselected", role.name, role.name);
}

/* ---- the end ---- */

static enum db_result delete_draw(struct request *q, const struct role_line *role, const struct role_uses *uses)
{
    struct role_delete show = {.role = role, .uses = *uses};
    uint64_t vendor = q->session.company_id;
    TRY(role_companies(q->db, vendor, role->id, &show.companies));
    TRY(role_invitations(q->db, vendor, role->id, &show.invitations));
    TRY(role_requests(q->db, vendor, role->id, &show.requests));
    struct page page = page_begin(q, "Delete a partner role", PLACE_SETTINGS);
    page.title = arena_printf(q->arena, role->preselected || role_used(uses) ? out_tr(q->out, "%s cannot be deleted yet") : out_tr(q->out, "Delete the role %s?"), role->name);
    view_role_delete(q->out, &page, &show);
    return DB_OK;
}

enum db_result role_delete_show(struct request *q)
{
    struct role_line role;
    struct role_uses uses;
    TRY(find(q, &role));
    TRY(role_uses(q->db, role.id, &uses));
    return delete_draw(q, &role, &uses);
}

enum db_result role_delete_do(struct request *q)
{
    struct role_line role;
    uint64_t vendor = q->session.company_id;
    TRY(find(q, &role));
    enum db_result r = role_remove(q->db, vendor, role.id);
    if (r == DB_NONE) { /* the page says who has it */
        db_rollback(q->db);
        return request_redirect(q, url_role_delete(q->arena, role.public_id));
    }
    if (r != DB_OK) return r;
    TRY(role_forget(q->db, vendor, role.id, NULL));
    return back(q, "settings_role_removed", "role-deleted", role.name, role.name);
}
