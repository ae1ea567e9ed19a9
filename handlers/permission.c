/* permission.c - see permission.h. */
#include "permission.h"

#include <string.h>

enum { OWNER = 1, ADMIN = 2, INVITER = 4, AUDITOR = 8, MEMBER = 16 };

static const struct {
    const char *name;
    unsigned bit;
} roles[] = {{"owner", OWNER}, {"admin", ADMIN}, {"inviter", INVITER}, {"auditor", AUDITOR}, {"member", MEMBER}};

/* Which roles of a vendor, and which of a customer or supplier. */
static const struct {
    unsigned vendor, partner;
} powers[PERMIT_LIMIT] = {
    [PERMIT_MEMBER] = {OWNER | ADMIN | INVITER | AUDITOR, OWNER | ADMIN | MEMBER},
    [PERMIT_LISTS_READ] = {OWNER | ADMIN | INVITER | AUDITOR, 0},
    [PERMIT_LISTS_EXPORT] = {OWNER | ADMIN | AUDITOR, 0},
    [PERMIT_INVITE] = {OWNER | ADMIN | INVITER, 0},
    [PERMIT_LINK_COPY] = {OWNER | ADMIN, 0},
    [PERMIT_PARTNERS_EDIT] = {OWNER | ADMIN, 0},
    [PERMIT_SHARE] = {OWNER | ADMIN, 0},
    [PERMIT_MESSAGES] = {OWNER | ADMIN | INVITER, 0},
    [PERMIT_TEAM] = {OWNER | ADMIN, 0},
    [PERMIT_SETTINGS] = {OWNER | ADMIN, 0},
    [PERMIT_AUDIT_READ] = {OWNER | ADMIN | AUDITOR, 0},
    [PERMIT_VENDOR_END] = {OWNER, 0},
    [PERMIT_PARTNER] = {0, OWNER | ADMIN | MEMBER},
    [PERMIT_PARTNER_MANAGE] = {0, OWNER | ADMIN},
};

static unsigned roles_with(const char *company_kind, enum permission permission)
{
    return strcmp(company_kind, "vendor") == 0 ? powers[permission].vendor : powers[permission].partner;
}

bool permission_of_kind(const char *company_kind, enum permission permission)
{
    return permission == PERMIT_SIGNED_IN || roles_with(company_kind, permission);
}

bool permission_has(const struct session *s, enum permission permission)
{
    if (!s->verified) return false;
    if (permission == PERMIT_SIGNED_IN) return true;
    if (!s->company_kind || !s->role) return false;
    if (s->delete_at.us ? permission != PERMIT_VENDOR_END : s->suspended) return false;
    unsigned role = 0;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(s->role, roles[i].name) == 0) role = roles[i].bit;
    return role & roles_with(s->company_kind, permission);
}
