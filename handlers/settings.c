/* settings.c - what a vendor decides for itself: name, picture, colour, language, time zone, expiry, and who may accept.
 *
 * Who saves what a colleague has changed meanwhile is shown that first (revision.h).
 */
#include "settings.h"

#include "audit.h"
#include "colour.h"
#include "handlers.h"
#include "image.h"
#include "language.h"
#include "pages.h"
#include "revision.h"
#include "secret.h"
#include "settings_rules.h"
#include "sql/settings.h"
#include "urls.h"
#include "views.h"
#include "zone.h"

#include <string.h>

enum { LOGO_KIB = 200 };

static const char *const policies[] = {"exact", "domain", "any", NULL}, *const yes[] = {"yes", NULL};

static const char days[] = N_("Enter a number of days from 1 to 30");

const struct form_field settings_fields[] = {
    {.name = "name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter the name of your company")},
    {.name = "colour", .kind = FIELD_LINE, .most = 40},
    {.name = "language", .kind = FIELD_CHOICE, .choices = language_tags, .missing = N_("Select a language"), .wrong = N_("Select a language")},
    {.name = "time_zone", .kind = FIELD_LINE, .most = ZONE_NAME_MOST, .missing = N_("Select a time zone")},
    {.name = "expires_days", .kind = FIELD_NUMBER, .low = 1, .high = 30, .missing = days, .wrong = days},
    {.name = "address_policy", .kind = FIELD_CHOICE, .choices = policies, .missing = N_("Select who may accept"), .wrong = N_("Select who may accept")},
    {.name = "remind", .kind = FIELD_CHOICE, .choices = yes, .wrong = N_("Tick the box, or leave it empty")},
    REVISION_FIELD,
    {0},
};

const struct form_field logo_fields[] = {
    {.name = "logo", .kind = FIELD_FILE, .high = LOGO_KIB << 10, .missing = N_("Choose a picture"), .wrong = N_("Choose a picture of at most 200 KB")},
    {0},
};

/* `logo` may carry the message of an upload, whose page this is too. `stale`: a colleague has changed what the form asks to change. */
static enum db_result draw(struct request *q, const struct settings *s, const struct form *form, const struct form *logo, bool stale)
{
    struct page page = page_begin(q, "Settings", PLACE_SETTINGS);
    if (!form_good(form)) page_fail(q, &page, form);
    else if (logo && !form_good(logo)) page_fail(q, &page, logo);
    struct zone_list zones = zone_names(q->arena);
    view_settings(q->out, &page, s, form, logo, &zones, stale);
    return DB_OK;
}

/* The form as it stands in the database. */
static void fill(struct request *q, const struct settings *s, struct form *form)
{
    form_empty(q->arena, settings_fields, form);
    form_fill(form, "name", s->name);
    form_fill(form, "colour", s->colour);
    form_fill(form, "language", s->language);
    form_fill(form, "time_zone", s->time_zone);
    form_fill(form, "expires_days", arena_printf(q->arena, "%u", (unsigned)s->expires_days));
    form_fill(form, "address_policy", address_policy_name(s->address_policy));
    if (s->remind) form_fill(form, "remind", "yes");
}

enum db_result settings_show(struct request *q)
{
    struct settings s;
    struct form form;
    TRY(settings_of(q->db, q->session.company_id, &s));
    fill(q, &s, &form);
    return draw(q, &s, &form, NULL, false);
}

static enum db_result saved(struct request *q, const char *note)
{
    request_leave_note(q, (struct request_note){note, "", ""});
    return request_redirect(q, url_settings());
}

/* What is different now, for the audit log: "name, colour". */
static const char *changes(struct request *q, const struct form *before, const struct form *now)
{
    static const char *const words[][2] = {{"name", "name"}, {"colour", "colour"}, {"language", "language"}, {"time_zone", "time zone"},
                                           {"expires_days", "expiry"}, {"address_policy", "who may accept"}, {"remind", "reminders"}};
    const char *all = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(form_value(before, words[i][0]), form_value(now, words[i][0])) != 0) all = arena_printf(q->arena, "%s%s%s", all, *all ? ", " : "", words[i][1]);
    return all;
}

