/* team_test.c - handlers/team_rules.c against product.md, "Roles", over the whole domain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "team_rules.h"

static const enum member_role all[] = {ROLE_OWNER, ROLE_ADMIN, ROLE_INVITER, ROLE_AUDITOR};
enum { ROLES = sizeof all / sizeof *all };

static void only_an_owner_makes_changes_or_removes_owners(void **state)
{
    (void)state;
    for (size_t a = 0; a < ROLES; a++) {
        for (size_t t = 0; t < ROLES; t++) {
            bool may = all[a] == ROLE_OWNER || (all[a] == ROLE_ADMIN && all[t] != ROLE_OWNER);
            assert_int_equal(team_may_grant(all[a], all[t]), may);
            assert_int_equal(team_may_touch(all[a], all[t]), may);
        }
        assert_false(team_may_grant(all[a], ROLE_MEMBER));
    }
    assert_false(team_may_touch(0, ROLE_AUDITOR));
}

static void the_last_owner_neither_goes_nor_becomes_something_else(void **state)
{
    (void)state;
    struct team_member m = {.role = ROLE_OWNER, .actor_role = ROLE_OWNER, .owners = 1};
    for (size_t r = 1; r < ROLES; r++) assert_int_equal(team_decide(&m, all[r], true, true), TEAM_LAST_OWNER);
    assert_int_equal(team_decide(&m, 0, true, true), TEAM_LAST_OWNER);
    assert_int_equal(team_decide(&m, ROLE_OWNER, true, true), TEAM_NOTHING);
    m.owners = 2;
    assert_int_equal(team_decide(&m, ROLE_ADMIN, true, true), TEAM_DO);
    assert_int_equal(team_decide(&m, 0, false, true), TEAM_DO);
}

static void everybody_may_leave_and_nobody_below_may_remove(void **state)
{
    (void)state;
    for (size_t r = 1; r < ROLES; r++) {
        struct team_member m = {.role = all[r], .actor_role = all[r], .owners = 1};
        assert_int_equal(team_decide(&m, 0, true, true), TEAM_DO);
        m.role = ROLE_OWNER;
        m.owners = 2;
        assert_int_equal(team_decide(&m, 0, false, true), TEAM_NOT_YOURS);
        assert_int_equal(team_decide(&m, ROLE_AUDITOR, false, true), TEAM_NOT_YOURS);
    }
}

static void the_open_invitations_that_lose_their_sender_must_be_answered_for(void **state)
{
    (void)state;
    const struct team_member m = {.role = ROLE_OWNER, .actor_role = ROLE_OWNER, .owners = 2, .invitations = 4, .colleagues = 2, .future_owners = 1};
    static const struct {
        enum member_role role;
        unsigned lost;
    } rows[] = {{ROLE_ADMIN, 1}, {ROLE_INVITER, 2}, {ROLE_AUDITOR, 6}, {0, 6}};
    assert_int_equal(team_loss_count(&m, team_loss(ROLE_OWNER)), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(team_loss_count(&m, team_loss(rows[i].role)), rows[i].lost);
        assert_int_equal(team_decide(&m, rows[i].role, false, false), TEAM_ASK);
        assert_int_equal(team_decide(&m, rows[i].role, false, true), TEAM_DO);
    }
}

static void a_link_is_what_the_request_and_the_visitor_make_it(void **state)
{
    (void)state;
    enum { INVITED = 5, STRANGER = 6 };
    struct join j = {.status = TEAM_PENDING, .sender_entitled = true};
    assert_int_equal(join_decide(&j, 0), JOIN_REGISTER);
    assert_int_equal(join_decide(&j, STRANGER), JOIN_OTHER);
    j.account_id = INVITED;
    assert_int_equal(join_decide(&j, 0), JOIN_REGISTER);
    assert_int_equal(join_decide(&j, INVITED), JOIN_REGISTER); /* whoever has it has not proven the mailbox */
    j.proven = true;
    assert_int_equal(join_decide(&j, 0), JOIN_SIGN_IN);
    assert_int_equal(join_decide(&j, INVITED), JOIN_ACCEPT);
    assert_int_equal(join_decide(&j, STRANGER), JOIN_OTHER);
    j.sender_entitled = false;
    assert_int_equal(join_decide(&j, INVITED), JOIN_VOID);
    j.expired = true;
    assert_int_equal(join_decide(&j, INVITED), JOIN_EXPIRED);
    j.superseded = true;
    assert_int_equal(join_decide(&j, INVITED), JOIN_SUPERSEDED);
    j.member = true;
    assert_int_equal(join_decide(&j, INVITED), JOIN_MINE);
    assert_int_equal(join_decide(&j, 0), JOIN_SUPERSEDED);
    j.status = TEAM_ACCEPTED;
    j.accepted_by = INVITED;
    assert_int_equal(join_decide(&j, INVITED), JOIN_MINE);
    assert_int_equal(join_decide(&j, STRANGER), JOIN_DEAD);
    assert_int_equal(join_decide(&j, 0), JOIN_DEAD);
    j.closed = true;
    assert_int_equal(join_decide(&j, INVITED), JOIN_CLOSED);
    j.closed = false;
    j.status = TEAM_CANCELLED;
    assert_int_equal(join_decide(&j, INVITED), JOIN_DEAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_owner_makes_changes_or_removes_owners),
        cmocka_unit_test(the_last_owner_neither_goes_nor_becomes_something_else),
        cmocka_unit_test(everybody_may_leave_and_nobody_below_may_remove),
        cmocka_unit_test(the_open_invitations_that_lose_their_sender_must_be_answered_for),
        cmocka_unit_test(a_link_is_what_the_request_and_the_visitor_make_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
