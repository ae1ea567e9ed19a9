/* people.c - see people.h. */
#include "people.h"

#include "audit.h"
#include "log.h"
#include "password.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/company.h"
#include "sql/session.h"

enum { PEOPLE_TRIES_A_MINUTE = 10 };

/* That this cannot be written down (a read-only server, a lock) is no reason to refuse a page: the session ends earlier at worst. */
static enum db_result seen(struct request *q, struct hash hash)
{
    enum db_result r = session_touch(q->db, hash, NULL);
    if (r == DB_OK) r = db_commit(q->db);
    db_rollback(q->db);
    return r == DB_BUG ? r : DB_OK;
}

/* What the switcher offers. With one company, which is in use, there is nothing to choose. */
static enum db_result companies_read(struct request *q)
{
    struct session *s = &q->session;
    struct person_company_list rows;
    TRY(company_of_person(q->db, s->account_id, &rows));
    s->companies.v = arena_alloc(q->arena, rows.n * sizeof *s->companies.v);
    for (size_t i = 0; i < rows.n; i++)
        s->companies.v[s->companies.n++] = (struct own_company){.id = rows.v[i].public_id,
                                                                .name = rows.v[i].name,
                                                                .kind = company_kind_name(rows.v[i].kind),
                                                                .in_use = s->company_id && id_equal(rows.v[i].public_id, s->company)};
    return DB_OK;
}

enum db_result people_session_load(struct request *q, struct hash hash)
{
    struct signed_in row;
    TRY(session_by_hash(q->db, hash, q->config->idle_minutes, q->config->session_hours, &row));
    q->session = (struct session){
        .account_id = row.account_id,
        .account = row.account,
        .email = row.email,
        .email_canon = row.email_canon,
        .first_name = row.first_name,
        .last_name = row.last_name,
        .verified = row.verified,
        .company_id = row.company_id,
        .company = row.company,
        .company_name = row.company_name,
        .company_kind = row.kind ? company_kind_name(row.kind) : NULL,
        .role = row.role ? member_role_name(row.role) : NULL,
        .suspended = row.suspended,
        .delete_at = row.delete_at,
        .deleting = row.deleting,
        .time_zone = row.time_zone,
        .language = row.language,
        .own_language = row.own_language,
        .expires_days = (unsigned)row.expires_days,
    };
    q->out->zone = row.time_zone;
    request_language_of_account(q, row.own_language);
    if (row.companies > (row.company_id ? 1 : 0)) TRY(companies_read(q));
    return row.stale ? seen(q, hash) : DB_OK;
}

/* The account's language decides from here on, where it has one. */
static enum db_result language_settle(struct request *q, uint64_t account_id)
{
    struct account_language own;
    if (q->signed_in && q->session.account_id == account_id) return DB_OK;
    TRY(account_language(q->db, account_id, &own));
    if (*own.language) request_language_forget(q);
    return DB_OK;
}

enum db_result people_sign_in(struct request *q, uint64_t account_id, uint64_t company_id)
{
    struct home_company home = {0};
    if (!company_id) {
        enum db_result r = company_home(q->db, account_id, &home);
        if (r != DB_OK && r != DB_NONE) return r;
        company_id = home.id;
    }
    TRY(language_settle(q, account_id));
    if (q->signed_in) TRY(session_end(q->db, q->session.hash, NULL));
    TRY(session_sweep(q->db, account_id, q->config->session_hours, NULL));
    return session_add(q->db, request_session_new(q), account_id, company_id, NULL);
}

enum db_result people_enter(struct request *q, uint64_t account_id)
{
    TRY(people_sign_in(q, account_id, 0));
    return audit_write(q, (struct audit){.event = "signed_in", .account_id = account_id});
}

enum db_result people_leave(struct request *q)
{
    if (q->signed_in) {
        TRY(session_end(q->db, q->session.hash, NULL));
        TRY(audit_write(q, (struct audit){.event = "signed_out"}));
    }
    request_session_end(q);
    return DB_OK;
}

enum db_result people_try(struct request *q, const char *email_canon, const char *field, const char *wrong, struct account *account, enum people_try *tried)
{
    *tried = PEOPLE_ANSWERED;
    *account = (struct account){0};
    q->response.retry_after = people_limit(q, email_canon);
    if (q->response.retry_after) return request_problem(q, 429);
    enum db_result r = account_by_email(q->db, email_canon, account);
    if (r != DB_OK && r != DB_NONE) return r;
    enum password_result right = password_check(q->config, account->password, form_value(&q->form, "password"));
    if (right == PASSWORD_BUSY) return request_problem(q, 503);
    *tried = right == PASSWORD_RIGHT && !account->locked ? PEOPLE_RIGHT : PEOPLE_WRONG;
    if (*tried == PEOPLE_RIGHT) return DB_OK;
    log_info(right == PASSWORD_RIGHT ? "sign-in refused: the account is locked" : "sign-in refused");
    form_fail(&q->form, field, right == PASSWORD_RIGHT ? people_locked_sentence(q) : wrong);
    return DB_OK;
}

unsigned people_limit(struct request *q, const char *email_canon)
{
    return request_limit(q, "password", email_canon, PEOPLE_TRIES_A_MINUTE);
}

const char *people_locked_sentence(struct request *q)
{
    return arena_printf(q->arena, out_tr(q->out, "This account is locked. Ask %s to unlock it"), q->config->support_email);
}
