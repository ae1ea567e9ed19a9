/* permit.h - the powers that a route asks for, and that a page shows its buttons by. */
#ifndef FCGI_PERMIT_H
#define FCGI_PERMIT_H

/* Who may use a route: name here, name in `invited routes`. There is no default: UNSET refuses to start. What each role may do stands in
 * handlers/permission.c. */
#define PERMISSIONS(X) \
    X(UNSET, "UNSET") \
    X(ANYONE, "anyone")                  /* also without a session */ \
    X(LOCAL, "local")                    /* nginx and the supervisor: /healthz, /readyz; no session is looked up */ \
    X(SIGNED_IN, "signed-in")            /* any account */ \
    X(MEMBER, "member")                  /* whoever has a company in use */ \
    X(LISTS_READ, "lists-read")          /* a vendor's lists */ \
    X(LISTS_EXPORT, "lists-export")      /* ... as CSV */ \
    X(INVITE, "invite")                  /* a vendor's invitations */ \
    X(LINK_COPY, "link-copy")            /* see the link itself, which does not prove the mailbox any more */ \
    X(PARTNERS_EDIT, "partners-edit")    /* customers and suppliers: add, link, number, role, pause, disconnect */ \
    X(SHARE, "share")                    /* what the vendor shares */ \
    X(MESSAGES, "messages")              /* a vendor's side of the threads */ \
    X(TEAM, "team")                      /* a vendor's colleagues */ \
    X(SETTINGS, "settings")              /* a vendor's settings and partner roles */ \
    X(AUDIT_READ, "audit-read")          /* a vendor's audit log */ \
    X(VENDOR_END, "vendor-end")          /* delete the vendor, keep it, take all of it home: also while it is closed for that */ \
    X(PARTNER, "partner")                /* a customer's or supplier's people: what vendors share, messages */ \
    X(PARTNER_MANAGE, "partner-manage")  /* its data, delivery locations, members, connections */

#define PERMISSION_ENUM(name, word) PERMIT_##name,
enum permission { PERMISSIONS(PERMISSION_ENUM) PERMIT_LIMIT };
#undef PERMISSION_ENUM

#endif
