/* urls.c - see urls.h. */
#include "urls.h"

#include "arena.h"
#include "handlers.h"
#include "out.h"
#include "router.h"
#include "routes.h"
#include "secret.h"
#include "static.h"

#include <string.h>

static struct url ended(struct out *o, const char *after)
{
    out_raw(o, after, strlen(after));
    return (struct url){out_text_of(o)};
}

static struct url with_id(struct arena *a, const char *before, struct id id, const char *after)
{
    struct out o;
    out_init(&o, a);
    out_raw(&o, before, strlen(before));
    out_segment_id(&o, id);
    return ended(&o, after);
}

/* Tokens are base64url (secret_well_formed); anything else came from the address bar and is encoded. */
static struct url with_token(struct arena *a, const char *before, const char *token, const char *after)
{
    struct out o;
    out_init(&o, a);
    out_reserve(&o, strlen(before) + strlen(token) + strlen(after) + 1);
    out_raw(&o, before, strlen(before));
    out_segment(&o, token);
    return ended(&o, after);
}

struct url url_root(void) { return (struct url){"/"}; }
struct url url_home(void) { return (struct url){"/home"}; }
struct url url_sign_in(void) { return (struct url){"/sign-in"}; }
struct url url_sign_out(void) { return (struct url){"/sign-out"}; }
struct url url_company_switch(void) { return (struct url){"/company"}; }
struct url url_forgot(void) { return (struct url){"/forgot"}; }
struct url url_account(void) { return (struct url){"/account"}; }
struct url url_register(void) { return (struct url){"/register"}; }
struct url url_verify(void) { return (struct url){"/verify"}; }
struct url url_verify_link(struct arena *a, const char *token) { return with_token(a, "/verify/", token, ""); }
struct url url_connect(void) { return (struct url){"/connect"}; }
struct url url_reset(struct arena *a, const char *token) { return with_token(a, "/reset/", token, ""); }
struct url url_industry(void) { return (struct url){"/industry"}; }
struct url url_invitations(void) { return (struct url){"/industry/invitations"}; }
struct url url_customers(void) { return (struct url){"/customers"}; }
struct url url_suppliers(void) { return (struct url){"/suppliers"}; }
struct url url_customer_messages(struct arena *a, struct id company) { return with_id(a, "/customers/", company, "/messages"); }
struct url url_supplier_messages(struct arena *a, struct id company) { return with_id(a, "/suppliers/", company, "/messages"); }
struct url url_vendor_messages(struct arena *a, struct id vendor) { return with_id(a, "/vendors/", vendor, "/messages"); }
struct url url_messages_before(struct arena *a, struct url thread, struct id message)
{
    return (struct url){arena_printf(a, "%s?before=%s", thread.text, id_text(a, message))};
}

static struct url of_partner(struct arena *a, bool supplier, struct id company, const char *after)
{
    return with_id(a, supplier ? "/suppliers/" : "/customers/", company, after);
}

struct url url_partners(bool suppliers) { return (struct url){suppliers ? "/suppliers" : "/customers"}; }
struct url url_partner(struct arena *a, bool supplier, struct id company) { return of_partner(a, supplier, company, ""); }
struct url url_partner_pause(struct arena *a, bool supplier, struct id company) { return of_partner(a, supplier, company, "/pause"); }
struct url url_partner_lift(struct arena *a, bool supplier, struct id company) { return of_partner(a, supplier, company, "/lift"); }
struct url url_partner_disconnect(struct arena *a, bool supplier, struct id company) { return of_partner(a, supplier, company, "/disconnect"); }

