/* copy.c - the link of an invitation, for a member to hand on: as text, as a QR code, as a letter to print.
 *
 * The stored hashes cannot be turned back into links, so each copy is one more secret, marked as copied: it does not prove the mailbox
 * (security.md, 5). From the POST to the page that shows it, once, it travels in a cookie of the member's own browser, as notes do: it must
 * not stand in an address, and reloading the page must not make another one. The letter takes the same way: the page that shows the link
 * sends it along.
 */
#include "audit.h"
#include "handlers.h"
#include "invitation.h"
#include "pages.h"
#include "secret.h"
#include "settings.h"
#include "sql/invitation.h"
#include "sql/settings.h"
#include "sql/token.h"
#include "urls.h"
#include "views.h"

static const char cookie[] = "copied";
enum { COPY_COOKIE_SECONDS = 60 };

enum db_result invitation_copy_do(struct request *q)
{
    struct invitation i;
    TRY(invitation_find(q, &i));
    const char *token = secret_new_link(q->arena);
    enum db_result r = token_add_copied(q->db, secret_hash(SECRET_INVITATION, token), i.id, q->session.company_id);
    if (r == DB_NONE) return invitation_too_late(q, &i);
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "invitation_link_copied", .vendor_id = q->session.company_id, .invitation_id = i.id}));
    request_set_cookie(q, cookie, token, COPY_COOKIE_SECONDS);
    return request_redirect(q, url_invitation_copy(q->arena, i.public_id));
}

/* Whether this is a copied link's secret of this invitation that still works. */
static enum db_result known(struct request *q, const struct invitation *i, const char *token, bool *works)
{
    struct token_copied found;
    *works = false;
    if (!secret_well_formed(token)) return DB_OK;
    enum db_result r = token_copied(q->db, secret_hash(SECRET_INVITATION, token), i->id, &found);
    *works = r == DB_OK;
    return r == DB_NONE ? DB_OK : r;
}

/* The secret that was just made for this invitation, or NULL. */
static enum db_result taken(struct request *q, const struct invitation *i, const char **token)
{
    bool works;
    *token = request_cookie(q, cookie);
    if (*token && **token) {
        request_set_cookie(q, cookie, "", 0);
        TRY(known(q, i, *token, &works));
        if (works) return DB_OK;
    }
    *token = NULL;
    return DB_OK;
}

static struct copied copied_link(struct request *q, const char *token)
{
    if (!token) return (struct copied){0};
    const char *link = url_absolute(q->arena, q->config->base_url, url_link(q->arena, token)).text;
    return (struct copied){.link = link, .token = token, .code = qr_code(q->arena, link)};
}

enum db_result invitation_copy_show(struct request *q)
{
    struct invitation i;
    const char *token;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING || i.expired) return invitation_too_late(q, &i);
    TRY(taken(q, &i, &token));
    struct copied copied = copied_link(q, token);
    struct page page = page_begin(q, "Copy the link", PLACE_INDUSTRY);
    view_copy(q->out, &page, &i, &copied);
    return DB_OK;
}

const struct form_field letter_fields[] = {{.name = "link", .kind = FIELD_LINE, .most = SECRET_TEXT}, {0}};

enum db_result invitation_letter_do(struct request *q)
{
    struct invitation i;
    bool works;
    const char *token = form_value(&q->form, "link");
    TRY(invitation_find(q, &i));
    TRY(known(q, &i, token, &works));
    if (works) request_set_cookie(q, cookie, token, COPY_COOKIE_SECONDS);
    return request_redirect(q, works ? url_invitation_letter(q->arena, i.public_id) : url_invitation_copy(q->arena, i.public_id));
}

/* The page speaks to the member, the paper in it to whom it is given. */
static void letter_write(struct out *o, const struct page *page, const struct invitation *i, const struct copied *copied)
{
    const struct language *mine = o->language, *theirs = language_find(i->language) ? language_find(i->language) : language_of(o);
    view_letter_sheet_begin(o, page, i, theirs);
    o->language = theirs;
    view_letter(o, page, i, copied);
    o->language = mine;
    view_letter_sheet_end(o, page, i, theirs);
}

/* Without a link there is nothing to print: the page before says how to make another one. */
enum db_result invitation_letter_show(struct request *q)
{
    struct invitation i;
    struct settings s;
    const char *token;
    TRY(invitation_find(q, &i));
    TRY(taken(q, &i, &token));
    if (!token) return request_redirect(q, url_invitation_copy(q->arena, i.public_id));
    TRY(settings_of(q->db, q->session.company_id, &s));
    struct copied copied = copied_link(q, token);
    struct page page = page_begin(q, "Invitation letter", PLACE_INDUSTRY);
    page.company = NULL;
    page.heading = s.name;
    settings_apply(q, &page, &s);
    letter_write(q->out, &page, &i, &copied);
    return DB_OK;
}
