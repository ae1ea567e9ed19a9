/* app.c - the product, as the server sees it. */
#include "app.h"

#include "migrate.h"
#include "operator.h"
#include "outbox.h"
#include "people.h"
#include "permission.h"
#include "problems.h"
#include "progress.h"
#include "retention.h"
#include "routes.h"
#include "shared.h"
#include "sql/audit.h"

static enum db_result committed(struct db *db, struct id request_id)
{
    struct audit_found found;
    return audit_by_request(db, request_id, &found);
}

const struct app app = {
    .routes = routes,
    .commands = operator_commands,
    .session_load = people_session_load,
    .permits = permission_has,
    .problem = problem_write,
    .forbidden = problem_forbidden,
    .committed = committed,
    .mail_claim = outbox_take,
    .mail_record = outbox_record,
    .sweep = retention_sweep,
    .sweep_files = shared_sweep_files,
    .hints = progress_write,
    .migrate = operator_migrate,
    .schema_check = migrate_check,
};
