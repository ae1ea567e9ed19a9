/* master.h - the parent: opens the sockets, starts workers and mailer, watches them, restarts and replaces them.
 *
 * Does nothing that can fail: opens no database, reads no request. SIGHUP: read the configuration again and replace the
 * children one by one. SIGTERM, SIGINT: everyone finishes what they serve, then it ends.
 */
#ifndef FCGI_MASTER_H
#define FCGI_MASTER_H

#include "config.h"

#include <stdbool.h>

/* Runs until told to end. Exit status: 0, or 1 when it could not start. `path` is read again at SIGHUP (NULL: environment only);
 * `mailer_only` (`invited mailer`) starts the mailer alone. */
int master_run(const struct config *config, const char *path, bool mailer_only);

#endif