struct url url_invitation(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, ""); }
struct url url_invitation_resend(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/resend"); }
struct url url_invitation_cancel(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/cancel"); }
struct url url_invitation_take_over(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/take-over"); }
struct url url_invitation_copy(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/link"); }
struct url url_invitation_letter(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/letter"); }
struct url url_invitation_change(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/change"); }
struct url url_invitation_correct(struct arena *a, struct id id) { return with_id(a, "/industry/invitations/", id, "/address"); }
struct url url_invite_again(struct arena *a, struct id id) { return with_id(a, "/industry?again=", id, ""); }
struct url url_settings(void) { return (struct url){"/settings"}; }
struct url url_settings_logo(void) { return (struct url){"/settings/logo"}; }
struct url url_settings_logo_remove(void) { return (struct url){"/settings/logo/remove"}; }
struct url url_closing(void) { return (struct url){"/settings/delete"}; }
struct url url_closing_undo(void) { return (struct url){"/settings/delete/undo"}; }
struct url url_company_export(void) { return (struct url){"/export/company"}; }
struct url url_roles(void) { return (struct url){"/settings/roles"}; }
struct url url_role_add(void) { return (struct url){"/settings/roles-new"}; }
struct url url_role(struct arena *a, struct id role) { return with_id(a, "/settings/roles/", role, ""); }
struct url url_role_preselect(struct arena *a, struct id role) { return with_id(a, "/settings/roles/", role, "/preselect"); }
struct url url_role_delete(struct arena *a, struct id role) { return with_id(a, "/settings/roles/", role, "/delete"); }
struct url url_overview(void) { return (struct url){"/overview"}; }
struct url url_audit(void) { return (struct url){"/audit"}; }
struct url url_logo(struct arena *a, struct id id) { return with_id(a, "/logo/", id, ""); }
struct url url_brand(struct arena *a, struct colour c)
{
    return (struct url){arena_printf(a, "/brand/%02x%02x%02x." STATIC_STYLE_HASH ".css", c.r, c.g, c.b)};
}

struct url url_team(void) { return (struct url){"/team"}; }
struct url url_team_after(struct arena *a, struct id member) { return with_id(a, "/team?after=", member, ""); }
struct url url_team_requests(void) { return (struct url){"/team/invitations"}; }
struct url url_team_resend(struct arena *a, struct id id) { return with_id(a, "/team/invitations/", id, "/resend"); }
struct url url_team_cancel(struct arena *a, struct id id) { return with_id(a, "/team/invitations/", id, "/cancel"); }
struct url url_team_role(struct arena *a, struct id member) { return with_id(a, "/team/members/", member, "/role"); }
struct url url_team_remove(struct arena *a, struct id member) { return with_id(a, "/team/members/", member, "/remove"); }
struct url url_team_leave(void) { return (struct url){"/team/leave"}; }
struct url url_join(struct arena *a, const char *token) { return with_token(a, "/join/", token, ""); }
struct url url_join_register(struct arena *a, const char *token) { return with_token(a, "/join/", token, "/register"); }
struct url url_join_sign_in(struct arena *a, const char *token) { return with_token(a, "/join/", token, "/sign-in"); }
struct url url_join_sign_out(struct arena *a, const char *token) { return with_token(a, "/join/", token, "/sign-out"); }
struct url url_join_accept(struct arena *a, const char *token) { return with_token(a, "/join/", token, "/accept"); }
struct url url_link(struct arena *a, const char *token) { return with_token(a, "/i/", token, ""); }
struct url url_link_register(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/register"); }
struct url url_link_sign_in(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/sign-in"); }
struct url url_link_sign_out(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/sign-out"); }
struct url url_link_accept(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/accept"); }
struct url url_link_company(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/company"); }
struct url url_link_decline(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/decline"); }
struct url url_never(struct arena *a, const char *token) { return with_token(a, "/never/", token, ""); }
struct url url_never_undo(struct arena *a, const char *token) { return with_token(a, "/never/", token, "/undo"); }
struct url url_link_never(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/never"); }
struct url url_link_ask(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/ask"); }
struct url url_home_accept(struct arena *a, struct id invitation) { return with_id(a, "/home/invitations/", invitation, "/accept"); }
struct url url_home_decline(struct arena *a, struct id invitation) { return with_id(a, "/home/invitations/", invitation, "/decline"); }
struct url url_company(void) { return (struct url){"/company"}; }
struct url url_company_new(void) { return (struct url){"/company/new"}; }
struct url url_company_edit(void) { return (struct url){"/company/edit"}; }
struct url url_colleagues(void) { return (struct url){"/company/members"}; }
struct url url_colleague(struct arena *a, struct id account) { return with_id(a, "/company/members/", account, ""); }
struct url url_colleague_remove(struct arena *a, struct id account) { return with_id(a, "/company/members/", account, "/remove"); }
struct url url_company_merge(void) { return (struct url){"/company/merge"}; }
struct url url_company_leave(void) { return (struct url){"/company/leave"}; }
struct url url_home_disconnect(struct arena *a, struct id vendor) { return with_id(a, "/home/vendors/", vendor, "/disconnect"); }
struct url url_admission(void) { return (struct url){"/admission"}; }
struct url url_link_admission(struct arena *a, const char *token) { return with_token(a, "/i/", token, "/join"); }
struct url url_home_admission_accept(struct arena *a, struct id request) { return with_id(a, "/home/admissions/", request, "/accept"); }
struct url url_home_admission_decline(struct arena *a, struct id request) { return with_id(a, "/home/admissions/", request, "/decline"); }
struct url url_delivery(void) { return (struct url){"/company/delivery"}; }
struct url url_delivery_add(void) { return (struct url){"/company/delivery-new"}; }
struct url url_delivery_one(struct arena *a, struct id location) { return with_id(a, "/company/delivery/", location, ""); }
struct url url_delivery_remove(struct arena *a, struct id location) { return with_id(a, "/company/delivery/", location, "/remove"); }

static void query_add(struct out *o, const char *name, const char *value)
{
    if (!*value) return;
    out_plain(o, memchr(o->p, '?', o->n) ? "&" : "?");
    out_plain(o, name);
    out_plain(o, "=");
    out_query(o, value);
}

static struct url and_then(struct arena *a, struct url page, const char *asked)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, page.text);
    query_add(&o, "next", asked);
    return (struct url){out_text_of(&o)};
}

struct url url_sign_in_to(struct arena *a, const char *asked) { return and_then(a, url_sign_in(), asked); }
struct url url_forgot_to(struct arena *a, const char *asked) { return and_then(a, url_forgot(), asked); }

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* A download would leave who has signed in on the page where they did. */
static bool is_page_for_people(const struct route *route)
{
    bool file = route->pool == POOL_LONG || route->handle == shared_file_show || route->handle == vendor_file_show;
    return route->permission != PERMIT_ANYONE && route->permission != PERMIT_LOCAL && !file;
}

/* Our paths are of letters, digits, - and /, and no route has two slashes in a row: no host, no dots, nothing encoded. */
struct url url_asked(struct arena *a, const char *asked)
{
    size_t n = strlen(asked), path = strspn(asked, LETTERS "-/");
    bool plain = n <= URL_ASKED_MOST && (path == n || (asked[path] == '?' && path + 1 + strspn(asked + path + 1, LETTERS "-._~%!$'()*+,;:@/?=&") == n));
    const struct route *route = plain ? router_find(a, routes, METHOD_GET, arena_text(a, asked, path)).route : NULL;
    return (struct url){route && is_page_for_people(route) ? asked : NULL};
}

struct url url_asked_in_any_language(struct arena *a, const char *asked)
{
    size_t path = strcspn(asked, "?");
    const char *mark = "?";
    struct out o;
    out_init(&o, a);
    out_raw(&o, asked, path);
    for (const char *p = asked + path; *p;) {
        size_t n = 1 + strcspn(p + 1, "&");
        if (strncmp(p + 1, "lang=", 5) != 0) {
            out_raw(&o, mark, 1);
            out_raw(&o, p + 1, n - 1);
            mark = "&";
        }
        p += n;
    }
    return url_asked(a, out_text_of(&o));
}

struct url url_in_language(struct arena *a, const char *here, const char *query, const struct language *language)
{
    if (!here && !*query) return (struct url){language->choose};
    return (struct url){arena_printf(a, "%s?%s%s%s", here ? here : "", query, *query ? "&" : "", language->choose + 1)};
}

struct url url_industry_list(struct arena *a, const char *kind, const char *status, const char *q, const char *turn, struct id place)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, "/industry");
    query_add(&o, "kind", kind);
    query_add(&o, "status", status);
    query_add(&o, "q", q);
    if (turn) query_add(&o, turn, id_text(a, place));
    return (struct url){out_text_of(&o)};
}

struct url url_invitations_export(struct arena *a, const char *kind, const char *status, const char *q)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, "/export/invitations");
    query_add(&o, "kind", kind);
    query_add(&o, "status", status);
    query_add(&o, "q", q);
    return (struct url){out_text_of(&o)};
}

struct url url_partners_export(struct arena *a, bool suppliers, const char *state, const char *q)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, suppliers ? "/export/suppliers" : "/export/customers");
    query_add(&o, "state", state);
    query_add(&o, "q", q);
    return (struct url){out_text_of(&o)};
}

struct url url_add(bool supplier) { return (struct url){supplier ? "/add/supplier" : "/add/customer"}; }
struct url url_add_check(bool supplier) { return (struct url){supplier ? "/add/supplier/check" : "/add/customer/check"}; }
struct url url_add_data(bool supplier) { return (struct url){supplier ? "/add/supplier/data" : "/add/customer/data"}; }

static struct url add_step(struct arena *a, struct url step, const char *email, const char *business_name)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, step.text);
    query_add(&o, "email", email);
    query_add(&o, "business_name", business_name);
    return (struct url){out_text_of(&o)};
}

struct url url_add_again(struct arena *a, bool supplier, const char *email, const char *business_name)
{
    return add_step(a, url_add(supplier), email, business_name);
}

struct url url_add_check_again(struct arena *a, bool supplier, const char *email, const char *business_name)
{
    return add_step(a, url_add_check(supplier), email, business_name);
}

struct url url_asking(bool supplier) { return (struct url){supplier ? "/link/supplier" : "/link/customer"}; }
struct url url_asking_withdraw(struct arena *a, bool supplier, struct id asked) { return with_id(a, supplier ? "/link/supplier/" : "/link/customer/", asked, "/withdraw"); }
struct url url_answer(struct arena *a, struct id asked) { return with_id(a, "/home/requests/", asked, ""); }
struct url url_answer_accept(struct arena *a, struct id asked) { return with_id(a, "/home/requests/", asked, "/confirm"); }
struct url url_answer_decline(struct arena *a, struct id asked) { return with_id(a, "/home/requests/", asked, "/refuse"); }

struct url url_partners_list(struct arena *a, bool suppliers, const char *state, const char *q, const char *turn, struct id place)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, suppliers ? "/suppliers" : "/customers");
    query_add(&o, "state", state);
    query_add(&o, "q", q);
    if (turn) query_add(&o, turn, id_text(a, place));
    return (struct url){out_text_of(&o)};
}

struct url url_shared(void) { return (struct url){"/shared"}; }
struct url url_shared_received(void) { return (struct url){"/shared/received"}; }
struct url url_shared_upload(void) { return (struct url){"/shared/upload"}; }
struct url url_shared_link(void) { return (struct url){"/shared/link"}; }
struct url url_shared_note(void) { return (struct url){"/shared/note"}; }
struct url url_shared_item(struct arena *a, struct id id) { return with_id(a, "/shared/items/", id, ""); }
struct url url_shared_companies(struct arena *a, struct id id) { return with_id(a, "/shared/items/", id, "/companies"); }
struct url url_shared_company_remove(struct arena *a, struct id id) { return with_id(a, "/shared/items/", id, "/companies/remove"); }
struct url url_shared_remove(struct arena *a, struct id id) { return with_id(a, "/shared/items/", id, "/remove"); }
struct url url_shared_file(struct arena *a, struct id id) { return with_id(a, "/shared/items/", id, "/file"); }
struct url url_vendor(struct arena *a, struct id vendor) { return with_id(a, "/vendors/", vendor, ""); }
struct url url_vendor_upload(struct arena *a, struct id vendor) { return with_id(a, "/vendors/", vendor, "/upload"); }
struct url url_vendor_note(struct arena *a, struct id vendor) { return with_id(a, "/vendors/", vendor, "/note"); }
struct url url_file(struct arena *a, struct id id) { return with_id(a, "/files/", id, ""); }

struct url url_shared_after(struct arena *a, bool received, struct id place)
{
    return (struct url){arena_printf(a, "%s?after=%s", received ? "/shared/received" : "/shared", id_text(a, place))};
}

struct url url_vendor_after(struct arena *a, struct id vendor, struct id place)
{
    return (struct url){arena_printf(a, "%s?after=%s", url_vendor(a, vendor).text, id_text(a, place))};
}

/* A host begins with a letter or a digit and has no user before it; browsers read \\ as /. */
struct url url_web(const char *text)
{
    static const char https[] = "https://";
    if (strncmp(text, https, sizeof https - 1) != 0) return (struct url){0};
    const char *host = text + sizeof https - 1;
    size_t n = strcspn(host, "/?#:");
    bool plain = n > 0 && host[0] != '.' && host[0] != '-' && memchr(host, '.', n) && !memchr(host, '@', strcspn(host, "/?#"));
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("\"<>\\^`{|}", *p)) plain = false;
    return (struct url){plain ? text : NULL};
}

struct url url_audit_list(struct arena *a, const char *topic, const char *turn, const char *place)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, "/audit");
    query_add(&o, "topic", topic);
    query_add(&o, turn, place);
    return (struct url){out_text_of(&o)};
}

struct url url_connect_result(struct arena *a, const struct id *invitations, size_t n)
{
    struct out o;
    out_init(&o, a);
    out_plain(&o, "/connect");
    for (size_t i = 0; i < n; i++) query_add(&o, arena_printf(a, "i%zu", i + 1), id_text(a, invitations[i]));
    return (struct url){out_text_of(&o)};
}

struct url url_absolute(struct arena *a, const char *base_url, struct url url)
{
    return (struct url){arena_printf(a, "%s%s", base_url, url.text)};
}

struct url url_mailto(struct arena *a, const char *email)
{
    struct out o;
    out_init(&o, a);
    size_t at = strcspn(email, "@");
    out_segment(&o, arena_text(a, email, at));
    return (struct url){arena_printf(a, "mailto:%s%s", out_text_of(&o), email + at)};
}
