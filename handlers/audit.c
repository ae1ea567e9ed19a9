/* audit.c - see audit.h. */
#include "audit.h"

#include "sql/audit.h"

enum db_result audit_write(struct request *q, struct audit a)
{
    uint64_t who = a.account_id ? a.account_id : q->session.account_id;
    return audit_add(q->db, q->id, a.event, a.vendor_id, who, a.invitation_id, a.relationship_id, a.detail ? a.detail : "", NULL);
}
