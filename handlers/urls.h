/* urls.h - every address, made from its parts; routes.c is the same list read the other way.
 *
 * The only maker of `struct url` besides url_absolute: what is not made here can't become a link. Texts belong to the arena.
 */
#ifndef HANDLERS_URLS_H
#define HANDLERS_URLS_H

#include "colour.h"
#include "language.h"
#include "types.h"

struct arena;

struct url url_root(void);
struct url url_home(void);
struct url url_sign_in(void);

/* Signing in, and then the page that was asked for: `asked` is its path and query, "" for none. */
struct url url_sign_in_to(struct arena *a, const char *asked);

/* That page, from a text that anybody may have written: the address of a GET of routes.c that needs a session, and nothing that a browser would
 * read otherwise. text NULL: none of these. So no link with a secret in it is ever one. */
enum { URL_ASKED_MOST = 1000 };
struct url url_asked(struct arena *a, const char *asked);
/* The same without its choice of a language. */
struct url url_asked_in_any_language(struct arena *a, const char *asked);

struct url url_sign_out(void);
struct url url_company_switch(void);
struct url url_forgot(void);
struct url url_forgot_to(struct arena *a, const char *asked);
struct url url_account(void);

/* The page at `here` (NULL: the one on which the link stands) with `query` (as it came; "" without), in a language. */
struct url url_in_language(struct arena *a, const char *here, const char *query, const struct language *language);

struct url url_register(void);
struct url url_verify(void);
struct url url_verify_link(struct arena *a, const char *token);
struct url url_connect(void);

/* The Connect page, with what became of these invitations. */
struct url url_connect_result(struct arena *a, const struct id *invitations, size_t n);

struct url url_reset(struct arena *a, const char *token);
struct url url_industry(void);
struct url url_invitations(void);
struct url url_customers(void);
struct url url_suppliers(void);
struct url url_customer_messages(struct arena *a, struct id company);
struct url url_supplier_messages(struct arena *a, struct id company);
struct url url_vendor_messages(struct arena *a, struct id vendor);
struct url url_messages_before(struct arena *a, struct url thread, struct id message);
struct url url_partners(bool suppliers);
struct url url_partner(struct arena *a, bool supplier, struct id company); /* its details, and where they are changed */
struct url url_partner_pause(struct arena *a, bool supplier, struct id company);
struct url url_partner_lift(struct arena *a, bool supplier, struct id company);
struct url url_partner_disconnect(struct arena *a, bool supplier, struct id company);
struct url url_invitation(struct arena *a, struct id id);
struct url url_invitation_resend(struct arena *a, struct id id);
struct url url_invitation_cancel(struct arena *a, struct id id);
struct url url_invitation_take_over(struct arena *a, struct id id);
struct url url_invitation_copy(struct arena *a, struct id id);
struct url url_invitation_letter(struct arena *a, struct id id);
struct url url_invitation_change(struct arena *a, struct id id);
struct url url_invitation_correct(struct arena *a, struct id id);
struct url url_invite_again(struct arena *a, struct id id); /* the panel, filled in from this one */
struct url url_settings(void);
struct url url_settings_logo(void);
struct url url_settings_logo_remove(void);
struct url url_closing(void);
struct url url_closing_undo(void);
struct url url_company_export(void);
struct url url_roles(void);
struct url url_role_add(void);
struct url url_role(struct arena *a, struct id role);
struct url url_role_preselect(struct arena *a, struct id role);
struct url url_role_delete(struct arena *a, struct id role);
struct url url_overview(void);
struct url url_audit(void);
struct url url_audit_list(struct arena *a, const char *topic, const char *turn, const char *place); /* a page after or before a sealed place */
struct url url_logo(struct arena *a, struct id id);
struct url url_brand(struct arena *a, struct colour c);
struct url url_team(void);
struct url url_team_after(struct arena *a, struct id member);
struct url url_team_requests(void);
struct url url_team_resend(struct arena *a, struct id id);
struct url url_team_cancel(struct arena *a, struct id id);
struct url url_team_role(struct arena *a, struct id member);
struct url url_team_remove(struct arena *a, struct id member);
struct url url_team_leave(void);
struct url url_join(struct arena *a, const char *token);
struct url url_join_register(struct arena *a, const char *token);
struct url url_join_sign_in(struct arena *a, const char *token);
struct url url_join_sign_out(struct arena *a, const char *token);
struct url url_join_accept(struct arena *a, const char *token);
struct url url_link(struct arena *a, const char *token);
struct url url_link_register(struct arena *a, const char *token);
struct url url_link_sign_in(struct arena *a, const char *token);
struct url url_link_sign_out(struct arena *a, const char *token);
struct url url_link_accept(struct arena *a, const char *token);
struct url url_link_company(struct arena *a, const char *token);
struct url url_link_decline(struct arena *a, const char *token);
struct url url_never(struct arena *a, const char *token);
struct url url_never_undo(struct arena *a, const char *token);
struct url url_link_never(struct arena *a, const char *token);
struct url url_link_ask(struct arena *a, const char *token);
struct url url_home_accept(struct arena *a, struct id invitation);
struct url url_home_decline(struct arena *a, struct id invitation);

