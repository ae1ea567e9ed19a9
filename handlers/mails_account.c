/* mails_account.c - see mails_account.h. */
#include "mails_account.h"

#include "mails.h"
#include "urls.h"
#include "views.h"

enum { MAILS_ACCOUNT_MINUTES = 3 * 24 * 60 };

struct parts {
    struct mail_model model;
    struct out subject, text, html;
};

static struct parts parts_begin(struct request *q, const char *email, struct url link)
{
    struct parts p = {.model = {.portal = q->config->portal_name, .support_email = q->config->support_email, .recipient = email}};
    p.model.link = url_absolute(q->arena, q->config->base_url, link);
    out_init(&p.subject, q->arena);
    out_init(&p.text, q->arena);
    out_init(&p.html, q->arena);
    return p;
}

static enum db_result parts_post(struct request *q, struct parts *p, unsigned minutes, bool send)
{
    return mails_plain(q, &(struct mails_plain){.to = p->model.recipient,
                                                .subject = out_text_of(&p->subject),
                                                .text = out_text_of(&p->text),
                                                .html = out_text_of(&p->html),
                                                .minutes = minutes,
                                                .send = send});
}

enum db_result mails_verify(struct request *q, const char *email, const char *token, unsigned minutes, bool send)
{
    struct parts p = parts_begin(q, email, url_verify_link(q->arena, token));
    p.model.until = mails_moment_in(minutes);
    view_mail_verify_subject(&p.subject, &p.model);
    view_mail_verify_text(&p.text, &p.model);
    view_mail_verify_html(&p.html, &p.model);
    return parts_post(q, &p, minutes, send);
}

enum db_result mails_account_exists(struct request *q, const char *email, bool send)
{
    struct parts p = parts_begin(q, email, url_sign_in());
    view_mail_exists_subject(&p.subject, &p.model);
    view_mail_exists_text(&p.text, &p.model);
    view_mail_exists_html(&p.html, &p.model);
    return parts_post(q, &p, MAILS_ACCOUNT_MINUTES, send);
}

enum db_result mails_welcome(struct request *q, const char *email, const char *vendor)
{
    struct parts p = parts_begin(q, email, url_home());
    p.model.vendor = vendor;
    view_mail_welcome_subject(&p.subject, &p.model);
    view_mail_welcome_text(&p.text, &p.model);
    view_mail_welcome_html(&p.html, &p.model);
    return parts_post(q, &p, MAILS_ACCOUNT_MINUTES, true);
}

enum db_result mails_password_changed(struct request *q, const char *email)
{
    struct parts p = parts_begin(q, email, url_forgot());
    view_mail_password_subject(&p.subject, &p.model);
    view_mail_password_text(&p.text, &p.model);
    view_mail_password_html(&p.html, &p.model);
    return parts_post(q, &p, MAILS_ACCOUNT_MINUTES, true);
}
