"""The same instant: of all who accept, cancel, resend or register at once, exactly one wins, and the others are told so.

The rows of 200 vendors, their invitations, links and sessions are written by SQL (the links' secrets are chosen here and hashed as
the program does); everything that is raced is a real request through nginx. The requests of a round are written to their kept-alive
connections one after the other without waiting, so that all of them are in the program before the first is answered.
"""
import base64
import pathlib
import random
import re
import secrets
import selectors
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (CSRF, INVITATION, PASSWORD, SANITIZED, SESSION, Client, Person, Story, Vendor, address, customer, fresh, keyed,  # noqa: E402
                    machine, number, sql, stack)

setUpModule, tearDownModule = machine(web_workers=16 if SANITIZED else 64, auth_workers=8)

AT_ONCE = 64
ROUNDS, DUELS = (20, 20) if SANITIZED else (200, 100)


def secret():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def hexed(purpose, text):
    return f"UNHEX('{keyed(purpose, text).hex()}')"


def session(account, company):
    """A signed-in browser, as its cookie."""
    cookie = secret()
    sql(f"INSERT INTO session (hash, account_id, company_id, created_at, seen_at) "
        f"VALUES ({hexed(SESSION, cookie)}, {account}, {company}, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))")
    return cookie


def csrf(cookie):
    return base64.urlsafe_b64encode(keyed(CSRF, cookie)).decode().rstrip("=")


def post(path, cookie, **fields):
    """The octets of a form's request."""
    body = "&".join(f"{k}={v}" for k, v in {"csrf": csrf(cookie), **fields}.items())
    s = stack()
    return (f"POST {path} HTTP/1.1\r\nHost: {s.host}\r\nCookie: session={cookie}\r\nOrigin: {s.url}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


class Crowd:
    """Kept-alive connections to nginx that ask at once."""

    def __init__(self, size):
        self.sockets = [None] * size

    def _connect(self, i):
        self.sockets[i] = socket.create_connection(("127.0.0.1", stack().port))
        self.sockets[i].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, requests):
        """Status and Location of every answer."""
        for i in range(len(requests)):
            if self.sockets[i] is None:
                self._connect(i)
        for i, request in enumerate(requests):
            self.sockets[i].sendall(request)
        answers, got = [None] * len(requests), [b""] * len(requests)
        with selectors.DefaultSelector() as waiting:
            for i in range(len(requests)):
                waiting.register(self.sockets[i], selectors.EVENT_READ, i)
            while waiting.get_map():
                ready = waiting.select(60)
                assert ready, "no answer within a minute"
                for key, _ in ready:
                    i, octets = key.data, key.fileobj.recv(65536)
                    got[i] += octets
                    answers[i] = self._answer(got[i])
                    if answers[i] or not octets:
                        waiting.unregister(key.fileobj)
                        self._close_if_told(i, got[i], octets)
        return answers

    def _close_if_told(self, i, got, octets):
        if not octets or b"Connection: close" in got:
            self.sockets[i].close()
            self.sockets[i] = None

    @staticmethod
    def _answer(octets):
        head, end, body = octets.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if not end or (length and len(body) < int(length[1])) or (not length and not body.endswith(b"0\r\n\r\n")):
            return None
        location = re.search(rb"\r\nLocation: (\S+)", head)
        return int(head[9:12]), location[1].decode() if location else None

    def close(self):
        for s in self.sockets:
            if s:
                s.close()


