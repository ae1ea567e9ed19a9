/* fields.c - see fields.h. */
#include "fields.h"

#include "secret.h"
#include "sql/company.h"
#include "sql/profile.h"

const char *const fields_kinds[] = {"customer", "supplier", NULL};
const char *const fields_statuses[] = {"pending", "accepted", "expired", "cancelled", "declined", NULL};

struct id fields_once(struct request *q, struct form *f)
{
    struct id once;
    if (form_id(f, "once", &once)) return once;
    once = id_new();
    form_forgive(f, "once");
    form_fill(f, "once", id_text(q->arena, once));
    return once;
}

enum company_kind fields_company_kind(enum partner_kind kind)
{
    return kind == PARTNER_CUSTOMER ? COMPANY_CUSTOMER : COMPANY_SUPPLIER;
}

enum db_result fields_company_add(struct request *q, struct id id, enum company_kind kind, const struct form *f, uint64_t *company_id)
{
    return company_add(q->db, id, kind, form_value(f, "business_name"), form_value(f, "phone"), form_value(f, "street"), form_value(f, "house_number"),
                       form_value(f, "postal_code"), form_value(f, "city"), form_value(f, "country"), company_id);
}

enum db_result fields_company_change(struct request *q, uint64_t company_id, const struct form *f)
{
    return profile_change(q->db, company_id, form_value(f, "business_name"), form_value(f, "phone"), form_value(f, "street"), form_value(f, "house_number"),
                          form_value(f, "postal_code"), form_value(f, "city"), form_value(f, "country"));
}

enum db_result fields_company_register(struct request *q, const struct form *f, uint64_t *company_id)
{
    enum partner_kind kind;
    if (!partner_kind_from(form_value(f, "kind"), &kind)) return DB_BUG;
    return fields_company_add(q, id_new(), fields_company_kind(kind), f, company_id);
}
