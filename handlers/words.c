/* words.c - see words.h. */
#include "words.h"

#include "sql/invitation.h"

#include <string.h>

enum { WORDS_EACH_MOST = 8 };

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

/* Each place where a word begins, together with all that follows: "van dyk trading", "dyk trading", "trading". */
static enum db_result store(struct request *q, uint64_t invitation_id, const char *text, const char *separators)
{
    const char *p = words_fold(q->arena, text);
    for (unsigned n = 0; *p && n < WORDS_EACH_MOST; n++) {
        TRY(invitation_word_add(q->db, q->session.company_id, strlen(p) > 254 ? arena_text(q->arena, p, 254) : p, invitation_id, NULL));
        p += strcspn(p, separators);
        p += strspn(p, separators);
    }
    return DB_OK;
}

enum db_result words_store(struct request *q, uint64_t invitation_id, const char *email_canon, const char *first_name, const char *last_name,
                           const char *business_name)
{
    TRY(store(q, invitation_id, email_canon, "@.+-_"));
    TRY(store(q, invitation_id, arena_printf(q->arena, "%s %s", first_name, last_name), " "));
    return store(q, invitation_id, business_name, " ");
}