class Race(Story):
    """One customer, and a fresh vendor with an invitation for each round."""

    @classmethod
    def setUpClass(cls):
        cls.buyer, _ = customer()
        cls.account, cls.company = (int(n) for n in sql(f"SELECT a.id, m.company_id FROM account a JOIN member m ON m.account_id = a.id "
                                                        f"WHERE a.email = '{cls.buyer.email}'")[0])
        cls.crowd = Crowd(AT_ONCE)

    @classmethod
    def tearDownClass(cls):
        cls.crowd.close()

    def vendors(self, n, email=None):
        """So many vendors of one owner, each with an open invitation and its link: (vendor, owner's cookie, invitation, its id, link)."""
        owner, word, email = Vendor(), fresh("race"), email or self.buyer.email
        sender = number(f"SELECT id FROM account WHERE email = '{owner.email}'")
        links, cookies = [secret() for _ in range(n)], [secret() for _ in range(n)]
        now = "UTC_TIMESTAMP(6)"
        sql(f"INSERT INTO company (public_id, kind, name, created_at) SELECT UNHEX(MD5(CONCAT('{word}', seq))), 'vendor', CONCAT('{word} ', seq), {now} "
            f"FROM seq_1_to_{n};"
            f"INSERT INTO partner_role (public_id, vendor_id, name, permissions) SELECT UNHEX(MD5(CONCAT('r', name))), id, 'Standard', 'read' "
            f"FROM company WHERE name LIKE '{word} %';"
            f"INSERT INTO member SELECT id, {sender}, 'owner', {now} FROM company WHERE name LIKE '{word} %';"
            f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, "
            f"expires_at) SELECT UNHEX(MD5(CONCAT('i', c.name))), c.id, {sender}, 'customer', 'pending', '{email}', '{email}', r.id, 'en', 7, {now}, "
            f"{now} + INTERVAL 7 DAY FROM company c JOIN partner_role r ON r.vendor_id = c.id WHERE c.name LIKE '{word} %' ORDER BY c.id;")
        rows = sql(f"SELECT c.id, i.id, LOWER(HEX(i.public_id)) FROM company c JOIN invitation i ON i.vendor_id = c.id WHERE c.name LIKE '{word} %' ORDER BY c.id")
        sql("INSERT INTO token (hash, purpose, invitation_id, created_at) VALUES " +
            ",".join(f"({hexed(INVITATION, link)}, 'invitation', {row[1]}, {now})" for link, row in zip(links, rows)) + ";"
            "INSERT INTO session (hash, account_id, company_id, created_at, seen_at) VALUES " +
            ",".join(f"({hexed(SESSION, cookie)}, {sender}, {row[0]}, {now}, {now})" for cookie, row in zip(cookies, rows)))
        return [(int(row[0]), cookie, int(row[1]), row[2], "/i/" + link) for row, cookie, link in zip(rows, cookies, links)]

    def left(self, vendors):
        """Of every vendor: relationships, their states, audit lines of acceptance, accepted mails, the invitation's status."""
        ids = ",".join(str(v[0]) for v in vendors)
        return sql(f"SELECT c.id, (SELECT COUNT(*) FROM relationship r WHERE r.vendor_id = c.id), "
                   f"(SELECT COUNT(*) FROM audit_event e WHERE e.vendor_id = c.id AND e.event = 'invitation_accepted'), "
                   f"(SELECT i.status FROM invitation i WHERE i.vendor_id = c.id), "
                   f"(SELECT i.relationship_id IS NOT NULL FROM invitation i WHERE i.vendor_id = c.id) "
                   f"FROM company c WHERE c.id IN ({ids}) ORDER BY c.id")

    def accepted_mails(self):
        return number("SELECT COUNT(*) FROM outbox WHERE invitation_id IS NULL")