static void check(struct request *q, struct form *f)
{
    const char *wrong = settings_colour_error(q->out, form_value(f, "colour"));
    if (wrong) form_fail(f, "colour", wrong);
    if (form_value(f, "time_zone")[0] && !zone_known(form_value(f, "time_zone"))) form_fail(f, "time_zone", "Select a time zone");
    if (!form_error(f, "expires_days")) form_fill(f, "expires_days", arena_printf(q->arena, "%ld", form_number(f, "expires_days", 7))); /* "07" is no other number */
}

enum db_result settings_do(struct request *q)
{
    struct form *f = &q->form, before;
    struct settings s;
    enum address_policy policy;
    if (form_error(f, "revision")) return request_problem(q, 400);
    TRY(settings_of(q->db, q->session.company_id, &s));
    fill(q, &s, &before);
    check(q, f);
    bool stale = revision_stale(f, &before, s.revision);
    if (stale) form_fail(f, "name", "A colleague has changed the settings meanwhile: look at what they are now, and save again if yours are right");
    if (!form_good(f)) return draw(q, &s, f, NULL, stale);
    if (!revision_differs(f, &before)) return saved(q, "settings-saved"); /* a second press of the button */
    if (!address_policy_from(form_value(f, "address_policy"), &policy)) return DB_BUG;
    enum db_result r = settings_set(q->db, q->session.company_id, s.revision, form_value(f, "name"), form_value(f, "language"), form_value(f, "time_zone"),
                                    form_value(f, "colour"), (uint64_t)form_number(f, "expires_days", 7), policy, form_value(f, "remind")[0] != 0);
    if (r == DB_NONE) return DB_RETRY; /* a colleague was faster: the page shows what is true now */
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "settings_changed", .vendor_id = q->session.company_id, .detail = changes(q, &before, f)}));
    return saved(q, "settings-saved");
}

static enum logo_kind kind_of(enum image_type type)
{
    return type == IMAGE_PNG ? LOGO_PNG : type == IMAGE_JPEG ? LOGO_JPEG : LOGO_WEBP;
}

enum db_result settings_logo_do(struct request *q)
{
    struct form *f = &q->form, form;
    struct settings s;
    TRY(settings_of(q->db, q->session.company_id, &s));
    struct bytes file = form_file(f, "logo");
    struct image image = form_good(f) ? image_look(file) : (struct image){0};
    if (!image.type) form_fail(f, "logo", "Choose a PNG, JPEG or WebP picture that does not move, of at most 2,000 pixels a side");
    if (!form_good(f)) {
        fill(q, &s, &form);
        return draw(q, &s, &form, f, false);
    }
    TRY(settings_logo_set(q->db, q->session.company_id, id_new(), kind_of(image.type), image.width, image.height, file, NULL));
    TRY(audit_write(q, (struct audit){.event = "settings_logo_changed", .vendor_id = q->session.company_id}));
    return saved(q, "logo-saved");
}

enum db_result settings_logo_remove_do(struct request *q)
{
    enum db_result r = settings_logo_drop(q->db, q->session.company_id);
    if (r == DB_NONE) return saved(q, "logo-removed"); /* a second press of the button */
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "settings_logo_removed", .vendor_id = q->session.company_id}));
    return saved(q, "logo-removed");
}

void settings_apply(struct request *q, struct page *page, const struct settings *s)
{
    q->out->zone = s->time_zone;
    struct colour c;
    if (colour_parse(s->colour, &c) && !settings_colour_error(q->out, s->colour)) page->stylesheet = url_brand(q->arena, c);
    if (!s->logo_width) return;
    page->logo = url_logo(q->arena, s->logo);
    page->logo_width = s->logo_width;
    page->logo_height = s->logo_height;
}
