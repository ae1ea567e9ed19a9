/* words.c - see words.h. */
#include "words.h"

#include "sql/invitation.h"

#include <string.h>

enum { WORDS_OCTETS_MOST = 254 };

const char *words_fold(struct arena *a, const char *text)
{
    while (*text == ' ') text++;
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ') n--;
    char *copy = arena_text(a, text, n);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p + ('a' - 'A'));
    return copy;
}

struct bytes words_end(struct arena *a, const char *word)
{
    /* 0xff is in no UTF-8 text, so it sorts after every continuation */
    return (struct bytes){arena_printf(a, "%s\xff", word), strlen(word) + 1};
}

/* "van dyk trading", "dyk trading", "trading". */
size_t words_split(struct arena *a, const char *text, const char *separators, const char *words[WORDS_EACH_MOST])
{
    size_t n = 0;
    for (const char *p = words_fold(a, text); *p && n < WORDS_EACH_MOST;) {
        words[n++] = strlen(p) > WORDS_OCTETS_MOST ? arena_text(a, p, WORDS_OCTETS_MOST) : p;
        p += strcspn(p, separators);
        p += strspn(p, separators);
    }
    return n;
}

static enum db_result store(struct request *q, uint64_t invitation_id, const char *text, const char *separators)
{
    const char *words[WORDS_EACH_MOST];
    size_t n = words_split(q->arena, text, separators, words);
    for (size_t i = 0; i < n; i++) TRY(invitation_word_add(q->db, q->session.company_id, words[i], invitation_id, NULL));
    return DB_OK;
}

enum db_result words_store(struct request *q, uint64_t invitation_id, const char *email_canon, const char *first_name, const char *last_name,
                           const char *business_name)
{
    TRY(store(q, invitation_id, email_canon, "@.+-_"));
    TRY(store(q, invitation_id, arena_printf(q->arena, "%s %s", first_name, last_name), " "));
    return store(q, invitation_id, business_name, " ");
}
