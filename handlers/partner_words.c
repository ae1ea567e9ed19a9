/* partner_words.c - see partner_words.h. */
#include "partner_words.h"

#include "sql/relationship.h"
#include "words.h"

#include <string.h>

static enum db_result store(struct request *q, const struct relationship_words *r, const char *text, const char *separators)
{
    const char *words[WORDS_EACH_MOST];
    size_t n = words_split(q->arena, text, separators, words);
    for (size_t i = 0; i < n; i++) TRY(relationship_word_add(q->db, r->vendor_id, r->kind, words[i], r->id, NULL));
    return DB_OK;
}

static enum db_result store_all(struct request *q, const struct relationship_words *r)
{
    TRY(store(q, r, r->name, " "));
    TRY(store(q, r, r->number, " -/."));
    return store(q, r, r->contact ? r->contact : "", "@.+-_");
}

enum db_result partner_words_add(struct request *q, uint64_t relationship_id)
{
    struct relationship_words r;
    TRY(relationship_words_of(q->db, relationship_id, &r));
    return store_all(q, &r);
}

enum db_result partner_words_renew(struct request *q, uint64_t company_id)
{
    struct relationship_words_list list;
    TRY(relationship_words_of_company(q->db, company_id, &list));
    for (size_t i = 0; i < list.n; i++) {
        TRY(relationship_words_drop(q->db, list.v[i].id, NULL));
        TRY(store_all(q, &list.v[i]));
    }
    return DB_OK;
}
