/* operator.h - the commands of whoever runs the installation. They see no tenant's content. */
#ifndef HANDLERS_OPERATOR_H
#define HANDLERS_OPERATOR_H

#include "app.h"

extern const struct command operator_commands[];

int operator_migrate(const struct config *config);

#endif