class Acceptances(Race):
    def test_of_64_simultaneous_acceptances_of_one_link_exactly_one_connects_in_every_round(self):
        vendors, cookies = self.vendors(ROUNDS), [session(self.account, self.company) for _ in range(AT_ONCE)]
        mails = self.accepted_mails()
        for vendor in vendors:
            answers = self.crowd.ask([post(vendor[4] + "/accept", cookie) for cookie in cookies])
            self.assertEqual(set(answers), {(303, "/home")}, "the same person again sees success")
        self.assertEqual(self.left(vendors), [(str(v[0]), "1", "1", "accepted", "1") for v in vendors])
        self.assertEqual(self.accepted_mails() - mails, ROUNDS)

    def test_among_64_of_whom_half_are_signed_in_as_somebody_else_only_the_invited_person_connects(self):
        vendors = self.vendors(10)
        stranger, _ = customer()
        other, company = sql(f"SELECT a.id, m.company_id FROM account a JOIN member m ON m.account_id = a.id WHERE a.email = '{stranger.email}'")[0]
        cookies = [session(*((self.account, self.company) if i % 2 else (other, company))) for i in range(AT_ONCE)]
        for vendor in vendors:
            answers = self.crowd.ask([post(vendor[4] + "/accept", cookie) for cookie in cookies])
            self.assertEqual(set(answers[1::2]), {(303, "/home")})
            self.assertEqual(set(answers[0::2]), {(303, vendor[4])}, "back to the link's page, which says what is true")
        self.assertEqual(self.left(vendors), [(str(v[0]), "1", "1", "accepted", "1") for v in vendors])
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE partner_id = {company}"), 1, "the one that the stranger had")

    def test_accepting_through_the_link_and_from_home_at_once_connects_once(self):
        vendors, cookies = self.vendors(20), [session(self.account, self.company) for _ in range(8)]
        for vendor in vendors:
            answers = self.crowd.ask([post(vendor[4] + "/accept" if i % 2 else f"/home/invitations/{vendor[3]}/accept", c) for i, c in enumerate(cookies)])
            self.assertEqual(set(answers), {(303, "/home")})
        self.assertEqual(self.left(vendors), [(str(v[0]), "1", "1", "accepted", "1") for v in vendors])


