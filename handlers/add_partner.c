/* add_partner.c - see add_partner.h. */
#include "add_partner.h"

#include "audit.h"
#include "fields.h"
#include "sql/company.h"

enum db_result add_partner_of(struct request *q, uint64_t invitation_id, struct added_partner *added)
{
    return relationship_added(q->db, invitation_id, added);
}

enum db_result add_partner_take_over(struct request *q, const struct added_partner *added, uint64_t account_id, const struct form *f)
{
    TRY(fields_company_change(q, added->company_id, f));
    return company_member_add(q->db, added->company_id, account_id, ROLE_OWNER, NULL);
}

enum db_result add_partner_replace(struct request *q, const struct added_partner *added, uint64_t company_id)
{
    return relationship_replace(q->db, added->id, added->company_id, company_id, NULL);
}

enum db_result add_partner_settle(struct request *q, const struct added_partner *added, uint64_t vendor_id, uint64_t relationship_id)
{
    if (relationship_id == added->id) {
        TRY(relationship_words_drop(q->db, added->id, NULL)); /* other names are to be found now */
        return relationship_company_drop(q->db, added->company_id, NULL);
    }
    enum db_result r = relationship_disconnect(q->db, added->id, vendor_id, added->company_id);
    if (r == DB_NONE) return DB_OK; /* it had ended before */
    if (r != DB_OK) return r;
    return audit_write(q, (struct audit){.event = "relationship_doublet", .vendor_id = vendor_id, .relationship_id = added->id});
}

enum db_result add_partner_declined(struct request *q, const struct link *link)
{
    struct added_partner added;
    enum db_result r = relationship_added(q->db, link->id, &added);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    r = relationship_disconnect(q->db, added.id, link->vendor_id, added.company_id);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    return audit_write(q, (struct audit){.event = "relationship_refused", .vendor_id = link->vendor_id, .relationship_id = added.id});
}
