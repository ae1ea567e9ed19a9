/* retention.h - what is not kept for ever, and in its place a name that tells nothing. */
#ifndef HANDLERS_RETENTION_H
#define HANDLERS_RETENTION_H

#include "app.h"

/* app.sweep: a batch of invitations that were never accepted and ended config->retention_days ago loses address, names, message, search
 * words, links and the words of mail servers, and so does a registration that nobody proved and nobody used for as long; and of a vendor whose
 * owner deleted it config->delete_days ago a batch goes for good; one that cannot go is logged and tried again, and holds up no other.
 * *more: there may be another batch. */
enum db_result retention_sweep(struct db *db, const struct config *config, bool *more) __attribute__((warn_unused_result));

#endif
