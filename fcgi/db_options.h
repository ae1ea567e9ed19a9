/* db_options.h - from the configuration to what db_new wants. */
#ifndef FCGI_DB_OPTIONS_H
#define FCGI_DB_OPTIONS_H

#include "config.h"
#include "db.h"

/* Reads the password file too, if one is named. False: logged. The texts live until the process ends. */
bool db_options_read(const struct config *config, struct db_options *options);

#endif
