/* overview.c - what became of a vendor's invitations, week by week: sums and pictures for whoever may read the audit log. */
#include "overview_rules.h"

#include "fields.h"
#include "handlers.h"
#include "pages.h"
#include "sql/overview.h"
#include "views.h"

#include <stdlib.h>
#include <time.h>

enum { WEEKS_DEFAULT = 12, WEEKS_MOST = 52 };

static const char *const weeks[] = {"4", "12", "26", "52", NULL};

const struct form_field overview_fields[] = {
    {.name = "weeks", .kind = FIELD_CHOICE, .choices = weeks, .wrong = N_("Select a number of weeks")},
    KIND_FILTER,
    {0},
};

static struct moment now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (struct moment){(int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000};
}

static struct share share_of(struct request *q, const char *id, const char *name, uint64_t n, uint64_t whole)
{
    unsigned percent = overview_percent(n, whole);
    return (struct share){.id = id,
                          .name = name,
                          .n = n,
                          .whole = whole,
                          .words = arena_printf(q->arena, out_tr(q->out, "%u%%"), percent),
                          .width = arena_printf(q->arena, "%u%%", percent),
                          .title = arena_printf(q->arena, out_tr(q->out, "%s of %s"), number_text(q->out, n), number_text(q->out, whole))};
}

/* Of what was first sent in these weeks. */
static void steps_fill(struct request *q, struct overview_page *p)
{
    struct overview_week sum = {0};
    for (size_t i = 0; i < p->lines.n; i++) {
        const struct overview_week *w = &p->lines.v[i].n;
        sum.sent += w->sent;
        sum.opened += w->opened;
        sum.begun += w->begun;
        sum.finished += w->finished;
    }
    const struct share steps[] = {
        share_of(q, "step-sent", out_tr(q->out, "Invitation sent"), sum.sent, sum.sent),
        share_of(q, "step-opened", out_tr(q->out, "Link opened"), sum.opened, sum.sent),
        share_of(q, "step-begun", out_tr(q->out, "Form begun"), sum.begun, sum.sent),
        share_of(q, "step-finished", out_tr(q->out, "Accepted"), sum.finished, sum.sent),
    };
    p->steps.n = sum.sent ? sizeof steps / sizeof *steps : 0;
    p->steps.v = arena_alloc(q->arena, sizeof steps);
    memcpy(p->steps.v, steps, sizeof steps);
}

static void domains_fill(struct request *q, struct overview_page *p, const struct overview_domain_list *found)
{
    p->domains.v = arena_alloc(q->arena, (found->n + 1) * sizeof *p->domains.v);
    p->domains.n = found->n;
    for (size_t i = 0; i < found->n; i++) {
        const struct overview_domain *d = &found->v[i];
        p->domains.v[i] = share_of(q, arena_printf(q->arena, "domain-%zu", i + 1), d->domain ? d->domain : out_tr(q->out, "Erased addresses"), d->bounced, d->mails);
    }
}

/* One picture: the same height stands for the same number in all three. */
static void chart_fill(struct request *q, const struct overview_page *p, struct chart *c, const uint64_t *numbers, uint64_t most)
{
    overview_bars(q->arena, c, numbers, p->lines.n, most);
    size_t best = 0;
    for (size_t i = 0; i < p->lines.n; i++)
        if (numbers[i] >= numbers[best]) best = i;
    if (!c->total) c->words = out_tr(q->out, "None in this time.");
    else
        c->words = arena_printf(q->arena, out_tr(q->out, "At most %s a week: in the week of %s."), number_text(q->out, numbers[best]),
                                when_date_short(q->out, p->lines.v[best].begins));
}

static void charts_fill(struct request *q, struct overview_page *p)
{
    uint64_t sent[WEEKS_MOST], accepted[WEEKS_MOST], expired[WEEKS_MOST], most = 0;
    for (size_t i = 0; i < p->lines.n; i++) {
        const struct overview_week *w = &p->lines.v[i].n;
        const uint64_t all[] = {sent[i] = w->sent, accepted[i] = w->accepted, expired[i] = w->expired};
        for (size_t n = 0; n < sizeof all / sizeof *all; n++)
            if (all[n] > most) most = all[n];
    }
    p->any = most > 0 || p->domains.n;
    p->sent = (struct chart){.id = "sent", .title = out_trc(q->out, "invitations", "Sent:")};
    p->accepted = (struct chart){.id = "accepted", .title = out_trc(q->out, "invitations", "Accepted:")};
    p->expired = (struct chart){.id = "expired", .title = out_trc(q->out, "invitations", "Expired:")};
    chart_fill(q, p, &p->sent, sent, most);
    chart_fill(q, p, &p->accepted, accepted, most);
    chart_fill(q, p, &p->expired, expired, most);
}

static enum db_result numbers_read(struct request *q, struct overview_page *p, enum partner_kind kind)
{
    struct moment mondays[WEEKS_MOST + 1];
    uint64_t vendor = q->session.company_id;
    overview_mondays(q->session.time_zone, now(), p->weeks, mondays);
    p->lines.v = arena_alloc(q->arena, p->weeks * sizeof *p->lines.v);
    p->lines.n = p->weeks;
    for (size_t i = 0; i < p->weeks; i++) {
        p->lines.v[i].begins = mondays[i];
        TRY(overview_week(q->db, vendor, kind, mondays[i], mondays[i + 1], &p->lines.v[i].n));
    }
    struct overview_median median;
    enum db_result r = overview_median(q->db, vendor, kind, mondays[0], mondays[p->weeks], &median);
    if (r == DB_OK) p->median = overview_duration(q->out, median.seconds);
    else if (r != DB_NONE) return r;
    struct overview_domain_list domains;
    TRY(overview_domains(q->db, vendor, kind, mondays[0], mondays[p->weeks], &domains));
    domains_fill(q, p, &domains);
    return DB_OK;
}

enum db_result overview_show(struct request *q)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    const char *chosen = form_value(&q->form, "weeks");
    struct overview_page p = {.weeks = *chosen ? (unsigned)strtoul(chosen, NULL, 10) : WEEKS_DEFAULT, .kind = form_value(&q->form, "kind")};
    enum partner_kind kind = 0;
    if (*p.kind && !partner_kind_from(p.kind, &kind)) return DB_BUG;
    struct page page = page_begin(q, "Overview", PLACE_OVERVIEW);
    TRY(numbers_read(q, &p, kind));
    charts_fill(q, &p);
    steps_fill(q, &p);
    view_overview(q->out, &page, &p);
    return DB_OK;
}
