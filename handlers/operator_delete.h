/* operator_delete.h - one verb of `invited vendor`. */
#ifndef HANDLERS_OPERATOR_DELETE_H
#define HANDLERS_OPERATOR_DELETE_H

#include "operator_call.h"

/* Everything of the suspended vendor into the file of --export, then away. Exit status. */
int operator_vendor_delete(struct operator *op);

#endif
