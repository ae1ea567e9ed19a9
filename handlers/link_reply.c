/* link_reply.c - what an invitee tells the vendor on a link in place of accepting: no, never again, or "send it again".
 *
 * "Ask for a new invitation" answers the same whether something was sent now, today already, or before the vendor was paused: it must not
 * become a way to fill a mailbox, nor to find out what the vendor did.
 */
#include "add_partner.h"
#include "audit.h"
#include "handlers.h"
#include "invite.h"
#include "link.h"
#include "mails.h"
#include "pages.h"
#include "quota.h"
#include "secret.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"

/* The vendor's person who hears of it. With nobody left there is nobody to tell. */
static enum db_result tell(struct request *q, const struct link *link, enum db_result mail(struct request *, const struct link *, const char *))
{
    struct invitation_contact contact;
    enum db_result r = invitation_contact(q->db, link->id, &contact);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    return mail(q, link, contact.email);
}

enum db_result link_declined(struct request *q, const struct link *link)
{
    TRY(outbox_withdraw(q->db, link->id, NULL));
    TRY(tell(q, link, mails_declined));
    TRY(add_partner_declined(q, link));
    return audit_write(q, (struct audit){.event = "invitation_declined", .vendor_id = link->vendor_id, .invitation_id = link->id});
}

enum db_result link_decline_show(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state < LINK_PAUSED) return link_back(q);
    struct page page = link_page(q, &v.link, N_("Decline this invitation?"));
    view_link_decline(q->out, &page, &v.show);
    return DB_OK;
}

enum db_result link_decline(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state < LINK_PAUSED) return link_back(q);
    enum db_result r = invitation_decline(q->db, v.link.id, v.hash);
    if (r == DB_NONE) return link_back(q);
    if (r != DB_OK) return r;
    TRY(link_declined(q, &v.link));
    return link_back(q);
}

/* To the page that holds the address sealed: sealing is for who presses, and not for everybody who looks. */
enum db_result link_never(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (!v.show.never) return link_back(q);
    return request_redirect(q, suppression_page(q, v.link.email_canon));
}

/* Once a day. An invitation in time is mailed again to its own address, as long as that gets any more today; of an expired one the vendor hears. */
static enum db_result pass_on(struct request *q, const struct link *link)
{
    enum db_result r = invitation_ask(q->db, link->id);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    if (!link->expired) {
        bool send;
        TRY(quota_ask(q, QUOTA_ASKED_INVITATION, link->email_canon, &send));
        if (!send) { /* nothing is remembered: it works again tomorrow */
            db_rollback(q->db);
            return DB_OK;
        }
    }
    TRY(link->expired ? tell(q, link, mails_asked) : invite_mail_again(q, link));
    return audit_write(q, (struct audit){.event = link->expired ? "invitation_asked" : "invitation_mailed_again",
                                         .vendor_id = link->vendor_id,
                                         .invitation_id = link->id});
}

enum db_result link_ask(struct request *q)
{
    q->response.secret_page = true;
    request_redirect(q, url_link(q->arena, q->segment[0]));
    if (!secret_well_formed(q->segment[0])) return DB_OK;
    struct link link;
    enum db_result r = invitation_by_hash(q->db, secret_hash(SECRET_INVITATION, q->segment[0]), &link);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    if (link.closed) return DB_OK; /* its page says all that may be said */
    if (link.status != INVITATION_PENDING || !(link.expired || link.superseded || link.copied)) return DB_OK; /* nothing to ask for */
    if (link.expired || link.sender_entitled) TRY(pass_on(q, &link));
    request_leave_note(q, (struct request_note){link.expired ? "asked-vendor" : "asked-again", link.vendor, ""});
    return DB_OK;
}
