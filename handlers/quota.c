/* quota.c - see quota.h. */
#include "quota.h"

#include "log.h"
#include "number.h"
#include "pages.h"
#include "secret.h"
#include "sql/quota.h"
#include "views.h"
#include "when.h"

enum { SWEEP_EVERY = 500, SWEEP_MOST = 2000, SWEEP_SOME = 20 };

static struct hash subject(struct request *q, const char *what, const char *whom)
{
    return secret_hash(SECRET_LIMIT, arena_printf(q->arena, "recipients of %s %s", what, whom));
}

/* From the one that all share to the address, and no further than to the first that is full: whoever is refused has made no row that
 * others wait for, and would be a deadlock for them by taking it back. */
static enum db_result count(struct request *q, const char *email_canon, enum quota_kind *kind)
{
    const struct session *s = &q->session;
    const struct {
        enum recipient_scope scope;
        const char *what, *whom;
    } scopes[] = {{RECIPIENT_INSTALLATION, "installation", ""},
                  {RECIPIENT_VENDOR, "vendor", id_text(q->arena, s->company)},
                  {RECIPIENT_MEMBER, "member", id_text(q->arena, s->account)},
                  {RECIPIENT_ADDRESS, "address", quota_abuse_key(q->arena, email_canon)}};
    struct quota_counts n = {0};
    uint64_t *const counts[] = {&n.installation, &n.vendor, &n.member, &n.address};
    struct quota_times times = {.young = false};
    *kind = QUOTA_NONE;
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes && *kind == QUOTA_NONE; i++) {
        TRY(quota_count(q->db, scopes[i].scope, subject(q, scopes[i].what, scopes[i].whom), counts[i]));
        if (quota_age_matters(q->config, &n) && !times.tomorrow.us) TRY(quota_times(q->db, s->company_id, q->config->new_vendor_days, &times));
        *kind = quota_decide(q->config, &n, times.young);
    }
    return n.installation % SWEEP_EVERY == 1 ? quota_sweep(q->db, SWEEP_MOST, NULL) : DB_OK;
}

static const char *sentence(struct request *q, enum quota_kind kind, const char *email, const struct quota_times *t)
{
    const struct config *c = q->config;
    const struct out *o = q->out;
    const char *again = when_full(o, t->tomorrow), *vendor = q->session.company_name;
    switch (kind) {
    case QUOTA_MEMBER:
        return arena_printf(q->arena, out_tr(o, "You have sent as many invitations as one person may send in a day (%s). Sending works again from %s"),
                            number_text(o, c->member_recipients_day), again);
    case QUOTA_VENDOR:
        return arena_printf(q->arena, out_tr(o, "%s has sent as many invitations as one company may send in a day (%s). Sending works again from %s"),
                            vendor, number_text(o, c->vendor_recipients_day), again);
    case QUOTA_NEW_VENDOR:
        return arena_printf(q->arena,
                            out_tr(o, "%s has sent as many invitations as a new company may send in a day (%s, and %s from %s). Sending works again from %s"),
                            vendor, number_text(o, c->new_vendor_recipients_day), number_text(o, c->vendor_recipients_day), when_full(o, t->grown_at), again);
    case QUOTA_ADDRESS:
        return arena_printf(q->arena, out_tr(o, "%s has received as many invitations as one address may get in a day. Sending to it works again from %s"),
                            email, again);
    case QUOTA_INSTALLATION:
        return arena_printf(q->arena, out_tr(o, "This portal has sent as many invitations as it may send in a day. Sending works again from %s"), again);
    case QUOTA_RESENDS:
        return arena_printf(q->arena, out_tr(o, "This invitation has been sent again %s times, which is the most. Cancel it, then send a new one"), number_text(o, c->resends_most));
    case QUOTA_NONE: break;
    }
    return NULL;
}

/* What was written is undone, and counted is nothing. */
static enum db_result refuse(struct request *q, enum quota_kind kind, const char *email, struct quota_refusal *refusal)
{
    static const char *const names[] = {"none", "member", "vendor", "new vendor", "address", "installation", "resends"};
    struct quota_times times;
    db_rollback(q->db);
    TRY(quota_times(q->db, q->session.company_id, q->config->new_vendor_days, &times));
    log_info("limit of recipients reached: %s", names[kind]);
    *refusal = (struct quota_refusal){
        .kind = kind, .sentence = sentence(q, kind, email, &times), .seconds = kind == QUOTA_RESENDS ? 0 : (unsigned)times.seconds + 1};
    return DB_OK;
}

enum db_result quota_take(struct request *q, const char *email, const char *email_canon, struct quota_refusal *refusal)
{
    enum quota_kind kind;
    *refusal = (struct quota_refusal){.kind = QUOTA_NONE};
    TRY(count(q, email_canon, &kind));
    return kind == QUOTA_NONE ? DB_OK : refuse(q, kind, email, refusal);
}

enum db_result quota_take_again(struct request *q, uint64_t invitation_id, const char *email, const char *email_canon, struct quota_refusal *refusal)
{
    enum db_result r = quota_resend(q->db, invitation_id, q->config->resends_most);
    if (r == DB_NONE) return refuse(q, QUOTA_RESENDS, email, refusal);
    return r == DB_OK ? quota_take(q, email, email_canon, refusal) : r;
}

enum db_result quota_ask(struct request *q, enum quota_asked what, const char *email_canon, bool *send)
{
    static const char *const names[] = {"address", "reset", "verification"};
    uint64_t n;
    TRY(quota_count(q->db, what == QUOTA_ASKED_INVITATION ? RECIPIENT_ADDRESS : RECIPIENT_ASKED, subject(q, names[what], quota_abuse_key(q->arena, email_canon)), &n));
    *send = n <= q->config->address_mails_day;
    if (!*send) log_info("limit of recipients reached: asked for, %s", names[what]);
    return n == 1 ? quota_sweep(q->db, SWEEP_SOME, NULL) : DB_OK;
}

void quota_answer(struct request *q, const struct quota_refusal *refusal)
{
    q->response.status = refusal->seconds ? 429 : 422;
    q->response.retry_after = refusal->seconds;
}

enum db_result quota_page(struct request *q, const struct quota_refusal *refusal, struct url back, const char *way)
{
    struct page page = page_begin(q, "Invitation not sent", PLACE_INDUSTRY);
    view_quota_reached(q->out, &page, refusal->sentence, back, out_tr(q->out, way));
    quota_answer(q, refusal);
    return DB_OK;
}
