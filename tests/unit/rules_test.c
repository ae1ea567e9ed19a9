/* rules_test.c - handlers/link_rules.c and invite_rules.c against product.md, over their whole domains.
 *
 * What is expected is written as the first matching row of a table of conditions, not as the branches of the rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invite_rules.h"
#include "link_rules.h"

#include <stdio.h>
#include <string.h>

/* ---- a link ---- */

enum { INVITEE = 11, VISITOR = 22, NOBODY = 0 };

/* One combination; each number is an index of the names beside it. */
struct view {
    enum invitation_status status;
    bool expired, superseded, entitled, signed_in, own, copied, verified, closed; /* verified: the account, and the visitor */
    uint64_t accepted_by, account; /* of the invited address */
    enum partner_kind kind;
    const char *company_kind;
    size_t companies;
};

/* A row of product.md, "Invitee side": -1 is "whatever". */
struct row {
    int status, superseded, expired, entitled, signed_in, accepted_by_visitor, companies, other_kind, own, has_account, copied, verified, mine;
    enum link_state state;
};

enum { P = INVITATION_PENDING, A = INVITATION_ACCEPTED, C = INVITATION_CANCELLED, D = INVITATION_DECLINED };

/* clang-format off */
static const struct row rows[] = {
    /* status super- ex-  en-    signed by this com-    of another own     account copied verified the
     *        seded  pired titled in    visitor panies   kind      address                         visitor's */
    {A,       -1,    -1,  -1,    1,     1,      -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_MINE},         /* already accepted by you */
    {A,       -1,    -1,  -1,    -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_DEAD},         /* used */
    {C,       -1,    -1,  -1,    -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_DEAD},         /* cancelled */
    {D,       -1,    -1,  -1,    -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_DECLINED},
    {P,       -1,    1,   -1,    -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_EXPIRED},      /* also of an older link: the newest is over too */
    {P,       1,     0,   -1,    -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_SUPERSEDED},
    {P,       0,     0,   0,     -1,    -1,     -1,     -1,       -1,      -1,     -1,    -1,      -1, LINK_PAUSED},       /* sender no longer entitled */
    {P,       0,     0,   1,     0,     -1,     -1,     -1,       -1,      0,      -1,    -1,      -1, LINK_REGISTER},
    {P,       0,     0,   1,     0,     -1,     -1,     -1,       -1,      1,      0,     0,       -1, LINK_REGISTER},     /* in place of an unfinished registration */
    {P,       0,     0,   1,     0,     -1,     -1,     -1,       -1,      1,      -1,    -1,      -1, LINK_SIGN_IN},
    {P,       0,     0,   1,     1,     -1,     -1,     -1,       -1,      1,      0,     0,       1,  LINK_REGISTER},     /* the same, also in that session */
    {P,       0,     0,   1,     1,     -1,     1,      -1,       1,       -1,     -1,    -1,      -1, LINK_ACCEPT},
    {P,       0,     0,   1,     1,     -1,     1,      -1,       0,       -1,     -1,    -1,      -1, LINK_OTHER},
    {P,       0,     0,   1,     1,     -1,     0,      1,        -1,      -1,     -1,    -1,      -1, LINK_WRONG_KIND},   /* only customers accept a customer's */
    {P,       0,     0,   1,     1,     -1,     0,      0,        1,       -1,     -1,    -1,      -1, LINK_COMPANY},
    {P,       0,     0,   1,     1,     -1,     0,      0,        0,       -1,     -1,    -1,      -1, LINK_OTHER},
};
/* clang-format on */

static bool fits(int wanted, bool is)
{
    return wanted < 0 || (wanted == 1) == is;
}

/* The state of the one row that fits, which is the first. */
static enum link_state expected(const struct view *v)
{
    bool by_visitor = v->accepted_by == VISITOR;
    bool other_kind = v->company_kind && strcmp(v->company_kind, v->kind == PARTNER_CUSTOMER ? "customer" : "supplier") != 0;
    if (v->closed) return LINK_CLOSED; /* whatever it is */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        if (r->status == (int)v->status && fits(r->superseded, v->superseded) && fits(r->expired, v->expired) &&
            fits(r->entitled, v->entitled) && fits(r->signed_in, v->signed_in) && fits(r->accepted_by_visitor, by_visitor) &&
            fits(r->companies, v->companies > 0) && fits(r->other_kind, other_kind) && fits(r->own, v->own) &&
            fits(r->has_account, v->account != NOBODY) && fits(r->copied, v->copied) && fits(r->verified, v->verified) && fits(r->mine, v->account == VISITOR))
            return r->state;
    }
    fail_msg("no row of product.md");
    return LINK_DEAD;
}

