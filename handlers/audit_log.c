/* audit_log.c - the audit log of a vendor: what happened, who did it, what it was about. */
#include "events.h"
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "sql/log.h"
#include "urls.h"
#include "views.h"

#include <stdio.h>
#include <string.h>

enum { LOG_PAGE = 50 };

const struct form_field audit_log_fields[] = {
    {.name = "topic", .kind = FIELD_CHOICE, .choices = events_topics, .wrong = N_("Select a kind of event")},
    {.name = "after", .kind = FIELD_LINE, .most = 200},
    {.name = "before", .kind = FIELD_LINE, .most = 200},
    {0},
};

/* A line's number counts the events of all vendors, so an address holds it sealed, and for this vendor only. */
static const char *place_seal(struct request *q, uint64_t id)
{
    return secret_seal(q->arena, SECRET_PLACE, arena_printf(q->arena, "%llu %llu", (unsigned long long)q->session.company_id, (unsigned long long)id));
}

static bool place_open(struct request *q, const char *sealed, uint64_t *id)
{
    unsigned long long company, line;
    const char *text = secret_open(q->arena, SECRET_PLACE, sealed);
    if (!text || sscanf(text, "%llu %llu", &company, &line) != 2 || company != q->session.company_id) return false;
    *id = line;
    return true;
}

static enum db_result lines_read(struct request *q, const char *topic, bool newer, uint64_t place, struct log_line_list *lines)
{
    uint64_t vendor = q->session.company_id;
    if (*topic) return newer ? log_topic_newer(q->db, vendor, topic, place, lines) : log_topic_older(q->db, vendor, topic, place, lines);
    return newer ? log_newer(q->db, vendor, place, lines) : log_older(q->db, vendor, place, lines);
}

/* One line of the page, from one of the table. */
static struct audit_row row_of(const struct out *o, const struct log_line *line)
{
    struct id item = {0};
    bool id = id_from_text(line->detail, &item); /* of the shared item, or of the request to connect, whose target is the subject */
    bool shared = id && strncmp(line->event, "resource_", 9) == 0, asked = id && strncmp(line->event, "connection_", 11) == 0;
    return (struct audit_row){.line = line,
                              .detail = shared || asked ? "" : events_detail(o, line->event, line->detail),
                              .item = shared && line->item,
                              .item_id = item,
                              .words = events_words(line->event),
                              .nobody = events_nobody(line->event),
                              .who = line->who,
                              .subject = line->subject};
}

/* What the filter offers. */
static void topics_fill(struct request *q, struct audit_page *p)
{
    size_t n = 0;
    while (events_topics[n]) n++;
    p->topics.v = arena_alloc(q->arena, (n + 1) * sizeof *p->topics.v);
    p->topics.v[0] = (struct audit_topic){"", N_("All events")};
    for (size_t i = 0; i < n; i++) p->topics.v[i + 1] = (struct audit_topic){events_topics[i], events_topic_words(events_topics[i])};
    p->topics.n = n + 1;
}

enum db_result audit_log_show(struct request *q)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    const char *topic = form_value(&q->form, "topic"), *before = form_value(&q->form, "before"), *after = form_value(&q->form, "after");
    struct log_line_list lines;
    uint64_t place = UINT64_MAX >> 1;
    bool newer = before[0], placed = newer || after[0];
    if (placed && !place_open(q, newer ? before : after, &place)) return DB_NONE;
    TRY(lines_read(q, topic, newer, place, &lines));

    bool more = lines.n > LOG_PAGE;
    if (more) lines.n = LOG_PAGE;
    struct audit_page p = {.topic = topic, .first = !placed};
    p.rows.v = arena_alloc(q->arena, lines.n * sizeof *p.rows.v);
    p.rows.n = lines.n;
    for (size_t i = 0; i < lines.n; i++) p.rows.v[newer ? lines.n - 1 - i : i] = row_of(q->out, &lines.v[i]);
    if (lines.n && (newer || more)) p.older = url_audit_list(q->arena, topic, "after", place_seal(q, p.rows.v[lines.n - 1].line->id));
    if (lines.n && (newer ? more : placed)) p.newer = url_audit_list(q->arena, topic, "before", place_seal(q, p.rows.v[0].line->id));
    topics_fill(q, &p);
    struct page page = page_begin(q, "Audit log", PLACE_AUDIT);
    view_audit(q->out, &page, &p);
    return DB_OK;
}
