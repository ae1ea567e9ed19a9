/* health.c - for supervisors: is the process there, and can it work. */
#include "handlers.h"
#include "out.h"

#include <string.h>

static enum db_result say(struct request *q, int status, const char *text)
{
    q->response.status = status;
    q->response.type = "text/plain; charset=utf-8";
    out_raw(q->out, text, strlen(text));
    return DB_OK;
}

enum db_result health_live(struct request *q)
{
    return say(q, 200, "alive\n");
}

enum db_result health_ready(struct request *q)
{
    enum db_result r = db_connect(q->db);
    if (r == DB_OK) r = app.schema_check(q->db);
    if (r == DB_OK) return say(q, 200, "ready\n");
    q->response.retry_after = 5;
    return say(q, 503, r == DB_DOWN ? "the database does not answer\n" : "the database or its schema is not the one this program knows\n");
}
