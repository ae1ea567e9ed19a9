/* outbox.h - what the mailer asks of the database: app.mail_claim and app.mail_record. */
#ifndef HANDLERS_OUTBOX_H
#define HANDLERS_OUTBOX_H

#include "app.h"


enum db_result outbox_take(struct db *db, const struct config *config, struct mail_job *jobs, unsigned most, unsigned *n);
enum db_result outbox_record(struct db *db, const struct config *config, const struct mail_job *job, enum mail_result result, const char *reply);

#endif
