"""data.py - what the bench looks at: a vendor, one invitation sent through the panel (its link is in the mail), and many more
written straight into the database, with the counters and search words that the program would have written."""
import json
import pathlib
import sys
import time
import urllib.request
from dataclasses import dataclass

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "web")]
from client import Client  # noqa: E402

PAGE = 50
EMAIL, PASSWORD = "bench@northwind.example", "granite-otter-lamp-4711"


@dataclass
class Pages:
    invitation: str    # /i/{token}
    panel: str         # page 1
    panel_deep: str    # page `deep_page`
    deep_page: int
    headers: list      # of the person who is signed in


def mailed_link(stack, to, seconds=20):
    """The first link of the newest mail to an address."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{stack.mail_url}api/mails?to={to}", timeout=5) as answer:
            mails = json.load(answer)
        if mails:
            return next(link for link in mails[0]["links"] if "/i/" in link)
        time.sleep(0.1)
    raise SystemExit(f"no mail to {to}: see {stack.logs}")


def _many(stack, n):
    """n pending invitations like the one that was sent, and their outbox rows long since delivered."""
    stack.sql(f"""
        INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, first_name, last_name, business_name,
                                partner_role_id, language, expires_days, sent_at, expires_at)
        SELECT UNHEX(MD5(CONCAT('bench', s.seq))), i.vendor_id, i.sender_id, IF(s.seq % 4, 'customer', 'supplier'), 'pending',
               CONCAT('person', s.seq, '@firm', s.seq % 977, '.example'), CONCAT('person', s.seq, '@firm', s.seq % 977, '.example'),
               'Anna', CONCAT('Person ', s.seq), CONCAT('Firm ', s.seq % 977), i.partner_role_id, i.language, 7,
               UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 7 DAY
        FROM (SELECT * FROM invitation ORDER BY id LIMIT 1) i, seq_1_to_{n} s;
        INSERT INTO invitation_word (vendor_id, word, invitation_id)
        SELECT vendor_id, email_canon, id FROM invitation WHERE email_canon LIKE 'person%';
        ANALYZE TABLE invitation, invitation_word;""")


def fill(stack, n):
    stack.command("vendor", "add", "--name", "Bench", "--owner-email", EMAIL, "--password-stdin", stdin=PASSWORD + "\n")
    client = Client(stack.url)
    panel = client.submit(client.get("/sign-in"), action="/sign-in", email=EMAIL, password=PASSWORD)
    assert client.get("/industry").status == 200, panel.text
    client.submit(client.get("/industry"), action="/industry/invitations", kind="customer", email="guest@contoso.example")
    link = mailed_link(stack, "guest@contoso.example")
    _many(stack, n)
    deep = n // PAGE
    # The list continues after a row: the last one of the page before.
    after = stack.sql(f"SELECT LOWER(HEX(public_id)) FROM invitation ORDER BY id DESC LIMIT 1 OFFSET {(deep - 1) * PAGE - 1}")[0][0]
    cookies = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    client.close()
    return Pages(link.removeprefix(stack.url), "/industry", f"/industry?after={after}", deep, [f"Cookie: {cookies}"])
