/* mail_model.h - what mails are given to tell. Plain data, like model.h. */
#ifndef VIEWS_MAIL_MODEL_H
#define VIEWS_MAIL_MODEL_H

#include "model.h"

/* Why an invitation's link is mailed. */
enum mail_reason { MAIL_FIRST, MAIL_AGAIN /* the earlier links are dead */, MAIL_ASKED /* the invitee asked for it */, MAIL_REMINDER };

struct mail_model {
    struct colour colour;             /* the vendor's own, else the portal's: 4.5:1 against white in any case */
    const char *portal, *support_email;
    const char *vendor, *sender_name, *sender_email;
    const char *recipient;
    const char *who;      /* accepted: the person who accepted */
    const char *company;  /* accepted: the company that is connected now */
    enum partner_kind kind;
    const char *message;
    struct moment until;
    struct url link;
    enum member_role role; /* in the vendor's team; 0: none, or none any more */
    enum mail_reason reason;
    bool added;       /* the vendor wrote the company down already, and asks to confirm it */
    struct url never; /* "Never invite me again" */
    struct url logo;  /* the vendor's, which the mail brings along; text NULL: none */
    uint64_t logo_width, logo_height; /* pixels */
};

/* Whether the sender has a name beside the address. */
static inline bool mail_sender_named(const struct mail_model *m)
{
    return !same(m->sender_name, m->sender_email);
}

/* Whether "vendor: new message from company" stays within 60 characters. */
static inline bool mail_message_subject_short(const struct mail_model *m)
{
    return strlen(m->vendor) + strlen(m->company) + strlen(": new message from ") <= 60;
}

/* Whether "vendor: company accepted" stays within 60 characters. */
static inline bool mail_subject_short(const struct mail_model *m)
{
    return strlen(m->vendor) + strlen(m->company) + strlen(": ") + strlen(" accepted") <= 60;
}

#endif
