/* fields.h - fields that several forms have, for their tables, and the company that such a form describes. */
#ifndef HANDLERS_FIELDS_H
#define HANDLERS_FIELDS_H

#include "kinds.h"
#include "request.h"

extern const char *const fields_kinds[], *const fields_statuses[];

/* Customer or supplier; in a list, neither means both. */
#define KIND_FIELD \
    {.name = "kind", .kind = FIELD_CHOICE, .choices = fields_kinds, .missing = N_("Select customer or supplier"), .wrong = N_("Select customer or supplier")}
#define KIND_FILTER {.name = "kind", .kind = FIELD_CHOICE, .choices = fields_kinds, .wrong = N_("Select customer or supplier")}

/* An invitation's, as lists tell it. */
#define STATUS_FILTER {.name = "status", .kind = FIELD_CHOICE, .choices = fields_statuses, .wrong = N_("Select a status")}

/* Of a form that sends something to an address: what is open there with this id and from the same person is what its first press has sent. */
#define SENT_ONCE_FIELD {.name = "once", .kind = FIELD_ID, .wrong = N_("Open this page again")}

/* The form's own id; a new one in the form where it has none. */
struct id fields_once(struct request *q, struct form *f);

/* What a company says of itself: its name, where the form belongs to its own people, and the rest. */
#define COMPANY_FIELDS {.name = "business_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter the name of your business")}, COMPANY_DATA_FIELDS
#define COMPANY_DATA_FIELDS \
    {.name = "phone", .kind = FIELD_LINE, .most = 40}, \
    {.name = "street", .kind = FIELD_NAME, .most = 100}, \
    {.name = "house_number", .kind = FIELD_LINE, .most = 20}, \
    {.name = "postal_code", .kind = FIELD_LINE, .most = 20}, \
    {.name = "city", .kind = FIELD_NAME, .most = 100}, \
    {.name = "country", .kind = FIELD_NAME, .most = 60}

/* What a customer, and a supplier, is registered as. */
enum company_kind fields_company_kind(enum partner_kind kind);

/* A new company of a form's business_name and COMPANY_DATA_FIELDS; and new data for one that is there. */
enum db_result fields_company_add(struct request *q, struct id id, enum company_kind kind, const struct form *f, uint64_t *company_id)
    __attribute__((warn_unused_result));
enum db_result fields_company_change(struct request *q, uint64_t company_id, const struct form *f) __attribute__((warn_unused_result));

/* A new company of the form's kind. */
enum db_result fields_company_register(struct request *q, const struct form *f, uint64_t *company_id) __attribute__((warn_unused_result));

#endif
