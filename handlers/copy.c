/* copy.c - the link of an invitation, for a member to hand on.
 *
 * The stored hashes cannot be turned back into links, so each copy is one more secret, marked as copied: it does not prove the mailbox
 * (security.md, 5). From the POST to the page that shows it, once, it travels in a cookie of the member's own browser, as notes do: it must
 * not stand in an address, and reloading the page must not make another one.
 */
#include "audit.h"
#include "handlers.h"
#include "invitation.h"
#include "pages.h"
#include "secret.h"
#include "sql/invitation.h"
#include "sql/token.h"
#include "urls.h"
#include "views.h"

static const char cookie[] = "copied";
enum { COPY_COOKIE_SECONDS = 60 };

enum db_result invitation_copy_do(struct request *q)
{
    struct invitation i;
    TRY(invitation_find(q, &i));
    const char *token = secret_new(q->arena);
    enum db_result r = token_add_copied(q->db, secret_hash(SECRET_INVITATION, token), i.id, q->session.company_id);
    if (r == DB_NONE) return invitation_too_late(q, &i);
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "invitation_link_copied", .vendor_id = q->session.company_id, .invitation_id = i.id}));
    request_set_cookie(q, cookie, token, COPY_COOKIE_SECONDS);
    request_redirect(q, url_invitation_copy(q->arena, i.public_id));
    return DB_OK;
}

/* The link that was just made for this invitation, or NULL. */
static enum db_result taken(struct request *q, const struct invitation *i, const char **link)
{
    const char *token = request_cookie(q, cookie);
    *link = NULL;
    if (!token || !*token) return DB_OK;
    request_set_cookie(q, cookie, "", 0);
    struct token_copied found;
    if (!secret_well_formed(token)) return DB_OK;
    enum db_result r = token_copied(q->db, secret_hash(SECRET_INVITATION, token), i->id, &found);
    if (r == DB_OK) *link = url_absolute(q->arena, q->config->base_url, url_link(q->arena, token)).text;
    return r == DB_NONE ? DB_OK : r;
}

enum db_result invitation_copy_show(struct request *q)
{
    struct invitation i;
    const char *link;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING || i.expired) return invitation_too_late(q, &i);
    TRY(taken(q, &i, &link));
    struct page page = page_begin(q, "Copy the link", PLACE_INDUSTRY);
    view_copy(q->out, &page, &i, link);
    return DB_OK;
}
