/* merge.c - two companies of a person turn out to be one: the other is emptied into the one in use, in one transaction. */
#include "audit.h"
#include "handlers.h"
#include "merge.h"
#include "pages.h"
#include "partner_words.h"
#include "people.h"
#include "secret.h"
#include "sql/merge.h"
#include "sql/profile.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"

const struct form_field merge_fields[] = {
    {.name = "company", .kind = FIELD_ID, .missing = N_("Select a company"), .wrong = N_("Select a company")},
    {0},
};

/* The other company that the form names, when this person owns both. */
static enum db_result find(struct request *q, struct merge_choice_list *choices, const struct merge_choice **other)
{
    struct id id;
    TRY(merge_choices(q->db, q->session.account_id, q->session.company_id, choices));
    *other = NULL;
    if (!form_id(&q->form, "company", &id)) return DB_OK;
    for (size_t i = 0; i < choices->n; i++)
        if (id_equal(choices->v[i].public_id, id)) *other = &choices->v[i];
    return *other ? DB_OK : DB_NONE;
}

static enum db_result choose(struct request *q, const struct merge_choice_list *choices, bool failed)
{
    struct page page = page_begin(q, "Merge companies", PLACE_COMPANY);
    if (failed) page_fail(q, &page, &q->form);
    view_merge(q->out, &page, choices, failed ? &q->form : NULL);
    return DB_OK;
}

enum db_result company_merge_show(struct request *q)
{
    struct merge_choice_list choices;
    const struct merge_choice *other;
    struct merge_line_list lines;
    struct profile profile;
    bool chosen = form_value(&q->form, "company")[0];
    TRY(find(q, &choices, &other));
    if (!other) return choose(q, &choices, chosen);
    TRY(merge_preview(q->db, other->id, q->session.company_id, &lines));
    TRY(profile_of(q->db, other->id, &profile));
    struct page page = page_begin(q, N_("Merge these companies?"), PLACE_COMPANY);
    view_merge_confirm(q->out, &page, &profile, &lines);
    return DB_OK;
}

/* Both companies were connected with this vendor: the old relationship ends in the surviving one. */
static enum db_result join_relationships(struct request *q, const struct merge_line *line)
{
    uint64_t old = line->relationship_id, into = line->into_id;
    TRY(merge_relationship(q->db, old, into, NULL));
    TRY(merge_records_chain(q->db, old, into, NULL));
    TRY(merge_invitations(q->db, old, into, NULL));
    TRY(merge_messages(q->db, old, into, NULL));
    TRY(merge_notices(q->db, old, NULL));
    TRY(merge_sent(q->db, old, into, NULL));
    TRY(merge_chosen(q->db, old, into, NULL));
    TRY(merge_chosen_drop(q->db, old, NULL));
    TRY(relationship_words_drop(q->db, old, NULL));
    return merge_relationship_drop(q->db, old);
}

static enum db_result relationships(struct request *q, uint64_t from, const char *name)
{
    struct merge_line_list lines;
    uint64_t into = q->session.company_id;
    TRY(merge_preview(q->db, from, into, &lines));
    for (size_t i = 0; i < lines.n; i++) {
        const struct merge_line *line = &lines.v[i];
        bool both = line->into_id;
        TRY(both ? join_relationships(q, line) : merge_relationship_move(q->db, line->relationship_id, into));
        TRY(merge_record(q->db, from, line->vendor_id, line->kind, both ? line->into_id : line->relationship_id, both ? line->relationship_id : 0,
                         line->number, NULL));
        TRY(audit_write(q, (struct audit){.event = both && line->number[0] ? "relationship_merged" : "relationship_moved",
                                          .vendor_id = line->vendor_id,
                                          .relationship_id = both ? line->into_id : line->relationship_id,
                                          .detail = both && line->number[0] ? line->number : name}));
    }
    return DB_OK;
}

/* What belongs to the company itself. */
static enum db_result belongings(struct request *q, uint64_t from)
{
    uint64_t into = q->session.company_id;
    TRY(merge_chain(q->db, from, into, NULL));
    TRY(merge_members(q->db, from, into, NULL));
    TRY(merge_members_drop(q->db, from, NULL));
    TRY(merge_sessions(q->db, from, into, NULL));
    TRY(merge_locations(q->db, from, into, NULL));
    TRY(merge_requests(q->db, from, into, NULL));
    TRY(merge_waiting(q->db, from, into, NULL));
    TRY(merge_admissions_both(q->db, from, into, NULL));
    TRY(merge_admissions(q->db, from, into, NULL));
    return merge_admissions_drop(q->db, from, NULL);
}

enum db_result company_merge_do(struct request *q)
{
    const struct session *s = &q->session;
    struct merge_choice_list choices;
    const struct merge_choice *other;
    TRY(find(q, &choices, &other));
    if (!other) return choose(q, &choices, true);
    TRY(merge_hold(q->db, other->id, s->company_id, NULL));
    TRY(merge_mark(q->db, other->id, s->company_id, s->account_id));
    TRY(relationships(q, other->id, other->name));
    TRY(belongings(q, other->id));
    TRY(partner_words_renew(q, s->company_id));
    TRY(audit_write(q, (struct audit){.event = "company_merged",
                                      .detail = arena_printf(q->arena, "%s %s", id_text(q->arena, s->company), id_text(q->arena, other->public_id))}));
    TRY(people_sign_in(q, s->account_id, s->company_id));
    request_leave_note(q, (struct request_note){"company-merged", other->name, ""});
    return request_redirect(q, url_company());
}

enum db_result merge_redirect(struct request *q, enum partner_kind kind)
{
    struct id id;
    struct merge_survivor survivor;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(merge_survivor(q->db, q->session.company_id, kind, id, &survivor));
    return request_redirect(q, url_partner(q->arena, kind == PARTNER_SUPPLIER, survivor.public_id));
}
