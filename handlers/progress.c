/* progress.c - see progress.h. */
#include "progress.h"

#include "out.h"
#include "sql/progress.h"

void progress_opened(const struct request *q, uint64_t invitation_id)
{
    if (q->method == METHOD_GET && !q->head) hint_put(q->hints, invitation_id);
}

enum db_result progress_begun(struct request *q, uint64_t invitation_id)
{
    return progress_begun_add(q->db, invitation_id, NULL);
}

#define RAW(o, text) out_raw(o, text, sizeof(text) - 1)

enum db_result progress_write(struct db *db, const struct hint *hints, size_t n)
{
    struct out json;
    out_init(&json, db_arena(db));
    for (size_t i = 0; i < n; i++) {
        if (i) RAW(&json, ",");
        else RAW(&json, "[");
        RAW(&json, "{\"i\":");
        out_u64(&json, hints[i].number);
        RAW(&json, ",\"us\":");
        out_u64(&json, (uint64_t)hints[i].ms * 1000);
        RAW(&json, "}");
    }
    RAW(&json, "]");
    TRY(progress_opened_add(db, out_text_of(&json), NULL));
    return db_commit(db);
}
