/* mails_drawn.c - every mail in every language, as its views draw it: `mails_drawn CATALOGUES` prints a JSON list of
 * {mail, language, subject, text, html}, each mail for both kinds and with each thing changed that a view asks about. Driven by mail_languages_test.py.
 */
#include "arena.h"
#include "language.h"
#include "mail_model.h"
#include "out.h"
#include "views.h"

#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef void view(struct out *o, const struct mail_model *m);
#define MAIL(name) {#name, view_mail_##name##_subject, view_mail_##name##_text, view_mail_##name##_html},
static const struct {
    const char *name;
    view *subject, *text, *html;
} mails[] = {
#include "mails_drawn.h"
};

static const struct mail_model usual = {
    .colour = {0x0a, 0x58, 0xa6},
    .portal = "Invited",
    .support_email = "support@portal.example",
    .vendor = "Northwind Großhandel",
    .sender_name = "Anna Kowalska",
    .sender_email = "anna@northwind.example",
    .recipient = "buyer@a-rather-long-subdomain.logistics-partner.example",
    .who = "Jo Example",
    .company = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
    .message = "Hello,\nhere is the portal.",
    .link = {"http://127.0.0.1/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    .never = {"http://127.0.0.1/never/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"},
};

enum { CHANGES = 12 };

/* The n-th thing that is otherwise; 0: nothing. */
static void change(struct mail_model *m, int n)
{
    if (n == 1) m->added = true;
    if (n == 2) m->sender_name = m->sender_email;
    if (n == 3) m->message = "";
    if (n == 4) { /* as short as it gets, with a logo */
        const char **names[] = {&m->vendor, &m->portal, &m->company, &m->sender_name, &m->who};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) *names[i] = "Ox";
        m->sender_email = m->support_email = m->recipient = "a@b.example";
        m->message = "";
        m->logo = (struct url){"cid:logo@00000000000000000000000000000000"};
        m->logo_width = m->logo_height = 9;
    }
    if (n == 5) m->company = "Pier";
    if (n == 6) m->role = (enum member_role)0;
    if (n >= 7 && n <= 9) m->reason = (enum mail_reason)(MAIL_AGAIN + n - 7);
    if (n == 10) m->role = ROLE_ADMIN;
    if (n == 11) m->role = ROLE_AUDITOR;
}

static json_t *drawn(struct arena *a, const struct language *language, view *v, const struct mail_model *m)
{
    struct out o;
    out_init(&o, a);
    o.zone = "Europe/Berlin";
    o.language = language;
    v(&o, m);
    return json_string(out_text_of(&o));
}

int main(int n, char **words)
{
    if (n != 2) return 2;
    setlocale(LC_ALL, "C.UTF-8");
    languages_open(words[1]);
    struct arena *a = arena_new();
    json_t *all = json_array();
    for (size_t mail = 0; mail < sizeof mails / sizeof *mails; mail++)
        for (size_t l = 0; l < languages().n; l++)
            for (int i = 0; i < 2 * CHANGES; i++) {
                arena_reset(a);
                struct mail_model m = usual;
                m.kind = i % 2 ? PARTNER_SUPPLIER : PARTNER_CUSTOMER;
                m.role = ROLE_OWNER;
                m.until.us = 1795687200000000; /* 2026-11-26 */
                change(&m, i / 2);
                const struct language *language = languages().v[l];
                json_array_append_new(all, json_pack("{sssssososo}", "mail", mails[mail].name, "language", language->tag, "subject",
                                                     drawn(a, language, mails[mail].subject, &m), "text", drawn(a, language, mails[mail].text, &m),
                                                     "html", drawn(a, language, mails[mail].html, &m)));
            }
    json_dumpf(all, stdout, 0);
    json_decref(all);
    arena_free(a);
    return 0;
}
