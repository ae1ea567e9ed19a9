/* operator_privacy.h - two verbs of `invited account`. */
#ifndef HANDLERS_OPERATOR_PRIVACY_H
#define HANDLERS_OPERATOR_PRIVACY_H

#include "operator_call.h"

/* Everything of the person of --email as JSON on standard output. Exit status. */
int operator_account_export(struct operator *op);

/* Replace the person of --email by what tells nothing. Not the last owner of a company. Exit status. */
int operator_account_erase(struct operator *op);

#endif
