/* route_table.h - `invited routes`: the table of handlers/routes.c for people, tests and nginx. */
#ifndef FCGI_ROUTE_TABLE_H
#define FCGI_ROUTE_TABLE_H

#include "config.h"

/* `routes`: one aligned line per route. `routes --nginx`: the lines of nginx/invited-pools.conf that send every POST that hashes a
 * password to the auth workers. Exit status. */
int route_table_run(const struct config *config, int argc, char **argv);

#endif
