/* model.h - what pages are given to show. Plain data: no request, no database. All texts belong to the request's arena. */
#ifndef VIEWS_MODEL_H
#define VIEWS_MODEL_H

#include "arena.h"
#include "asking_rows.h"
#include "audit_rows.h"
#include "company_rows.h"
#include "delivery_rows.h"
#include "form.h"
#include "invitation_rows.h"
#include "log_rows.h"
#include "join_rows.h"
#include "language.h"
#include "message_rows.h"
#include "number.h"
#include "admission_rows.h"
#include "out.h"
#include "permit.h"
#include "profile_rows.h"
#include "qr.h"
#include "relationship_rows.h"
#include "secret.h"
#include "shared_rows.h"
#include "static.h"
#include "team_rows.h"
#include "types.h"
#include "when.h"
#include "zone.h"

#include <string.h>

/* One symbol of the sprite; the name must be literal. */
#define icon(name) ((struct url){STATIC_ICONS_URL "#" name})
#define stylesheet() ((struct url){STATIC_STYLE_URL})
#define script_file() ((struct url){STATIC_SCRIPT_URL})

static inline bool same(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

enum place {
    PLACE_NONE, PLACE_HOME, PLACE_CUSTOMERS, PLACE_SUPPLIERS, PLACE_INDUSTRY, PLACE_COMPANY, PLACE_SETTINGS, PLACE_AUDIT, PLACE_TEAM, PLACE_SHARED, PLACE_ACCOUNT,
    PLACE_OVERVIEW
};

/* The pages of a customer's or supplier's own company. */
enum company_tab { COMPANY_TAB_DATA, COMPANY_TAB_DELIVERY, COMPANY_TAB_MEMBERS };

/* The frame of every page. */
struct page {
    const char *title;   /* of the page, in its language; the frame adds the portal's name */
    const char *portal;
    const char *support_email;
    const char *heading; /* the vendor on an invitee's page; NULL: the portal */
    const char *company; /* the company in use; NULL: nobody is signed in, or no company: no side menu */
    const char *email;   /* who is signed in; NULL: nobody */
    bool registration;   /* people may register without an invitation */
    bool vendor;         /* the company in use is a vendor */
    bool closed;         /* nothing of it can be used: the menu leads nowhere but out */
    const struct own_company_list *companies; /* to switch between; empty: nothing to choose */
    bool can[PERMIT_LIMIT]; /* what this person may do in it */
    enum place place;
    const char *here, *query; /* of the same page in another language: its path, NULL: this one; and what it is asked */
    const char *note;       /* one of the codes in views/note.html; NULL: none */
    const char *note_about, *note_until;
    struct url stylesheet; /* the portal's own in a vendor's colour; text NULL: as it is */
    struct url logo;       /* a vendor's picture beside its name; text NULL: none */
    uint64_t logo_width, logo_height;
    const struct form *form; /* the form whose errors the summary lists; NULL: none */
    struct url resend, view; /* ways out of the problem, beside its sentence; text NULL: none */
    uint64_t resends;        /* how many times it was */
};

static inline bool page_has_errors(const struct page *page)
{
    return page->form && !form_good(page->form);
}

/* Whether the list offers this one: a zone may be known and not be listed. */
static inline bool zone_listed(const struct zone_list *zones, const char *name)
{
    for (size_t i = 0; i < zones->n; i++)
        if (same(zones->v[i], name)) return true;
    return false;
}

/* Whether this address was erased after its time (retention.c) or with its account (privacy.c). */
static inline bool erased(const char *email)
{
    static const char end[] = "@erased.invalid";
    size_t n = strlen(email);
    return n >= sizeof end - 1 && memcmp(email + n - (sizeof end - 1), end, sizeof end - 1) == 0;
}

/* The same in words, for who reads it. */
static inline const char *address_told(const struct out *o, const char *email)
{
    return erased(email) ? out_tr(o, "Address erased") : email;
}

/* What the panel's list was narrowed to. */
struct panel_filter {
    const char *kind, *status, *q; /* "" without */
};

/* A link that a member made to hand on; link NULL: it was shown already. */
struct copied {
    const char *link, *token;
    struct qr code;
};

/* The Industry panel. */
struct panel {
    const struct form *form; /* of the invitation */
    unsigned days;           /* default expiry */
    const struct partner_role_list *roles;
    struct panel_filter filter;
    struct invitation_line_list lines;
    struct invitation_counts counts;
    struct url older, newer; /* text NULL: there is none */
    bool first;              /* the first page: its lines can be counted from 1 */
    bool open;               /* the address has a pending invitation: offer Resend and View */
    struct id open_id;
    uint64_t open_resends;
    bool partner;            /* the address is connected already: offer its page */
    struct id partner_id;
    enum partner_kind partner_kind;
    bool colleague;          /* the address is a colleague's: offer the team */
};

/* One side's view of a thread. */
struct thread_page {
    const struct thread *thread;
    const struct message_line_list *lines; /* oldest first */
    bool partner, latest;                  /* the partner's side; the newest page, which has the form */
    struct url here, earlier;              /* earlier text NULL: there are none */
    const struct form *form;
};

struct partners {
    enum partner_kind kind;
    const char *state, *q; /* what it was narrowed to; "" without */
    struct relationship_line_list lines;
    struct relationship_counts counts;
    struct url older, newer;
    bool first; /* the first page */
    bool asked; /* requests to connect wait for an answer */
};

/* How many the list has, exact up to 1,000. */
static inline uint64_t partners_total(const struct partners *p)
{
    const struct relationship_counts *n = &p->counts;
    if (same(p->state, "active")) return n->active;
    if (same(p->state, "paused")) return n->paused;
    if (same(p->state, "disconnected")) return n->disconnected;
    return n->active + n->paused + n->disconnected;
}

/* Adding a customer or supplier by hand. */
struct add_page {
    enum partner_kind kind;
    const struct form *form;
    struct similar_partner_list partners;       /* own ones that could be the same */
    struct similar_invitation_list invitations;
    const struct partner_role_list *roles;
    struct url way_out; /* of what stands against the address; text NULL: none */
};

/* Asking a company of this installation to connect. */
struct asking_page {
    enum partner_kind kind;
    const struct form *form;
    const struct partner_role_list *roles;
    const struct asking_line_list *asked;
};

/* One connected company. */
struct partner_page {
    enum partner_kind kind;
    const struct partner *partner;
    const struct partner_person_list *people;
    const struct asked_invitation *asked; /* who was asked to confirm a company without people; NULL: nobody */
    const struct partner_role_list *roles;
    const struct delivery_line_list *locations;
    const struct history_line_list *history;
    const struct form *form; /* number and role, or the pause's end */
};

/* All of this vendor's invitations, exact up to 1,000. */
static inline uint64_t panel_total(const struct panel *panel)
{
    const struct invitation_counts *n = &panel->counts;
    if (same(panel->filter.status, "pending")) return n->pending;
    if (same(panel->filter.status, "accepted")) return n->accepted;
    if (same(panel->filter.status, "expired")) return n->expired;
    if (same(panel->filter.status, "cancelled")) return n->cancelled;
    if (same(panel->filter.status, "declined")) return n->declined;
    return n->pending + n->accepted + n->expired + n->cancelled + n->declined;
}

/* Whether "More options" must stand open: something in it was typed or is wrong. */
static inline bool form_open(const struct form *form)
{
    static const char *const more[] = {"first_name", "last_name", "business_name", "number", "role", "language", "message", "expires_days"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (form_error(form, more[i]) || (i != 4 && i != 5 && form_shown(form, more[i])[0])) return true;
    return false;
}

/* An invitation's link, as its page needs it. */
struct link_page {
    const struct link *link; /* NULL on the page of a dead link */
    const char *token;
    const char *sender; /* "Ada Lovelace", or the address without a name */
    const struct form *form;
    const struct member_company_list *companies; /* of a signed-in person, of the right kind */
    const char *signed_in; /* address, NULL: nobody */
    const char *signed_in_kind; /* vendor, customer, supplier: of the company in use */
    bool never;            /* whether "Never invite me again" is for this visitor */
    bool own;              /* the invited address is the signed-in person's */
    bool others;           /* the vendor lets some other addresses accept too */
    bool connected;        /* what was accepted here is still connected */
    bool waits;            /* what is accepted here is connected when the address is verified */
};

/* What a vendor shares, or what it has received. */
struct shared_list {
    const struct shared_line_list *lines;
    bool received;
    struct url newer, older;
};

/* One shared resource: for whom it is. */
struct shared_item {
    const struct shared_line *line;
    const struct form *audience, *company;
    const struct shared_company_list *chosen;
    const struct shared_company_list *found; /* several that match; NULL: nobody was looked for */
};

/* What Home says about joining companies. */
struct admission_home {
    struct admission_line_list inbox;
    bool asked; /* `mine` is the person's newest request */
    struct admission_mine mine;
    bool alone; /* has no company: offer to ask */
};

/* The audit log. */
struct audit_row {
    const struct log_line *line;
    const char *words, *nobody; /* msgids: what happened, and who did it where `who` is NULL */
    const char *who, *subject;  /* addresses; the second: to whom */
    const char *detail;
    bool item;                  /* it was about a shared item, which is still there */
    struct id item_id;
};
struct audit_topic {
    const char *name, *words; /* "" for all; msgid */
};
struct audit_page {
    const char *topic; /* "" for all */
    struct {
        struct audit_topic *v;
        size_t n;
    } topics;
    struct {
        struct audit_row *v;
        size_t n;
    } rows;
    bool first;
    struct url older, newer;
};

/* The page of a status that no handler answered. */
struct problem {
    int status;
    const char *title, *text; /* msgids */
};

/* An input, as views/pieces.html draws it. */
struct input {
    const char *name, *label, *hint; /* hint NULL: none */
    const char *mode;                /* the keyboard of a phone: email, tel, numeric; NULL: letters */
    const char *autocomplete;
};

/* A table, as views/pieces.html frames its rows. */
struct table {
    const char *caption;
    struct {
        const char *const *v;
        size_t n;
    } heads;
    const char *look, *range; /* its class, and which of how many rows it shows; NULL: none */
};
#define HEADS(...) {(const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)}

/* A role's name (msgid), and in the page's language. */
static inline const char *role_name(enum member_role role)
{
    switch (role) {
    case ROLE_OWNER: return N_("Owner");
    case ROLE_ADMIN: return N_("Admin");
    case ROLE_INVITER: return N_("Inviter");
    case ROLE_AUDITOR: return N_("Auditor");
    case ROLE_MEMBER: break;
    }
    return N_("Member");
}

static inline const char *role_word(const struct out *o, enum member_role role)
{
    return out_tr(o, role_name(role));
}

/* A line of the team, and what the visitor may do to it. Lists as views loop over them. */
struct team_row {
    const struct team_line *member;
    const char *name;
    bool self, change;
};
struct team_row_list {
    struct team_row *v;
    size_t n;
};

struct team_asked {
    const struct team_request *request;
    bool change;
};
struct team_asked_list {
    struct team_asked *v;
    size_t n;
};

struct team_page {
    const struct form *form; /* of a new colleague; NULL: the visitor may invite nobody */
    struct team_row_list members;
    struct team_asked_list asked;
    bool owner;              /* the visitor may make owners */
    struct url start, more;  /* the list's first and next page; text NULL: there is none */
};

/* One member, about to get another role or to go. */
struct team_change {
    const struct team_member *member;
    const char *name;
    const struct form *form;
    const char *heir;      /* who may take the open invitations over; NULL: nobody */
    bool heir_self;        /* ... which is the visitor */
    uint64_t open;         /* open invitations that may need somebody */
    bool owner;            /* the visitor may make owners */
    bool self, last_owner;
};

/* The page behind a colleague's link. */
struct join_page {
    const struct join *join; /* NULL on the page of a dead link */
    const char *token, *sender, *signed_in;
    const struct form *form;
};

#endif
