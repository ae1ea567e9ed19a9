/* quota_rules.c - see quota_rules.h; product.md, "Rules that decide quarrels". */
#include "quota_rules.h"

#include "arena.h"

#include <string.h>

enum quota_kind quota_decide(const struct config *config, const struct quota_counts *n, bool young)
{
    if (n->address > config->address_mails_day) return QUOTA_ADDRESS;
    if (n->member > config->member_recipients_day) return QUOTA_MEMBER;
    if (n->vendor > config->vendor_recipients_day) return QUOTA_VENDOR;
    if (young && n->vendor > config->new_vendor_recipients_day) return QUOTA_NEW_VENDOR;
    if (n->installation > config->installation_recipients_day) return QUOTA_INSTALLATION;
    return QUOTA_NONE;
}

bool quota_age_matters(const struct config *config, const struct quota_counts *n)
{
    return quota_decide(config, n, true) != quota_decide(config, n, false);
}

const char *quota_abuse_key(struct arena *a, const char *email_canon)
{
    size_t local = strcspn(email_canon, "@"), plain = strcspn(email_canon, "+@");
    if (plain == 0) plain = local; /* "+x@…" is nobody's tag */
    return arena_printf(a, "%.*s%s", (int)plain, email_canon, email_canon + local);
}