class Duels(Race):
    """Two different wishes at the same instant, the one or the other sent first."""

    def duel(self, what, **fields):
        vendors, guest = self.vendors(DUELS), session(self.account, self.company)
        for n, (_, owner, _, public, link) in enumerate(vendors):
            requests = [post(link + "/accept", guest), post(what.format(public=public, link=link), owner if "industry" in what else guest, **fields)]
            random.Random(n).shuffle(requests)
            answers = self.crowd.ask(requests)
            self.assertEqual({a[0] for a in answers}, {303}, answers)
        return vendors

    def outcomes(self, vendors, *allowed):
        """Every vendor's rows are one of these; both happened."""
        found = [row[1:] for row in self.left(vendors)]
        self.assertEqual(set(found) - set(allowed), set())
        return {outcome: found.count(outcome) for outcome in allowed}

    def test_an_acceptance_and_a_cancellation_at_the_same_instant_are_never_both(self):
        vendors = self.duel("/industry/invitations/{public}/cancel")
        counted = self.outcomes(vendors, ("1", "1", "accepted", "1"), ("0", "0", "cancelled", "0"))
        self.assertEqual(sum(counted.values()), DUELS)
        self.assertTrue(all(counted.values()), f"both wins were seen: {counted}")
        ids = ",".join(str(v[2]) for v in vendors)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE invitation_id IN ({ids}) AND event = 'invitation_cancelled'"),
                         counted[("0", "0", "cancelled", "0")])

    def test_an_acceptance_and_a_resend_at_the_same_instant_are_never_both(self):
        vendors = self.duel("/industry/invitations/{public}/resend", resends="0")
        counted = self.outcomes(vendors, ("1", "1", "accepted", "1"), ("0", "0", "pending", "0"))
        self.assertEqual(sum(counted.values()), DUELS)
        self.assertTrue(all(counted.values()), f"both wins were seen: {counted}")
        ids = ",".join(str(v[2]) for v in vendors)
        self.assertEqual(sql(f"SELECT i.status, COUNT(DISTINCT i.id), COUNT(t.hash), SUM(t.superseded_at IS NULL) FROM invitation i "
                             f"JOIN token t ON t.invitation_id = i.id WHERE i.id IN ({ids}) GROUP BY i.status ORDER BY i.status"),
                         [(s, str(n), str(n * links), str(n)) for s, n, links in
                          (("pending", counted[("0", "0", "pending", "0")], 2), ("accepted", counted[("1", "1", "accepted", "1")], 1))],
                         "a resent invitation has one living link, and an accepted one got no second")
        self.assertEqual(number(f"SELECT COUNT(*) FROM outbox WHERE invitation_id IN ({ids})"), counted[("0", "0", "pending", "0")],
                         "no mail with a link leaves for an accepted invitation")

    def test_an_acceptance_and_a_refusal_by_the_same_person_at_the_same_instant_are_never_both(self):
        counted = self.outcomes(self.duel("{link}/decline"), ("1", "1", "accepted", "1"), ("0", "0", "declined", "0"))
        self.assertEqual(sum(counted.values()), DUELS)

    def test_the_same_address_invited_by_two_colleagues_at_the_same_instant_gets_one_invitation(self):
        vendor = Vendor()
        colleague = vendor.member("admin")
        cookies = [vendor.client.cookies["session"], colleague.client.cookies["session"]] * 4
        for _ in range(DUELS // 4):
            buyer = address()
            answers = self.crowd.ask([post("/industry/invitations", c, kind="customer", email=buyer.replace("@", "%40")) for c in cookies])
            self.assertEqual(sorted(a[0] for a in answers), [303] + [422] * 7)
            self.assertEqual(sql(f"SELECT COUNT(DISTINCT i.id), COUNT(t.hash) FROM invitation i JOIN token t ON t.invitation_id = i.id "
                                 f"WHERE i.email = '{buyer}'"), [("1", "1")])


class Registrations(Race):
    def registered(self, passwords):
        """Eight browsers fill the form of one link and press at once: the link, where each ends, and the invited address."""
        buyer = address()
        (vendor, _, _, _, link), = self.vendors(1, buyer)
        visitors, requests = [], []
        for password in passwords:
            client = Client(stack().url)
            form = client.get(link).form("/register").fields
            cookie = client.cookies["visitor"]
            typed = {"first_name": "Jo", "last_name": "B", "business_name": fresh("Acme"), "password": password.replace(" ", "+")}
            requests.append(post(link + "/register", cookie, **typed).replace(b"Cookie: session=", b"Cookie: visitor="))
            self.assertEqual(form["csrf"], csrf(cookie))
            visitors.append(client)
        answers = self.crowd.ask(requests)
        self.assertEqual(self.left([(vendor,)]), [(str(vendor), "1", "1", "accepted", "1")])
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), 1)
        self.assertEqual(number(f"SELECT COUNT(*) FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{buyer}'"), 1)
        self.assertEqual(number("SELECT COUNT(*) FROM company c LEFT JOIN member m ON m.company_id = c.id WHERE m.company_id IS NULL"), 0, "none is left over")
        return buyer, link, answers

    def test_eight_registrations_of_one_link_at_once_with_one_password_are_one_person_and_eight_successes(self):
        for _ in range(3):
            buyer, _, answers = self.registered([PASSWORD] * 8)
            self.assertEqual(answers, [(303, "/home")] * 8)
            self.assertEqual(Person(buyer).sign_in().url, "/home")

    def test_of_eight_different_people_who_register_through_one_link_at_once_one_wins_and_seven_are_told(self):
        for _ in range(3):
            passwords = [f"violet anchors under snow {n}{n}" for n in range(8)]
            buyer, link, answers = self.registered(passwords)
            self.assertEqual(sorted(answers), sorted([(303, "/home")] + [(303, link)] * 7))
            self.assertEqual(Person(buyer, passwords[answers.index((303, "/home"))]).sign_in().url, "/home")
            self.said(Client(stack().url).get(link), "This invitation link does not work", status=404)


if __name__ == "__main__":
    unittest.main()
