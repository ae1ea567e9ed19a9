"""The operator's commands: what they make, what they print, and what a mistake gets."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import PASSWORD, Client, Person, Story, Vendor, address, everything, fresh, machine, number, sql, stack, value  # noqa: E402
from machine import environment  # noqa: E402

setUpModule, tearDownModule = machine()


def run(*arguments, stdin=""):
    """Exit status, standard output, standard error."""
    done = stack().command(*arguments, stdin=stdin, check=False)
    return done.returncode, done.stdout, done.stderr


def link_in(output):
    return re.search(re.escape(stack().url) + r"(/reset/[A-Za-z0-9_-]{43})$", output, re.M)[1]


class VendorAdd(Story):
    def test_a_vendor_is_made_and_its_owner_sets_a_password_through_a_link_that_works_once(self):
        name, owner = fresh("Küche & Söhne "), address()
        status, output, errors = run("vendor", "add", "--name", name, "--owner-email", owner)
        self.assertEqual((status, errors), (0, ""))
        self.assertRegex(output, rf"\AVendor {name}, id [0-9a-f]{{32}}\nSet a password within 7 days: http")
        link = link_in(output)
        browser = Client(stack().url)
        page = browser.get(link)
        self.said(page, "Choose a new password", f"For {owner}")
        self.assertEqual(browser.submit(page, link, password=PASSWORD).url, "/sign-in")
        self.said(Client(stack().url).get(link), "This link does not work", status=410)
        person = Person(owner)
        self.said(person.sign_in(), name, "Invitations")
        self.assertEqual(value(f"SELECT m.role FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{owner}'"), "owner")

    def test_nobody_signs_in_before_the_password_is_set(self):
        owner = address()
        run("vendor", "add", "--name", fresh("V "), "--owner-email", owner)
        client = Client(stack().url)
        for password in ("", PASSWORD):
            self.assertEqual(client.submit(client.get("/sign-in"), "/sign-in", email=owner, password=password).status, 422)

    def test_the_link_is_dead_after_seven_days(self):
        owner = address()
        link = link_in(run("vendor", "add", "--name", fresh("V "), "--owner-email", owner)[1])
        minutes = number(f"SELECT TIMESTAMPDIFF(MINUTE, t.created_at, t.expires_at) FROM token t JOIN account a ON a.id = t.account_id "
                         f"WHERE a.email = '{owner}'")
        self.assertEqual(minutes, 7 * 24 * 60)
        sql(f"UPDATE token t JOIN account a ON a.id = t.account_id SET t.expires_at = UTC_TIMESTAMP(6) WHERE a.email = '{owner}'")
        self.said(Client(stack().url).get(link), "This link does not work", status=410)

    def test_a_password_on_standard_input_is_set_and_no_link_is_printed(self):
        name, owner = fresh("V "), address()
        status, output, _ = run("vendor", "add", "--name", name, "--owner-email", owner, "--password-stdin", stdin=PASSWORD + "\n")
        self.assertEqual(status, 0)
        self.assertIn(f"{owner} can sign in at {stack().url}/sign-in", output)
        self.assertNotIn("/reset/", output)
        self.assertEqual(Person(owner).sign_in().url, "/industry")

    def test_a_new_vendor_has_two_partner_roles_and_a_line_in_the_audit_log(self):
        vendor = Vendor()
        self.assertEqual(sql(f"SELECT name, permissions FROM partner_role WHERE vendor_id = {vendor.id} ORDER BY id"),
                         [("Standard", "read,download,upload,write"), ("Read-only", "read,download")])
        self.assertEqual(sql(f"SELECT event, detail FROM audit_event WHERE vendor_id = {vendor.id} ORDER BY id"),
                         [("vendor_added", "by the operator"), ("member_added", "by the operator")])

    def test_what_the_operator_does_has_no_actor_and_names_the_account_that_it_was_done_to(self):
        vendor = Vendor()
        inviter = vendor.member("inviter")
        for verb in ("lock", "unlock"):
            self.assertEqual(run("account", verb, "--email", inviter.email)[0], 0)
        account = number(f"SELECT id FROM account WHERE email = '{inviter.email}'")
        told = json.loads(run("account", "export", "--email", inviter.email)[1])
        self.assertEqual([e["event"] for e in told["events"] if e["event"].startswith(("member", "account"))], ["member_added", "account_locked", "account_unlocked"])
        self.assertEqual(run("account", "erase", "--email", inviter.email)[0], 0)
        self.assertEqual(sql(f"SELECT event FROM audit_event WHERE subject_id = {account} AND account_id IS NULL ORDER BY id"),
                         [("member_added",), ("account_locked",), ("account_unlocked",), ("account_erased",)])
        self.assertEqual(sql("SELECT event FROM audit_event WHERE detail = 'by the operator' AND account_id IS NOT NULL"), [])
        self.said(vendor.get("/audit"), "Colleague added")
        self.assertRegex(vendor.get("/audit").text, "Colleague added.*Who: The operator")

    def test_the_owner_of_one_vendor_becomes_owner_of_a_second_with_the_same_password(self):
        vendor, name = Vendor(), fresh("Second ")
        status, output, _ = run("vendor", "add", "--name", name, "--owner-email", vendor.email.upper())
        self.assertEqual(status, 0)
        self.assertIn("has an account already: it keeps its password", output)
        self.assertNotIn("/reset/", output)
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email_canon = '{vendor.email}'"), 1)
        self.assertEqual(vendor.sign_in().url, "/industry")

    def test_a_second_vendor_of_the_same_name_is_refused(self):
        vendor = Vendor()
        before = everything()
        status, output, errors = run("vendor", "add", "--name", vendor.name, "--owner-email", address())
        self.assertEqual((status, output), (1, ""))
        self.assertEqual(errors, f"invited: there is a vendor {vendor.name} already; nothing was changed\n")
        self.assertEqual(everything(), before)


class AccountAdd(Story):
    def test_a_colleague_of_each_role_is_added(self):
        vendor = Vendor()
        for role in ("owner", "admin", "inviter", "auditor"):
            email = address(role)
            status, output, _ = run("account", "add", "--email", email, "--vendor", vendor.name, "--role", role, "--first-name", "Ann", "--last-name", "Bo")
            self.assertEqual((status, output.splitlines()[0]), (0, f"{email} is {role} of {vendor.name}"))
            link_in(output)
            self.assertEqual(sql(f"SELECT a.first_name, a.last_name, m.role FROM account a JOIN member m ON m.account_id = a.id "
                                 f"WHERE a.email = '{email}' AND m.company_id = {vendor.id}"), [("Ann", "Bo", role)])

    def test_without_a_role_a_colleague_becomes_admin(self):
        vendor, email = Vendor(), address()
        self.assertIn(f"{email} is admin of", run("account", "add", "--email", email, "--vendor", vendor.name)[1])

    def test_the_names_given_by_the_operator_stand_in_the_invitations_mail(self):
        vendor, email = Vendor(), address()
        run("account", "add", "--email", email, "--vendor", vendor.name, "--first-name", "Ann", "--last-name", "Bo", "--password-stdin",
            stdin=PASSWORD + "\n")
        colleague = Person(email)
        colleague.sign_in()
        link = vendor.invite(by=colleague)
        self.said(Client(stack().url).get(link), f"Ann Bo, {vendor.name}")

    def test_whoever_belongs_to_the_vendor_already_is_refused(self):
        vendor = Vendor()
        before = everything()
        status, _, errors = run("account", "add", "--email", vendor.email, "--vendor", vendor.name, "--role", "auditor")
        self.assertEqual((status, errors), (1, f"invited: {vendor.email} belongs to this vendor already; nothing was changed\n"))
        self.assertEqual(everything(), before)

    def test_an_unknown_vendor_and_an_unknown_role_are_refused(self):
        vendor, name = Vendor(), fresh("Nobody ")
        before = everything()
        self.assertEqual(run("account", "add", "--email", address(), "--vendor", name),
                         (1, "", f"invited: there is no vendor {name}; `invited vendor add` makes one\n"))
        for role in ("boss", "member", ""):
            self.assertEqual(run("account", "add", "--email", address(), "--vendor", vendor.name, "--role", role),
                             (1, "", f"invited: --role is owner, admin, inviter or auditor, not {role}\n"))
        self.assertEqual(everything(), before)


class Keys(Story):
    """`invited keygen`: a lost key makes every link and every waiting mail worthless, so none is ever replaced."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keys-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.secret, self.mail_secret, self.mail_public = (self.folder / name for name in ("secret", "mail.secret", "mail.public"))

    def keygen(self, *arguments):
        env = environment(INVITED_SECRET_FILE=str(self.secret), INVITED_MAIL_SECRET_FILE=str(self.mail_secret), INVITED_MAIL_PUBLIC_FILE=str(self.mail_public))
        done = subprocess.run([stack().binary, "keygen", *arguments], capture_output=True, text=True, env=env, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_three_keys_are_made_that_nobody_else_can_read_and_never_made_again(self):
        self.assertEqual(self.keygen(), (0, "".join(f"{path}: made\n" for path in (self.secret, self.mail_secret, self.mail_public)), ""))
        kept = [(path.read_text(encoding="ascii"), oct(path.stat().st_mode & 0o777)) for path in (self.secret, self.mail_secret, self.mail_public)]
        self.assertEqual([mode for _, mode in kept], ["0o600", "0o600", "0o644"])
        for text, _ in kept:
            self.assertRegex(text, r"\A[0-9a-f]{64}\n\Z")
        self.assertEqual(len({text for text, _ in kept}), 3)
        self.assertEqual(self.keygen(), (0, "", ""))
        self.mail_public.unlink()
        self.assertEqual(self.keygen(), (0, f"{self.mail_public}: made\n", ""))   # it follows from the secret one
        self.assertEqual([(path.read_text(encoding="ascii"), oct(path.stat().st_mode & 0o777)) for path in (self.secret, self.mail_secret, self.mail_public)], kept)

    def test_a_secret_that_is_gone_is_not_replaced_beside_the_public_key_that_mail_was_sealed_for(self):
        self.keygen()
        self.mail_secret.unlink()
        status, output, errors = self.keygen()
        self.assertEqual((status, output, self.mail_secret.exists()), (1, "", False))
        self.assertIn("mail sealed for it cannot be opened; put the secret back, or remove both", errors)
        self.assertEqual(self.keygen("again")[0], 2)


class Mistakes(Story):
    def test_every_mistake_is_one_sentence_and_status_one_and_changes_nothing(self):
        before = everything()
        good = ("vendor", "add", "--name", fresh("V "), "--owner-email", address())
        mistakes = {
            "Enter an email address in the correct format, like name@example.com": good[:-1] + ("nobody",),
            "--name wants plain text of at most 100 characters": good[:3] + ("x" * 101,) + good[4:],
            "a name is too long or not plain text": good + ("--first-name", "a\nb"),
        }
        mistakes_of_name = [good[:3] + (name,) + good[4:] for name in ("", "a\nb", "a\u202eb")]
        for words, arguments in [*mistakes.items(), *(("--name wants plain text of at most 100 characters", m) for m in mistakes_of_name)]:
            self.assertEqual(run(*arguments), (1, "", f"invited: {words}\n"), arguments)
        for password, words in (("", "no password on standard input"), ("\n", "Enter a password of at least 12 characters"),
                                ("short\n", "Enter a password of at least 12 characters")):
            self.assertEqual(run(*good, "--password-stdin", stdin=password), (1, "", f"invited: {words}\n"))
        for own in ("Thistledown77", "77wainwright", good[-1]):
            self.assertEqual(run(*good, "--first-name", "Thistledown", "--last-name", "Wainwright", "--password-stdin", stdin=own + "\n"),
                             (1, "", "invited: Enter a password that is harder to guess: not from common words, names or this address\n"), own)
        self.assertEqual(everything(), before)

    def test_a_wrong_call_prints_the_usage_and_ends_with_status_two(self):
        before = everything()
        for call in (("vendor",), ("vendor", "remove"), ("vendor", "add"), ("vendor", "add", "--name", "x"), ("vendor", "add", "--unknown"),
                     ("account", "add", "--email", address()), ("account", "add", "--email", address(), "--vendor", "x", "left over")):
            status, output, errors = run(*call)
            self.assertEqual((status, output), (2, ""), call)
            self.assertIn(f"usage: invited {call[0]} add --", errors)
        for call in (("vendor", "suspend", "--email", "x"), ("vendor", "list", "--name", "x"), ("account", "lock"), ("account", "lock", "--email"), ("suppress", "add"),
                     ("suppress",), ("suppress", "forget"), ("account", "unlock", "--email", "x", "--email", "y")):
            status, output, errors = run(*call)
            self.assertEqual((status, output), (2, ""), call)
            self.assertIn(f"usage: invited {call[0]} ", errors)
        self.assertEqual(everything(), before)

    def test_an_unknown_command_and_a_missing_configuration_are_refused(self):
        self.assertEqual(run("dance")[0], 2)
        self.assertNotEqual(run("-c", "/nowhere/invited.conf", "check-config")[0], 0)

    def test_a_database_that_does_not_answer_is_said_so(self):
        config = stack().folder / "down.conf"
        words = stack().config_file.read_text(encoding="utf-8").replace(stack().database.socket, "/nowhere/db.sock")
        config.write_text(words, encoding="utf-8")
        done = run("-c", str(config), "vendor", "add", "--name", "x", "--owner-email", address())
        self.assertEqual((done[0], done[1]), (1, ""))
        self.assertIn("database", done[2])


if __name__ == "__main__":
    unittest.main()
