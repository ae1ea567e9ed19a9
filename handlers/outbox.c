/* outbox.c - see outbox.h. */
#include "outbox.h"

#include "brand.h"
#include "mail.h"
#include "sql/outbox.h"

/* The vendor's logo behind a mail that shows it. One that was removed meanwhile leaves its place empty. */
static struct bytes rest_of(struct db *db, const struct outbox_job *job)
{
    static const char nothing[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
    if (!job->pictured) return (struct bytes){0};
    if (!job->logo.p) return mail_picture(db_arena(db), job->number, "image/gif", (struct bytes){nothing, sizeof nothing - 1});
    return mail_picture(db_arena(db), job->number, brand_logo_type(job->logo_kind), job->logo);
}

enum db_result outbox_take(struct db *db, const struct config *config, struct mail_job *jobs, unsigned most, unsigned *n)
{
    struct outbox_job_list due;
    *n = 0;
    TRY(outbox_due(db, most, &due));
    for (size_t i = 0; i < due.n; i++) {
        const struct outbox_job *job = &due.v[i];
        if (job->suppressed) {
            TRY(outbox_history(db, job->id, "mail_suppressed", "", NULL));
            TRY(outbox_stop(db, job->id, NULL));
            continue;
        }
        if (job->held) {
            TRY(outbox_hold(db, job->id, NULL));
            continue;
        }
        if (job->moot) {
            TRY(outbox_history(db, job->id, "mail_dropped", "", NULL));
            TRY(outbox_drop(db, job->id, NULL));
            continue;
        }
        if (job->late) {
            TRY(outbox_give_up(db, job->id, NULL));
            continue;
        }
        enum db_result r = outbox_claim(db, job->id, job->attempts, config->mail_lease_seconds);
        if (r == DB_NONE) continue; /* another mailer has it */
        if (r != DB_OK) return r;
        jobs[(*n)++] = (struct mail_job){
            .id = job->id, .sender = job->sender, .recipient = job->recipient, .sealed = job->sealed, .rest = rest_of(db, job), .attempt = (unsigned)job->attempts + 1};
    }
    return db_commit(db);
}

enum db_result outbox_record(struct db *db, const struct config *config, const struct mail_job *job, enum mail_result result, const char *reply)
{
    switch (result) {
    case MAIL_SENT:
        TRY(outbox_sent(db, job->id, reply, NULL));
        TRY(outbox_history(db, job->id, "mail_sent", reply, NULL));
        break;
    case MAIL_DEFERRED:
        TRY(outbox_deferred(db, job->id, reply, config->mail_retry_seconds, NULL));
        if (job->attempt == 1) TRY(outbox_history(db, job->id, "mail_deferred", reply, NULL));
        break;
    case MAIL_REFUSED:
        TRY(outbox_bounced(db, job->id, reply, NULL));
        TRY(outbox_history(db, job->id, "mail_refused", reply, NULL));
        break;
    }
    return db_commit(db);
}