static enum link_state decided(const struct view *v)
{
    struct link link = {.id = 1,
                        .kind = v->kind,
                        .status = v->status,
                        .expired = v->expired,
                        .superseded = v->superseded,
                        .email = "Ann@example.com",
                        .email_canon = "ann@example.com",
                        .accepted_by = v->accepted_by,
                        .sender_entitled = v->entitled,
                        .closed = v->closed,
                        .copied = v->copied,
                        .account_id = v->account,
                        .account_unfinished = v->account != NOBODY && !v->verified,
                        .account_password = v->account != NOBODY};
    struct link_visitor visitor = {.signed_in = v->signed_in};
    if (v->signed_in) {
        visitor.account_id = VISITOR;
        visitor.verified = v->verified;
        visitor.email_canon = v->own ? "ann@example.com" : "bob@example.com";
        visitor.company_kind = v->company_kind;
        visitor.companies = v->companies;
    }
    return link_decide(&link, &visitor);
}

static void assert_decided(const struct view *v)
{
    if (decided(v) == expected(v)) return;
    fail_msg(
        "status %d expired %d superseded %d entitled %d signed in %d own %d accepted by %d account %d kind %d company %s companies %zu: %d, not %d",
        v->status, v->expired, v->superseded, v->entitled, v->signed_in, v->own, (int)v->accepted_by, (int)v->account, v->kind,
        v->company_kind ? v->company_kind : "-", v->companies, decided(v), expected(v));
}

/* A policy lets other addresses do what the invited one may: never more, and nothing where the link itself proves no mailbox. */
static void another_address_that_fits_is_like_the_invited_one(void **state)
{
    (void)state;
    static const char *const kinds[] = {NULL, "vendor", "customer", "supplier"};
    for (unsigned n = 0; n < 4 * 2 * 2 * 2; n++) {
        const char *company_kind = kinds[n % 4];
        struct link link = {.id = 1, .kind = n & 4 ? PARTNER_SUPPLIER : PARTNER_CUSTOMER, .status = INVITATION_PENDING, .email = "ann@example.com",
                            .email_canon = "ann@example.com", .sender_entitled = true, .account_id = INVITEE, .account_password = true};
        struct link_visitor own = {.signed_in = true, .account_id = INVITEE, .email_canon = "ann@example.com", .company_kind = company_kind, .companies = n >> 3 & 1};
        struct link_visitor other = own;
        other.account_id = VISITOR;
        other.email_canon = "bob@example.com";
        other.fits = true;
        assert_int_equal(link_decide(&link, &other), link_decide(&link, &own));
        other.fits = false;
        enum link_state refused = link_decide(&link, &other);
        assert_true(refused == LINK_OTHER || refused == LINK_WRONG_KIND);
        link.sender_entitled = false;
        other.fits = true;
        assert_int_equal(link_decide(&link, &other), LINK_PAUSED);
    }
}

static void a_link_shows_what_the_table_of_the_product_says(void **state)
{
    (void)state;
    static const char *const kinds[] = {NULL, "vendor", "customer", "supplier"};
    static const uint64_t accounts[] = {NOBODY, INVITEE, VISITOR};
    struct view v;
    for (unsigned n = 0, most = 4 * 2 * 3 * 3 * 4 * 3 * 256; n < most; n++) {
        unsigned rest = n;
#define NEXT(of) (rest % (of))
#define DONE(of) (rest /= (of))
        v.status = (enum invitation_status)(INVITATION_PENDING + NEXT(4)), DONE(4);
        v.kind = (enum partner_kind)(PARTNER_CUSTOMER + NEXT(2)), DONE(2);
        v.accepted_by = accounts[NEXT(3)], DONE(3);
        v.account = accounts[NEXT(3)], DONE(3);
        v.company_kind = kinds[NEXT(4)], DONE(4);
        v.companies = NEXT(3), DONE(3);
        v.expired = rest & 1;
        v.superseded = rest & 2;
        v.entitled = rest & 4;
        v.signed_in = rest & 8;
        v.own = rest & 16;
        v.copied = rest & 32;
        v.verified = rest & 64;
        v.closed = rest & 128;
        assert_decided(&v);
    }
}

static void who_is_not_signed_in_is_never_taken_for_who_accepted(void **state)
{
    (void)state;
    struct link link = {.status = INVITATION_ACCEPTED, .accepted_by = 0, .email_canon = "ann@example.com"};
    struct link_visitor nobody = {.signed_in = false, .account_id = 0};
    assert_int_equal(link_decide(&link, &nobody), LINK_DEAD);
}

