/* roles.h - what the pages of partner roles are given to show. */
#ifndef VIEWS_ROLES_H
#define VIEWS_ROLES_H

#include "model.h"
#include "role_rows.h"

enum { ROLES_MOST = 20, ROLES_COUNTED = 1000 };

struct role_row {
    const struct role_line *role;
    struct role_uses uses;
};

struct roles_page {
    struct {
        struct role_row *v;
        size_t n;
    } rows;
};

/* A new role (role NULL), or one that is changed. */
struct role_form {
    const struct role_line *role; /* as it is in the database */
    const struct form *form;
    bool stale; /* a colleague changed it while this form was being filled in */
};

/* About to be deleted, and who stands against it. */
struct role_delete {
    const struct role_line *role;
    struct role_uses uses;
    struct role_company_list companies; /* the first of each */
    struct role_invitation_list invitations;
    struct role_request_list requests;
};

static inline bool role_used(const struct role_uses *u)
{
    return u->companies || u->invitations || u->requests;
}

#endif
