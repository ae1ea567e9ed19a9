/* routes.c - every address, who may go there, what it may bring along. `invited routes` prints it.
 *
 * Permission has no default. Ownership is a condition in SQL: the tenant comes from the session only.
 */
#include "handlers.h"
#include "routes.h"

#define GET METHOD_GET
#define POST METHOD_POST
/* who serves it, and how a POST's form is encoded */
#define WEB POOL_WEB, BODY_FORM
#define AUTH POOL_AUTH, BODY_FORM
#define LONG POOL_LONG, BODY_FORM
#define UPLOAD POOL_LONG, BODY_STREAM
#define FILES POOL_WEB, BODY_PARTS

/* octets: a form of short fields, one of them a password of 1,024 octets in %XX; one with a message of 1,000 characters, where one is
 * 12 octets in %XX, and room to be told that it is too long */
enum { SMALL = 4 << 10, FORM = 48 << 10, PICTURE = 1 << 20 };

const struct route routes[] = {
    /* name                  method path                                  permission          handler                 fields            body  /min pool */
    {"health",               GET,  "/healthz",                            PERMIT_LOCAL,       health_live,            NULL,               0,     0,  WEB},
    {"ready",                GET,  "/readyz",                             PERMIT_LOCAL,       health_ready,           NULL,               0,     0,  WEB},

    {"root",                 GET,  "/",                                   PERMIT_ANYONE,      root_show,              NULL,               0,     0,  WEB},
    {"sign_in",              GET,  "/sign-in",                            PERMIT_ANYONE,      sign_in_show,           NULL,               0,     0,  WEB},
    {"sign_in_do",           POST, "/sign-in",                            PERMIT_ANYONE,      sign_in_do,             sign_in_fields,     SMALL, 30, AUTH},
    {"sign_out",             POST, "/sign-out",                           PERMIT_ANYONE,      sign_out_do,            NULL,               SMALL, 0,  WEB},
    {"company_switch",       POST, "/company",                            PERMIT_SIGNED_IN,   company_switch_do,      company_switch_fields, SMALL, 60, WEB},
    {"forgot",               GET,  "/forgot",                             PERMIT_ANYONE,      forgot_show,            NULL,               0,     0,  WEB},
    {"forgot_do",            POST, "/forgot",                             PERMIT_ANYONE,      forgot_do,              forgot_fields,      SMALL, 10, WEB},
    {"reset",                GET,  "/reset/{token}",                      PERMIT_ANYONE,      reset_show,             NULL,               0,     0,  WEB},
    {"reset_do",             POST, "/reset/{token}",                      PERMIT_ANYONE,      reset_do,               reset_fields,       SMALL, 30, AUTH},

    {"register",             GET,  "/register",                           PERMIT_ANYONE,      register_show,          NULL,               0,     0,  WEB},
    {"register_do",          POST, "/register",                           PERMIT_ANYONE,      register_do,            open_register_fields, FORM, 10, AUTH},
    {"verify",               GET,  "/verify",                             PERMIT_ANYONE,      verify_show,            NULL,               0,     0,  WEB},
    {"verify_send",          POST, "/verify",                             PERMIT_ANYONE,      verify_send,            NULL,               SMALL, 10, WEB},
    {"verify_link",          GET,  "/verify/{token}",                     PERMIT_ANYONE,      verify_link_show,       NULL,               0,     0,  WEB},
    {"verify_link_do",       POST, "/verify/{token}",                     PERMIT_ANYONE,      verify_link_do,         verify_fields,      SMALL, 30, AUTH},

    {"industry",             GET,  "/industry",                           PERMIT_INVITE,      industry_show,          industry_fields,    0,     0,  WEB},
    {"invite",               POST, "/industry/invitations",               PERMIT_INVITE,      invite_send,            invite_fields,      FORM,  60, WEB},
    {"invitation",           GET,  "/industry/invitations/{id}",          PERMIT_INVITE,      invitation_show,        NULL,               0,     0,  WEB},
    {"invitation_resend",    POST, "/industry/invitations/{id}/resend",   PERMIT_INVITE,      invitation_resend_do,   NULL,               SMALL, 60, WEB},
    {"invitation_cancel",    GET,  "/industry/invitations/{id}/cancel",   PERMIT_INVITE,      invitation_cancel_show, NULL,               0,     0,  WEB},
    {"invitation_cancel_do", POST, "/industry/invitations/{id}/cancel",   PERMIT_INVITE,      invitation_cancel_do,   NULL,               SMALL, 60, WEB},
    {"invitation_take_over", POST, "/industry/invitations/{id}/take-over", PERMIT_TEAM,        invitation_take_over_do, NULL,               SMALL, 60, WEB},
    {"invitation_copy",      GET,  "/industry/invitations/{id}/link",     PERMIT_LINK_COPY,   invitation_copy_show,   NULL,               0,     0, WEB},
    {"invitation_copy_do",   POST, "/industry/invitations/{id}/link",     PERMIT_LINK_COPY,   invitation_copy_do,     NULL,               SMALL, 60, WEB},
    {"invitation_change",    GET,  "/industry/invitations/{id}/change",   PERMIT_INVITE,      invitation_change_show, NULL,               0,     0, WEB},
    {"invitation_change_do", POST, "/industry/invitations/{id}/change",   PERMIT_INVITE,      invitation_change_do,   change_fields,      FORM,  60, WEB},
    {"invitation_correct",   GET,  "/industry/invitations/{id}/address",  PERMIT_INVITE,      invitation_correct_show, NULL,               0,     0, WEB},
    {"invitation_correct_do", POST, "/industry/invitations/{id}/address",  PERMIT_INVITE,      invitation_correct_do,  correct_fields,     SMALL, 60, WEB},

    {"customers",            GET,  "/customers",                          PERMIT_LISTS_READ,  customers_show,         partners_fields,    0,     0,  WEB},
    {"customer",              GET,  "/customers/{id}",                    PERMIT_LISTS_READ,  partner_show,           NULL,               0,    0,  WEB},
    {"customer_edit",         POST, "/customers/{id}",                    PERMIT_PARTNERS_EDIT, partner_edit_do,        partner_edit_fields, SMALL, 60, WEB},
    {"customer_pause",        GET,  "/customers/{id}/pause",              PERMIT_PARTNERS_EDIT, partner_pause_show,     NULL,               0,    0,  WEB},
    {"customer_pause_do",     POST, "/customers/{id}/pause",              PERMIT_PARTNERS_EDIT, partner_pause_do,       partner_pause_fields, SMALL, 60, WEB},
    {"customer_lift",         POST, "/customers/{id}/lift",               PERMIT_PARTNERS_EDIT, partner_lift_do,        NULL,               SMALL, 60, WEB},
    {"customer_disconnect",   GET,  "/customers/{id}/disconnect",         PERMIT_PARTNERS_EDIT, partner_disconnect_show, NULL,               0,    0,  WEB},
    {"customer_disconnect_do", POST, "/customers/{id}/disconnect",         PERMIT_PARTNERS_EDIT, partner_disconnect_do,  NULL,               SMALL, 60, WEB},
    {"suppliers",            GET,  "/suppliers",                          PERMIT_LISTS_READ,  suppliers_show,         partners_fields,    0,     0,  WEB},
    {"supplier",              GET,  "/suppliers/{id}",                    PERMIT_LISTS_READ,  partner_show,           NULL,               0,    0,  WEB},
    {"supplier_edit",         POST, "/suppliers/{id}",                    PERMIT_PARTNERS_EDIT, partner_edit_do,        partner_edit_fields, SMALL, 60, WEB},
    {"supplier_pause",        GET,  "/suppliers/{id}/pause",              PERMIT_PARTNERS_EDIT, partner_pause_show,     NULL,               0,    0,  WEB},
    {"supplier_pause_do",     POST, "/suppliers/{id}/pause",              PERMIT_PARTNERS_EDIT, partner_pause_do,       partner_pause_fields, SMALL, 60, WEB},
    {"supplier_lift",         POST, "/suppliers/{id}/lift",               PERMIT_PARTNERS_EDIT, partner_lift_do,        NULL,               SMALL, 60, WEB},
    {"supplier_disconnect",   GET,  "/suppliers/{id}/disconnect",         PERMIT_PARTNERS_EDIT, partner_disconnect_show, NULL,               0,    0,  WEB},
    {"supplier_disconnect_do", POST, "/suppliers/{id}/disconnect",         PERMIT_PARTNERS_EDIT, partner_disconnect_do,  NULL,               SMALL, 60, WEB},

    {"add_customer",          GET,  "/add/customer",                      PERMIT_PARTNERS_EDIT, add_first_show,         add_start_fields,   0,    0,  WEB},
    {"add_customer_check",    GET,  "/add/customer/check",                PERMIT_PARTNERS_EDIT, add_check_show,         add_first_fields,   0,    0,  WEB},
    {"add_customer_data",     GET,  "/add/customer/data",                 PERMIT_PARTNERS_EDIT, add_data_show,          add_first_fields,   0,    0,  WEB},
    {"add_customer_do",       POST, "/add/customer",                      PERMIT_PARTNERS_EDIT, add_do,                 add_fields,         FORM, 60, WEB},
    {"add_supplier",          GET,  "/add/supplier",                      PERMIT_PARTNERS_EDIT, add_first_show,         add_start_fields,   0,    0,  WEB},
    {"add_supplier_check",    GET,  "/add/supplier/check",                PERMIT_PARTNERS_EDIT, add_check_show,         add_first_fields,   0,    0,  WEB},
    {"add_supplier_data",     GET,  "/add/supplier/data",                 PERMIT_PARTNERS_EDIT, add_data_show,          add_first_fields,   0,    0,  WEB},
    {"add_supplier_do",       POST, "/add/supplier",                      PERMIT_PARTNERS_EDIT, add_do,                 add_fields,         FORM, 60, WEB},
    {"link_customer",         GET,  "/link/customer",                     PERMIT_PARTNERS_EDIT, asking_show,            NULL,               0,    0,  WEB},
    {"link_customer_do",      POST, "/link/customer",                     PERMIT_PARTNERS_EDIT, asking_do,              asking_fields,      SMALL, 10, WEB},
    {"link_supplier",         GET,  "/link/supplier",                     PERMIT_PARTNERS_EDIT, asking_show,            NULL,               0,    0,  WEB},
    {"link_supplier_do",      POST, "/link/supplier",                     PERMIT_PARTNERS_EDIT, asking_do,              asking_fields,      SMALL, 10, WEB},
    {"home_confirm",          POST, "/home/requests/{id}/confirm",        PERMIT_SIGNED_IN,   answer_accept_do,       home_accept_fields, SMALL, 60, WEB},
    {"home_refuse",           POST, "/home/requests/{id}/refuse",         PERMIT_SIGNED_IN,   answer_decline_do,      NULL,               SMALL, 60, WEB},

    /* /export/…: nginx waits long for them */
    {"invitations_export",   GET,  "/export/invitations",                 PERMIT_LISTS_EXPORT, invitations_export,    invitations_export_fields, 0, 10, LONG},
    {"customers_export",     GET,  "/export/customers",                   PERMIT_LISTS_EXPORT, customers_export,      partners_export_fields, 0, 10, LONG},
    {"suppliers_export",     GET,  "/export/suppliers",                   PERMIT_LISTS_EXPORT, suppliers_export,      partners_export_fields, 0, 10, LONG},

    {"customer_messages",    GET,  "/customers/{id}/messages",            PERMIT_MESSAGES,    customer_messages_show, messages_fields,    0,     0,  WEB},
    {"customer_message_send", POST, "/customers/{id}/messages",           PERMIT_MESSAGES,    customer_message_send,  message_fields,     FORM,  60, WEB},
    {"supplier_messages",    GET,  "/suppliers/{id}/messages",            PERMIT_MESSAGES,    supplier_messages_show, messages_fields,    0,     0,  WEB},
    {"supplier_message_send", POST, "/suppliers/{id}/messages",           PERMIT_MESSAGES,    supplier_message_send,  message_fields,     FORM,  60, WEB},
    {"vendor_messages",      GET,  "/vendors/{id}/messages",              PERMIT_PARTNER,     vendor_messages_show,   messages_fields,    0,     0,  WEB},
    {"vendor_message_send",  POST, "/vendors/{id}/messages",              PERMIT_PARTNER,     vendor_message_send,    message_fields,     FORM,  60, WEB},

    {"settings",             GET,  "/settings",                           PERMIT_SETTINGS,    settings_show,          NULL,               0,     0,  WEB},
    {"settings_do",          POST, "/settings",                           PERMIT_SETTINGS,    settings_do,            settings_fields,    SMALL, 60, WEB},
    {"settings_logo_do",     POST, "/settings/logo",                      PERMIT_SETTINGS,    settings_logo_do,       logo_fields,        PICTURE, 30, FILES},
    {"settings_logo_remove_do", POST, "/settings/logo/remove",            PERMIT_SETTINGS,    settings_logo_remove_do, NULL,              SMALL, 60, WEB},
    {"audit_log",            GET,  "/audit",                              PERMIT_AUDIT_READ,  audit_log_show,         audit_log_fields,   0,     0,  WEB},
    {"logo",                 GET,  "/logo/{id}",                          PERMIT_ANYONE,      logo_show,              NULL,               0,     0,  WEB},
    {"brand",                GET,  "/brand/{colour}",                     PERMIT_ANYONE,      brand_show,             NULL,               0,     0,  WEB},
    {"team",                 GET,  "/team",                               PERMIT_LISTS_READ,  team_show,              team_fields,        0,     0,  WEB},
    {"team_invite",          POST, "/team/invitations",                   PERMIT_TEAM,        team_invite,            team_invite_fields, SMALL, 60, WEB},
    {"team_resend",          POST, "/team/invitations/{id}/resend",       PERMIT_TEAM,        team_resend,            NULL,               SMALL, 60, WEB},
    {"team_cancel",          GET,  "/team/invitations/{id}/cancel",       PERMIT_TEAM,        team_cancel_show,       NULL,               0,     0,  WEB},
    {"team_cancel_do",       POST, "/team/invitations/{id}/cancel",       PERMIT_TEAM,        team_cancel_do,         NULL,               SMALL, 60, WEB},
    {"team_role",            GET,  "/team/members/{id}/role",             PERMIT_TEAM,        team_role_show,         NULL,               0,     0,  WEB},
    {"team_role_do",         POST, "/team/members/{id}/role",             PERMIT_TEAM,        team_role_do,           team_role_fields,   SMALL, 60, WEB},
    {"team_remove",          GET,  "/team/members/{id}/remove",           PERMIT_TEAM,        team_remove_show,       NULL,               0,     0,  WEB},
    {"team_remove_do",       POST, "/team/members/{id}/remove",           PERMIT_TEAM,        team_remove_do,         team_go_fields,     SMALL, 60, WEB},
    {"team_leave",           GET,  "/team/leave",                         PERMIT_LISTS_READ,  team_leave_show,        NULL,               0,     0,  WEB},
    {"team_leave_do",        POST, "/team/leave",                         PERMIT_LISTS_READ,  team_leave_do,          team_go_fields,     SMALL, 60, WEB},

    {"join",                 GET,  "/join/{token}",                       PERMIT_ANYONE,      join_show,              NULL,               0,     0,  WEB},
    {"join_register",        POST, "/join/{token}/register",              PERMIT_ANYONE,      join_register,          join_fields,        SMALL, 30, AUTH},
    {"join_sign_in",         POST, "/join/{token}/sign-in",               PERMIT_ANYONE,      join_sign_in,           link_sign_in_fields, SMALL, 30, AUTH},
    {"join_sign_out",        POST, "/join/{token}/sign-out",              PERMIT_ANYONE,      join_sign_out,          NULL,               SMALL, 0,  WEB},
    {"join_do",              POST, "/join/{token}/accept",                PERMIT_ANYONE,      join_do,                NULL,               SMALL, 60, WEB},
    /* …/upload: nginx takes a long body there */
    {"shared",               GET,  "/shared",                             PERMIT_SHARE,       shared_show,            shared_list_fields, 0,     0,  WEB},
    {"shared_received",      GET,  "/shared/received",                    PERMIT_SHARE,       shared_received_show,   shared_list_fields, 0,     0,  WEB},
    {"shared_upload",        GET,  "/shared/upload",                      PERMIT_SHARE,       shared_upload_show,     NULL,               0,     0,  WEB},
    {"shared_upload_do",     POST, "/shared/upload",                      PERMIT_SHARE,       shared_upload_do,       shared_upload_fields, SMALL, 30, UPLOAD},
    {"shared_link",          GET,  "/shared/link",                        PERMIT_SHARE,       shared_link_show,       NULL,               0,     0,  WEB},
    {"shared_link_do",       POST, "/shared/link",                        PERMIT_SHARE,       shared_link_do,         shared_link_fields, FORM,  60, WEB},
    {"shared_note",          GET,  "/shared/note",                        PERMIT_SHARE,       shared_note_show,       NULL,               0,     0,  WEB},
    {"shared_note_do",       POST, "/shared/note",                        PERMIT_SHARE,       shared_note_do,         shared_note_fields, FORM,  60, WEB},
    {"shared_item",          GET,  "/shared/items/{id}",                  PERMIT_SHARE,       shared_item_show,       NULL,               0,     0,  WEB},
    {"shared_audience_do",   POST, "/shared/items/{id}",                  PERMIT_SHARE,       shared_audience_do,     shared_audience_fields, SMALL, 60, WEB},
    {"shared_company_add",   POST, "/shared/items/{id}/companies",        PERMIT_SHARE,       shared_company_add,     shared_company_fields, SMALL, 120, WEB},
    {"shared_company_remove", POST, "/shared/items/{id}/companies/remove", PERMIT_SHARE,      shared_company_remove,  shared_unshare_fields, SMALL, 120, WEB},
    {"shared_remove",        GET,  "/shared/items/{id}/remove",           PERMIT_SHARE,       shared_remove_show,     NULL,               0,     0,  WEB},
    {"shared_remove_do",     POST, "/shared/items/{id}/remove",           PERMIT_SHARE,       shared_remove_do,       NULL,               SMALL, 60, WEB},
    {"shared_file",          GET,  "/shared/items/{id}/file",             PERMIT_SHARE,       shared_file_show,       NULL,               0,     0,  WEB},

    {"vendor",               GET,  "/vendors/{id}",                       PERMIT_PARTNER,     vendor_show,            vendor_fields,      0,     0,  WEB},
    {"vendor_upload",        GET,  "/vendors/{id}/upload",                PERMIT_PARTNER,     vendor_upload_show,     NULL,               0,     0,  WEB},
    {"vendor_upload_do",     POST, "/vendors/{id}/upload",                PERMIT_PARTNER,     vendor_upload_do,       vendor_upload_fields, SMALL, 30, UPLOAD},
    {"vendor_note",          GET,  "/vendors/{id}/note",                  PERMIT_PARTNER,     vendor_note_show,       NULL,               0,     0,  WEB},
    {"vendor_note_do",       POST, "/vendors/{id}/note",                  PERMIT_PARTNER,     vendor_note_do,         vendor_note_fields, FORM,  60, WEB},
    {"vendor_file",          GET,  "/files/{id}",                         PERMIT_PARTNER,     vendor_file_show,       NULL,               0,     0,  WEB},

    {"link",                 GET,  "/i/{token}",                          PERMIT_ANYONE,      link_show,              NULL,               0,     0,  WEB},
    {"link_register",        POST, "/i/{token}/register",                 PERMIT_ANYONE,      link_register,          register_fields,    FORM,  30, AUTH},
    {"link_sign_in",         POST, "/i/{token}/sign-in",                  PERMIT_ANYONE,      link_sign_in,           link_sign_in_fields, SMALL, 30, AUTH},
    {"link_sign_out",        POST, "/i/{token}/sign-out",                 PERMIT_ANYONE,      link_sign_out,          NULL,               SMALL, 0,  WEB},
    {"link_accept",          POST, "/i/{token}/accept",                   PERMIT_ANYONE,      link_accept,            accept_fields,      SMALL, 60, WEB},
    {"link_decline_show",    GET,  "/i/{token}/decline",                  PERMIT_ANYONE,      link_decline_show,      NULL,               0,     0,  WEB},
    {"link_decline",         POST, "/i/{token}/decline",                  PERMIT_ANYONE,      link_decline,           NULL,               SMALL, 60, WEB},
    {"link_never",           GET,  "/i/{token}/never",                    PERMIT_ANYONE,      link_never,             NULL,               0,     0,  WEB},
    {"link_ask",             POST, "/i/{token}/ask",                      PERMIT_ANYONE,      link_ask,               NULL,               SMALL, 10, WEB},

    {"never",                GET,  "/never/{token}",                      PERMIT_ANYONE,      never_show,             NULL,               0,     0,  WEB},
    {"never_do",             POST, "/never/{token}",                      PERMIT_ANYONE,      never_do,               NULL,               SMALL, 60, WEB},
    {"never_undo",           POST, "/never/{token}/undo",                 PERMIT_ANYONE,      never_undo,             NULL,               SMALL, 60, WEB},

    {"home",                 GET,  "/home",                               PERMIT_SIGNED_IN,   home_show,              NULL,               0,     0,  WEB},
    {"home_accept",          POST, "/home/invitations/{id}/accept",       PERMIT_SIGNED_IN,   home_accept,            home_accept_fields, SMALL, 60, WEB},
    {"home_decline_show",    GET,  "/home/invitations/{id}/decline",      PERMIT_SIGNED_IN,   home_decline_show,      NULL,               0,     0,  WEB},
    {"home_decline",         POST, "/home/invitations/{id}/decline",      PERMIT_SIGNED_IN,   home_decline,           NULL,               SMALL, 60, WEB},

    {"company",              GET,  "/company",                            PERMIT_PARTNER,     company_show,           NULL,               0,     0,  WEB},
    {"company_edit",         GET,  "/company/edit",                       PERMIT_PARTNER_MANAGE, company_edit_show,   NULL,               0,     0,  WEB},
    {"company_edit_do",      POST, "/company/edit",                       PERMIT_PARTNER_MANAGE, company_edit_do,     company_fields,     FORM,  60, WEB},
    {"members",              GET,  "/company/members",                    PERMIT_PARTNER,     colleagues_show,        NULL,               0,     0,  WEB},
    {"member",               GET,  "/company/members/{id}",               PERMIT_PARTNER_MANAGE, colleague_show,      NULL,               0,     0,  WEB},
    {"member_role_do",       POST, "/company/members/{id}",               PERMIT_PARTNER_MANAGE, colleague_role_do,   colleague_fields,   SMALL, 60, WEB},
    {"member_remove",        GET,  "/company/members/{id}/remove",        PERMIT_PARTNER_MANAGE, colleague_remove_show, NULL,             0,     0,  WEB},
    {"member_remove_do",     POST, "/company/members/{id}/remove",        PERMIT_PARTNER_MANAGE, colleague_remove_do, NULL,               SMALL, 60, WEB},
    {"company_merge",        GET,  "/company/merge",                      PERMIT_PARTNER_MANAGE, company_merge_show,  merge_fields,       0,     0,  WEB},
    {"company_merge_do",     POST, "/company/merge",                      PERMIT_PARTNER_MANAGE, company_merge_do,    merge_fields,       SMALL, 10, WEB},
    {"company_leave",        GET,  "/company/leave",                      PERMIT_PARTNER,     company_leave_show,     NULL,               0,     0,  WEB},
    {"company_leave_do",     POST, "/company/leave",                      PERMIT_PARTNER,     company_leave_do,       NULL,               SMALL, 60, WEB},
    {"home_disconnect",      GET,  "/home/vendors/{id}/disconnect",       PERMIT_PARTNER_MANAGE, home_disconnect_show, NULL,              0,     0,  WEB},
    {"home_disconnect_do",   POST, "/home/vendors/{id}/disconnect",       PERMIT_PARTNER_MANAGE, home_disconnect_do,  NULL,               SMALL, 60, WEB},
    {"admission", GET,  "/admission",                          PERMIT_SIGNED_IN,   admission_show,              NULL,               0,     0,  WEB},
    {"admission_do", POST, "/admission",                          PERMIT_SIGNED_IN,   admission_do,                admission_fields,        SMALL, 10, WEB},
    {"link_admission", GET,  "/i/{token}/join",                     PERMIT_ANYONE,      link_admission_show,         NULL,               0,     0,  WEB},
    {"link_admission_do", POST, "/i/{token}/join",                     PERMIT_ANYONE,      link_admission_do,           link_admission_fields,   FORM,  10, AUTH},
    {"home_admission_accept", POST, "/home/admissions/{id}/accept",             PERMIT_SIGNED_IN,   home_admission_accept,       NULL,               SMALL, 60, WEB},
    {"home_admission_decline", POST, "/home/admissions/{id}/decline",            PERMIT_SIGNED_IN,   home_admission_decline,      NULL,               SMALL, 60, WEB},
    {"delivery",             GET,  "/company/delivery",                   PERMIT_PARTNER,     delivery_list_show,     NULL,               0,     0,  WEB},
    {"delivery_add",         GET,  "/company/delivery-new",               PERMIT_PARTNER_MANAGE, delivery_add_show,   NULL,               0,     0,  WEB},
    {"delivery_add_do",      POST, "/company/delivery-new",               PERMIT_PARTNER_MANAGE, delivery_add_do,     delivery_fields,    FORM,  60, WEB},
    {"delivery_edit",        GET,  "/company/delivery/{id}",              PERMIT_PARTNER_MANAGE, delivery_edit_show,  NULL,               0,     0,  WEB},
    {"delivery_edit_do",     POST, "/company/delivery/{id}",              PERMIT_PARTNER_MANAGE, delivery_edit_do,    delivery_fields,    FORM,  60, WEB},
    {"delivery_remove",      GET,  "/company/delivery/{id}/remove",       PERMIT_PARTNER_MANAGE, delivery_remove_show, NULL,              0,     0,  WEB},
    {"delivery_remove_do",   POST, "/company/delivery/{id}/remove",       PERMIT_PARTNER_MANAGE, delivery_remove_do,  NULL,               SMALL, 60, WEB},

    {"connect",              GET,  "/connect",                            PERMIT_SIGNED_IN,   connect_show,           connect_result_fields, 0,  0,  WEB},
    {"connect_do",           POST, "/connect",                            PERMIT_SIGNED_IN,   connect_do,             connect_fields,     SMALL, 60, WEB},
    {0},
};