static void identity_is_compared_to_the_octet(void **state)
{
    (void)state;
    struct link link = {.status = INVITATION_PENDING, .kind = PARTNER_CUSTOMER, .sender_entitled = true, .email_canon = "ann@example.com"};
    struct link_visitor visitor = {.signed_in = true, .verified = true, .account_id = VISITOR, .company_kind = "customer", .companies = 1};
    static const char *const others[] = {"ann@example.co",  "ann@example.comm", "ann@example.com ",
                                         "Ann@example.com", "a.nn@example.com", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        visitor.email_canon = others[i];
        assert_int_equal(link_decide(&link, &visitor), LINK_OTHER);
    }
    visitor.email_canon = "ann@example.com";
    assert_int_equal(link_decide(&link, &visitor), LINK_ACCEPT);
}

static void an_emptied_registration_is_nobodys_whatever_the_link(void **state)
{
    (void)state;
    struct link link = {.status = INVITATION_PENDING, .sender_entitled = true, .email_canon = "ann@example.com", .account_id = INVITEE, .account_unfinished = true};
    struct link_visitor nobody = {0};
    assert_int_equal(link_decide(&link, &nobody), LINK_REGISTER);
    link.copied = true;
    assert_int_equal(link_decide(&link, &nobody), LINK_REGISTER);
    link.account_unfinished = false; /* made by an operator or a vendor: it waits for its first password, by mail */
    assert_int_equal(link_decide(&link, &nobody), LINK_SIGN_IN);
}

static void an_acceptance_waits_where_nothing_proves_the_mailbox(void **state)
{
    (void)state;
    struct link mailed = {.copied = false}, copied = {.copied = true};
    struct link_visitor nobody = {0}, verified = {.signed_in = true, .verified = true}, unverified = {.signed_in = true};
    assert_false(link_waits(LINK_REGISTER, &mailed, &nobody));
    assert_false(link_waits(LINK_REGISTER, &mailed, &unverified));
    assert_true(link_waits(LINK_REGISTER, &copied, &nobody));
    assert_false(link_waits(LINK_ACCEPT, &copied, &verified));
    assert_true(link_waits(LINK_ACCEPT, &copied, &unverified));
}

/* ---- sending ---- */

/* product.md, "The states of an invitation", rows of "send": whatever stands in the way, and what the sender is told of it. */
static enum invite_verdict verdict_expected(bool colleague, enum relationship_state connection, bool suppressed, bool open, bool open_expired)
{
    bool connected = connection == RELATIONSHIP_ACTIVE, paused = connection == RELATIONSHIP_PAUSED;
    if (!colleague && !connected && !paused && suppressed) return INVITE_SUPPRESSED; /* whatever is open */
    if (!colleague && !connected && !paused && !open) return INVITE_NEW;          /* a disconnected partner is invited again */
    if (!colleague && !connected && !paused && open_expired) return INVITE_RENEW; /* Expired, resend: same record */
    if (!colleague && !connected && !paused) return INVITE_PENDING;
    if (!colleague) return paused ? INVITE_PAUSED : INVITE_CONNECTED;
    return INVITE_COLLEAGUE;
}

static void an_address_is_invited_as_the_table_of_the_product_says(void **state)
{
    (void)state;
    for (unsigned role = 0; role <= ROLE_MEMBER; role++)
        for (unsigned connection = 0; connection <= RELATIONSHIP_DISCONNECTED; connection++)
            for (unsigned n = 0; n < 6; n++) {
                unsigned open = n / 2;
                bool suppressed = n % 2;
                struct invitation_obstacle o = {.colleague = (enum member_role)role,
                                                .connection = (enum relationship_state)connection,
                                                .open_id = open ? 5 : 0,
                                                .open_expired = open == 2,
                                                .open_sender = open ? VISITOR : 0};
                enum invite_verdict wanted = verdict_expected(role != 0, o.connection, suppressed, open > 0, open == 2);
                if (invite_decide(&o, suppressed) != wanted)
                    fail_msg("role %u connection %u open %u suppressed %d: %d, not %d", role, connection, open, suppressed, invite_decide(&o, suppressed), wanted);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_shows_what_the_table_of_the_product_says),
        cmocka_unit_test(another_address_that_fits_is_like_the_invited_one),
        cmocka_unit_test(who_is_not_signed_in_is_never_taken_for_who_accepted),
        cmocka_unit_test(identity_is_compared_to_the_octet),
        cmocka_unit_test(an_emptied_registration_is_nobodys_whatever_the_link),
        cmocka_unit_test(an_acceptance_waits_where_nothing_proves_the_mailbox),
        cmocka_unit_test(an_address_is_invited_as_the_table_of_the_product_says),
    };
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
