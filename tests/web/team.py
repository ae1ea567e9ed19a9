"""team.py - a vendor's team as the stories see it: asking a colleague to come, the newcomer, and what became of them."""
from portal import PASSWORD, Person, link_of, mail_to, mails, sql, value, wait


def ask(vendor, email, role="inviter", by=None):
    """Fill "Invite a colleague"; the page that follows."""
    client = (by or vendor).client
    return client.submit(client.get("/team"), "/team/invitations", email=email, role=role)


def asked(vendor, email, role="inviter", by=None):
    """The same; the link's path."""
    before = len(mails(email))
    page = ask(vendor, email, role, by)
    assert page.url == "/team" and page.status == 200, page.text
    return link_of(mail_to(email, before + 1))


def delay(email):
    """The mail to this address as if the mail server had said later; after the mailer has written down that it went."""
    wait(lambda: not sql(f"SELECT 1 FROM outbox WHERE recipient = '{email}' AND next_at IS NOT NULL"), "rest of the mailer")
    sql(f"UPDATE outbox SET state = 'deferred', next_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE recipient = '{email}'")


def join(link):
    """A newcomer follows the link: the person, signed in as a member."""
    person = Person("(through a link)")
    page = person.client.get(link)
    person.email = page.form("/register").fields["email"]
    page = person.client.submit(page, "/register", first_name="Ada", last_name="Byron", password=PASSWORD)
    assert page.status == 200 and page.url == "/team", page.text
    return person


def member(person):
    return value(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = '{person.email}'")


def role_of(vendor, person):
    rows = sql(f"SELECT m.role FROM member m JOIN account a ON a.id = m.account_id WHERE m.company_id = {vendor.id} AND a.email = '{person.email}'")
    return rows[0][0] if rows else None


def events(vendor):
    return [r[0] for r in sql(f"SELECT event FROM audit_event WHERE vendor_id = {vendor.id} AND event LIKE 'member%' ORDER BY id")]
