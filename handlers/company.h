/* company.h - what the pages of a customer's or supplier's own company share. */
#ifndef HANDLERS_COMPANY_H
#define HANDLERS_COMPANY_H

#include "request.h"

/* The audit line of a change in the company in use. */
enum db_result company_changed(struct request *q, const char *event) __attribute__((warn_unused_result));

#endif
