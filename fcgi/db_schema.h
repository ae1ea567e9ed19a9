/* db_schema.h - for sql/migrate.c alone: statements that change the schema.
 *
 * Everything else goes through the named queries of sql/queries.
 */
#ifndef FCGI_DB_SCHEMA_H
#define FCGI_DB_SCHEMA_H

#include "db.h"

/* Like db_new, for a connection whose statements may take as long as they need. */
struct db *db_new_patient(const struct db_options *options);

/* Run one statement as text. It commits by itself. DB_OK, or a failure that was logged with the server's words. */
enum db_result db_schema_change(struct db *db, const char *sql) __attribute__((warn_unused_result));

#endif
