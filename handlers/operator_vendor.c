/* operator_vendor.c - `invited vendor add | list | suspend | resume | delete`. */
#include "operator_delete.h"
#include "operator_person.h"

#include "arena.h"
#include "out.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/closing.h"
#include "sql/company.h"
#include "sql/operator.h"
#include "sql/outbox.h"
#include "when.h"

#include <stdio.h>
#include <string.h>

static enum db_result vendor_make(struct operator *op, struct id id, bool *found, const char **link)
{
    uint64_t vendor_id;
    TRY(company_add(op->db, id, COMPANY_VENDOR, op->name, "", "", "", "", "", "", &vendor_id));
    TRY(company_partner_role_add(op->db, id_new(), vendor_id, "Standard", "read,download,upload,write", true, NULL));
    TRY(company_partner_role_add(op->db, id_new(), vendor_id, "Read-only", "read,download", false, NULL));
    TRY(audit_by_operator(op->db, id_new(), "vendor_added", vendor_id, 0, NULL));
    TRY(operator_person_join(op, vendor_id, ROLE_OWNER, found, link));
    return db_commit(op->db);
}

static int vendor_add(struct operator *op)
{
    if (!operator_text_good(op->name, 100)) return operator_fail("--name wants plain text of at most 100 characters");
    int status = operator_person_begin(op);
    if (status) return status;
    struct vendor_company_list same;
    enum db_result r = company_vendor_by_name(op->db, op->name, &same);
    if (r == DB_OK && same.n) return operator_fail("there is a vendor %s already; nothing was changed", op->name);
    struct id id = id_new();
    bool found = false;
    const char *link = "";
    if (r == DB_OK) r = vendor_make(op, id, &found, &link);
    if (r != DB_OK) return operator_failed(r);
    printf("Vendor %s, id %s\n", op->name, id_text(op->arena, id));
    operator_person_print(op, found, link);
    return 0;
}

/* A table for eyes and for `cut`: columns are divided by tabs. */
static int vendor_list(struct operator *op)
{
    int status = operator_begin(op);
    if (status) return status;
    struct out o;
    out_init(&o, op->arena);
    printf("id\tstate\tpeople\tsince\tname\n");
    struct operator_vendor_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        enum db_result r = operator_vendors(op->db, after, &page);
        if (r != DB_OK) return operator_failed(r);
        if (!page.n) return 0;
        for (size_t i = 0; i < page.n; i++) {
            const struct operator_vendor *v = &page.v[i];
            const char *state = v->suspended_at.us ? "suspended" : v->delete_asked_at.us ? "closing" : "active";
            struct moment since = v->suspended_at.us ? v->suspended_at : v->delete_asked_at.us ? v->delete_asked_at : v->created_at;
            printf("%s\t%s\t%llu\t%s\t%s\n", id_text(op->arena, v->public_id), state, (unsigned long long)v->members, when_machine(&o, since), v->name);
        }
    }
}

static enum db_result change(struct operator *op, const struct vendor_company *vendor, bool suspend)
{
    TRY(suspend ? operator_suspend(op->db, vendor->id) : operator_resume(op->db, vendor->id));
    if (!suspend) TRY(outbox_release(op->db, vendor->id, NULL));
    TRY(audit_by_operator(op->db, id_new(), suspend ? "vendor_suspended" : "vendor_resumed", vendor->id, 0, NULL));
    return db_commit(op->db);
}

static int vendor_change(struct operator *op, bool suspend)
{
    struct vendor_company vendor;
    struct closing closing;
    int status = operator_begin(op);
    if (!status) status = operator_vendor(op, &vendor);
    if (status) return status;
    enum db_result r = closing_when(op->db, vendor.id, &closing);
    if (r == DB_OK) r = change(op, &vendor, suspend);
    if (r == DB_NONE) return operator_fail("%s is %s; nothing was changed", vendor.name, suspend ? "suspended already" : "not suspended");
    if (r != DB_OK) return operator_failed(r);
    if (suspend) printf("%s is suspended: its people can do nothing, its links are closed, its mail waits\n", vendor.name);
    else if (closing.delete_at.us) printf("%s is resumed, but stays closed: an owner has asked to delete it\n", vendor.name);
    else printf("%s is resumed: what waited is sent now\n", vendor.name);
    return 0;
}

static int vendor_suspend(struct operator *op)
{
    return vendor_change(op, true);
}

static int vendor_resume(struct operator *op)
{
    return vendor_change(op, false);
}

const struct operator_verb operator_vendor_verbs[] = {
    {"vendor", "add", "noflp", "no", "vendor add --name NAME --owner-email ADDRESS [--first-name F] [--last-name L] [--password-stdin]", vendor_add},
    {"vendor", "list", "", "", "vendor list", vendor_list},
    {"vendor", "suspend", "ni", "", "vendor suspend --name NAME | --id ID", vendor_suspend},
    {"vendor", "resume", "ni", "", "vendor resume --name NAME | --id ID", vendor_resume},
    {"vendor", "delete", "nix", "x", "vendor delete --name NAME | --id ID, --export FILE", operator_vendor_delete},
    {0},
};
