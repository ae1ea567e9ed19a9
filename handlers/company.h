/* company.h - what the pages of a customer's or supplier's own company share. */
#ifndef HANDLERS_COMPANY_H
#define HANDLERS_COMPANY_H

#include "request.h"

/* What a company says of itself: these stand in the field table of every form that asks for it. */
#define COMPANY_FIELDS \
    {.name = "business_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter the name of your business")}, \
    {.name = "phone", .kind = FIELD_LINE, .most = 40}, \
    {.name = "street", .kind = FIELD_NAME, .most = 100}, \
    {.name = "house_number", .kind = FIELD_LINE, .most = 20}, \
    {.name = "postal_code", .kind = FIELD_LINE, .most = 20}, \
    {.name = "city", .kind = FIELD_NAME, .most = 100}, \
    {.name = "country", .kind = FIELD_NAME, .most = 60}

/* The audit line of a change in the company in use. */
enum db_result company_changed(struct request *q, const char *event) __attribute__((warn_unused_result));

#endif