struct url url_company(void);
struct url url_company_new(void);
struct url url_company_edit(void);
struct url url_colleagues(void);
struct url url_colleague(struct arena *a, struct id account);
struct url url_colleague_remove(struct arena *a, struct id account);
struct url url_company_leave(void);
struct url url_company_merge(void);
struct url url_home_disconnect(struct arena *a, struct id vendor);
struct url url_admission(void);
struct url url_link_admission(struct arena *a, const char *token);
struct url url_home_admission_accept(struct arena *a, struct id request);
struct url url_home_admission_decline(struct arena *a, struct id request);
struct url url_delivery(void);
struct url url_delivery_add(void);
struct url url_delivery_one(struct arena *a, struct id location);
struct url url_delivery_remove(struct arena *a, struct id location);

/* The panel narrowed to a kind, a status and a search ("" without), beginning after or before an invitation.
 * `turn` is "after" or "before", NULL for the first page. */
struct url url_industry_list(struct arena *a, const char *kind, const char *status, const char *q, const char *turn, struct id place);

/* The same list as a whole, as CSV. */
struct url url_invitations_export(struct arena *a, const char *kind, const char *status, const char *q);
struct url url_partners_export(struct arena *a, bool suppliers, const char *state, const char *q);

/* The steps of adding a customer or supplier by hand; `again` with what was typed before. */
struct url url_add(bool supplier);
struct url url_add_check(bool supplier);
struct url url_add_data(bool supplier);
struct url url_add_again(struct arena *a, bool supplier, const char *email, const char *business_name);
struct url url_add_check_again(struct arena *a, bool supplier, const char *email, const char *business_name);

/* Link Existing Customer (Supplier), and the answers on Home. */
struct url url_asking(bool supplier);
struct url url_asking_withdraw(struct arena *a, bool supplier, struct id asked);
struct url url_answer(struct arena *a, struct id asked);
struct url url_answer_accept(struct arena *a, struct id asked);
struct url url_answer_decline(struct arena *a, struct id asked);

/* The Customer List (suppliers: the other) narrowed to a state and a search ("" without), beginning after or before a company. */
struct url url_partners_list(struct arena *a, bool suppliers, const char *state, const char *q, const char *turn, struct id place);

/* What a vendor shares, and what it has received. `after`: the page behind a resource. */
struct url url_shared(void);
struct url url_shared_received(void);
struct url url_shared_after(struct arena *a, bool received, struct id place);
struct url url_shared_upload(void);
struct url url_shared_link(void);
struct url url_shared_note(void);
struct url url_shared_item(struct arena *a, struct id id);
struct url url_shared_companies(struct arena *a, struct id id);
struct url url_shared_company_remove(struct arena *a, struct id id);
struct url url_shared_remove(struct arena *a, struct id id);
struct url url_shared_file(struct arena *a, struct id id);

/* A vendor's page for a connected company. */
struct url url_vendor(struct arena *a, struct id vendor);
struct url url_vendor_after(struct arena *a, struct id vendor, struct id place);
struct url url_vendor_upload(struct arena *a, struct id vendor);
struct url url_vendor_note(struct arena *a, struct id vendor);
struct url url_file(struct arena *a, struct id id);

/* An address elsewhere that somebody typed: https, a host, and nothing that a browser would read otherwise. text NULL: none of these. */
struct url url_web(const char *text);

/* For mail: the configured base URL and never the Host header (security.md, 11). */
struct url url_absolute(struct arena *a, const char *base_url, struct url url);

/* mailto: of an address that address_parse accepted. */
struct url url_mailto(struct arena *a, const char *email);

#endif
