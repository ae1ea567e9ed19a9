/* routes.c - every address, who may go there, what it may bring along. `invited routes` prints it.
 *
 * Permission has no default. Ownership is a condition in SQL: the tenant comes from the session only.
 */
#include "handlers.h"
#include "routes.h"

#define GET METHOD_GET
#define POST METHOD_POST

/* octets: a form of short fields, one of them a password of 1,024 octets in %XX; one with a message of 1,000 characters, where one is
 * 12 octets in %XX, and room to be told that it is too long */
enum { SMALL = 4 << 10, FORM = 48 << 10 };

const struct route routes[] = {
    /* name                  method path                                  permission          handler                 fields            body  /min hashes */
    {"health",               GET,  "/healthz",                            PERMIT_LOCAL,       health_live,            NULL,               0,     0,  false},
    {"ready",                GET,  "/readyz",                             PERMIT_LOCAL,       health_ready,           NULL,               0,     0,  false},

    {"root",                 GET,  "/",                                   PERMIT_ANYONE,      root_show,              NULL,               0,     0,  false},
    {"sign_in",              GET,  "/sign-in",                            PERMIT_ANYONE,      sign_in_show,           NULL,               0,     0,  false},
    {"sign_in_do",           POST, "/sign-in",                            PERMIT_ANYONE,      sign_in_do,             sign_in_fields,     SMALL, 30, true},
    {"sign_out",             POST, "/sign-out",                           PERMIT_ANYONE,      sign_out_do,            NULL,               SMALL, 0,  false},
    {"forgot",               GET,  "/forgot",                             PERMIT_ANYONE,      forgot_show,            NULL,               0,     0,  false},
    {"forgot_do",            POST, "/forgot",                             PERMIT_ANYONE,      forgot_do,              forgot_fields,      SMALL, 10, false},
    {"reset",                GET,  "/reset/{token}",                      PERMIT_ANYONE,      reset_show,             NULL,               0,     0,  false},
    {"reset_do",             POST, "/reset/{token}",                      PERMIT_ANYONE,      reset_do,               reset_fields,       SMALL, 30, true},

    {"industry",             GET,  "/industry",                           PERMIT_INVITE,      industry_show,          industry_fields,    0,     0,  false},
    {"invite",               POST, "/industry/invitations",               PERMIT_INVITE,      invite_send,            invite_fields,      FORM,  60, false},
    {"invitation",           GET,  "/industry/invitations/{id}",          PERMIT_INVITE,      invitation_show,        NULL,               0,     0,  false},
    {"invitation_resend",    POST, "/industry/invitations/{id}/resend",   PERMIT_INVITE,      invitation_resend_do,   NULL,               SMALL, 60, false},
    {"invitation_cancel",    GET,  "/industry/invitations/{id}/cancel",   PERMIT_INVITE,      invitation_cancel_show, NULL,               0,     0,  false},
    {"invitation_cancel_do", POST, "/industry/invitations/{id}/cancel",   PERMIT_INVITE,      invitation_cancel_do,   NULL,               SMALL, 60, false},

    {"customers",            GET,  "/customers",                          PERMIT_LISTS_READ,  customers_show,         partners_fields,    0,     0,  false},
    {"customer",             GET,  "/customers/{id}",                     PERMIT_LISTS_READ,  customer_show,          NULL,               0,     0,  false},
    {"suppliers",            GET,  "/suppliers",                          PERMIT_LISTS_READ,  suppliers_show,         partners_fields,    0,     0,  false},
    {"supplier",             GET,  "/suppliers/{id}",                     PERMIT_LISTS_READ,  supplier_show,          NULL,               0,     0,  false},

    {"link",                 GET,  "/i/{token}",                          PERMIT_ANYONE,      link_show,              NULL,               0,     0,  false},
    {"link_register",        POST, "/i/{token}/register",                 PERMIT_ANYONE,      link_register,          register_fields,    FORM,  30, true},
    {"link_sign_in",         POST, "/i/{token}/sign-in",                  PERMIT_ANYONE,      link_sign_in,           link_sign_in_fields, SMALL, 30, true},
    {"link_sign_out",        POST, "/i/{token}/sign-out",                 PERMIT_ANYONE,      link_sign_out,          NULL,               SMALL, 0,  false},
    {"link_accept",          POST, "/i/{token}/accept",                   PERMIT_ANYONE,      link_accept,            accept_fields,      SMALL, 60, false},
    {"link_decline",         POST, "/i/{token}/decline",                  PERMIT_ANYONE,      link_decline,           NULL,               SMALL, 60, false},

    {"home",                 GET,  "/home",                               PERMIT_SIGNED_IN,   home_show,              NULL,               0,     0,  false},
    {"home_accept",          POST, "/home/invitations/{id}/accept",       PERMIT_SIGNED_IN,   home_accept,            home_accept_fields, SMALL, 60, false},
    {"home_decline",         POST, "/home/invitations/{id}/decline",      PERMIT_SIGNED_IN,   home_decline,           NULL,               SMALL, 60, false},
    {0},
};
