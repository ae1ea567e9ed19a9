/* quota_rules.h - how many mails are too many, and for whom. Pure: no request, no database. */
#ifndef HANDLERS_QUOTA_RULES_H
#define HANDLERS_QUOTA_RULES_H

#include "config.h"
#include "types.h"

struct arena;

enum quota_kind {
    QUOTA_NONE, /* within all of them */
    QUOTA_MEMBER,
    QUOTA_VENDOR,
    QUOTA_NEW_VENDOR,
    QUOTA_ADDRESS, /* over all vendors */
    QUOTA_INSTALLATION,
    QUOTA_RESENDS, /* of one invitation */
};

/* Recipients of today, this one included; 0: not counted yet. */
struct quota_counts {
    uint64_t member, vendor, address, installation;
};

/* Which limit these counts are over. `young`: the vendor counts as new. */
enum quota_kind quota_decide(const struct config *config, const struct quota_counts *n, bool young);

/* Whether anything depends on the vendor's age. */
bool quota_age_matters(const struct config *config, const struct quota_counts *n);

/* What an address is counted under: without its +tag, so that one mailbox is not flooded under many names. For counting only:
 * everywhere else a tag makes another address. */
const char *quota_abuse_key(struct arena *a, const char *email_canon);

#endif
