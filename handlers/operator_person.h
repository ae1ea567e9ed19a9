/* operator_person.h - a person whom the operator adds: found or made, with a password or a link that sets one. */
#ifndef HANDLERS_OPERATOR_PERSON_H
#define HANDLERS_OPERATOR_PERSON_H

#include "operator_call.h"

/* operator_begin, and before it everything that can be wrong with names and password. Exit status. */
int operator_person_begin(struct operator *op);

/* The person of --email joins a company. *found: there was an account, which keeps its password; otherwise *link sets one. */
enum db_result operator_person_join(struct operator *op, uint64_t company_id, enum member_role role, bool *found, const char **link);

/* What the operator hands on. */
void operator_person_print(const struct operator *op, bool found, const char *link);

#endif
