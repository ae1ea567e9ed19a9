/* connection.c - a customer or supplier ends its connection with a vendor. */
#include "audit.h"
#include "handlers.h"
#include "mails.h"
#include "pages.h"
#include "secret.h"
#include "sql/connection.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"

/* The vendor that the path names, if the company in use is connected with it. */
static enum db_result find(struct request *q, struct connection *c)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return connection_of(q->db, q->session.company_id, id, c);
}

enum db_result home_disconnect_show(struct request *q)
{
    struct connection c;
    TRY(find(q, &c));
    struct page page = page_begin(q, "Disconnect", PLACE_HOME);
    page.title = arena_printf(q->arena, out_tr(q->out, "Disconnect from %s?"), name_told(q->out, c.name));
    view_home_disconnect(q->out, &page, &c);
    return DB_OK;
}

enum db_result home_disconnect_do(struct request *q)
{
    struct connection c;
    TRY(find(q, &c));
    TRY(relationship_disconnect(q->db, c.id, c.vendor_id, q->session.company_id)); /* DB_NONE: ended meanwhile, so there is no such connection */
    TRY(audit_write(q, (struct audit){.event = "relationship_disconnected", .vendor_id = c.vendor_id, .relationship_id = c.id}));
    if (c.contact) TRY(mails_disconnected(q, &(struct mails_disconnected){.to = c.contact, .vendor = c.name, .partner = q->session.company_name, .by_partner = true}));
    request_leave_note(q, (struct request_note){"vendor-left", c.name, ""});
    return request_redirect(q, url_home());
}
