/* suppression.c - see suppression.h; and the page behind "Never invite me again".
 *
 * Mail clients get the page's address as List-Unsubscribe but no one-click POST (RFC 8058): one press there would answer for every vendor,
 * and it would be the only POST without a form of ours. So it takes two: the link, and the button that says what it does.
 */
#include "suppression.h"

#include "audit.h"
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "sql/outbox.h"
#include "sql/suppression.h"
#include "urls.h"
#include "views.h"

static struct hash key_of(const char *email_canon)
{
    return secret_hash(SECRET_ADDRESS, email_canon);
}

enum db_result suppression_has(struct db *db, const char *email_canon, bool *listed)
{
    struct suppressed row;
    enum db_result r = suppression_find(db, key_of(email_canon), &row);
    *listed = r == DB_OK;
    return r == DB_NONE ? DB_OK : r;
}

enum db_result suppression_put(struct db *db, const char *email_canon, bool by_operator)
{
    struct hash key = key_of(email_canon);
    TRY(suppression_add(db, key, by_operator ? SUPPRESSION_BY_OPERATOR : SUPPRESSION_BY_PERSON, NULL));
    TRY(outbox_suppress_history(db, key, "mail_suppressed", NULL));
    return outbox_suppress(db, key, NULL);
}

enum db_result suppression_take(struct db *db, const char *email_canon)
{
    return suppression_remove(db, key_of(email_canon), NULL);
}

struct url suppression_page(struct request *q, const char *email_canon)
{
    return url_never(q->arena, secret_seal(q->arena, SECRET_NEVER, email_canon));
}

struct url suppression_link(struct request *q, const char *email_canon)
{
    return url_absolute(q->arena, q->config->base_url, suppression_page(q, email_canon));
}

const char *suppression_sentence(struct request *q, const char *email)
{
    return arena_printf(q->arena, out_tr(q->out, "%s wants no invitations through %s. Ask this person to allow them again: the link is at the end of every invitation they had"),
                        email, q->config->portal_name);
}

/* ---- the page ---- */

/* The address that the link was made for; NULL: none of ours. */
static const char *address_of(struct request *q)
{
    q->response.secret_page = true;
    return secret_open(q->arena, SECRET_NEVER, q->segment[0]);
}

static enum db_result dead(struct request *q)
{
    q->response.status = 404;
    struct page page = page_begin(q, "This link does not work", PLACE_NONE);
    page.company = NULL;
    view_never_dead(q->out, &page);
    return DB_OK;
}

enum db_result never_show(struct request *q)
{
    const char *email = address_of(q);
    if (!email) return dead(q);
    bool listed;
    TRY(suppression_has(q->db, email, &listed));
    struct page page = page_begin(q, listed ? N_("You are on the do-not-invite list") : N_("Never invite me again"), PLACE_NONE);
    page.company = NULL;
    if (listed) view_never_listed(q->out, &page, q->segment[0], email);
    else view_never(q->out, &page, q->segment[0], email);
    return DB_OK;
}

static enum db_result done(struct request *q, const char *event)
{
    TRY(audit_write(q, (struct audit){.event = event}));
    request_leave_note(q, (struct request_note){event, "", ""});
    return request_redirect(q, url_never(q->arena, q->segment[0]));
}

enum db_result never_do(struct request *q)
{
    const char *email = address_of(q);
    if (!email) return dead(q);
    TRY(suppression_put(q->db, email, false));
    return done(q, "never-invited");
}

enum db_result never_undo(struct request *q)
{
    const char *email = address_of(q);
    if (!email) return dead(q);
    TRY(suppression_take(q->db, email));
    return done(q, "invitations-allowed");
}
