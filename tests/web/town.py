"""town.py - two vendors with everybody, a customer of a third one whom both have invited, and one of everything that has an id."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import House, eventually  # noqa: E402

UNKNOWN, UNKNOWN_TOKEN = "0123456789abcdef" * 2, "A" * 43
TABLES = ("account", "company", "member", "partner_role", "relationship", "relationship_word", "connection_request", "invitation", "invitation_word", "token",
          "outbox", "suppression", "logo", "audit_event", "delivery_location", "verification", "waiting_acceptance", "recipient_count", "team_invitation", "team_token",
          "shared", "shared_file", "shared_with")
TABLES += ("relationship_merged", "admission_request",)   # not invitation_progress: see portal.py


class Town(unittest.TestCase):
    """All classes of a file share one town."""
    house = None
    COLLEAGUE = ("INSERT IGNORE INTO member SELECT m.company_id, c.id, 'member', UTC_TIMESTAMP(6) FROM member m JOIN account a ON a.id = m.account_id "
                 "JOIN account c ON c.email = 'supplier@lagoon-supplier.example' WHERE a.email = 'buyer@third-customer.example'; ")
    ASKING = ("DELETE m FROM member m JOIN admission_request j ON j.company_id = m.company_id AND j.account_id = m.account_id; DELETE FROM admission_request; "
              "INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) SELECT UNHEX(MD5(o.email)), m.company_id, a.id, 'open', UTC_TIMESTAMP(6) "
              "FROM account o JOIN member m ON m.account_id = o.id JOIN account a ON a.email = 'customer@harbour-customer.example' "
              "WHERE o.email IN ('buyer@third-customer.example', 'customer@lagoon-customer.example')")

    @classmethod
    def setUpClass(cls):
        if not Town.house:
            Town.house = House(open_registration=True)
            unittest.addModuleCleanup(Town.house.stop)
            Town.stack = Town.house.start().stack
            Town.furnish(Town.house)

    @classmethod
    def furnish(cls, house):
        lines = subprocess.run([house.stack.binary, "routes"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
        cls.routes = [line.split()[:4] for line in lines]
        cls.people = {"nobody": house.visitor(follow=False)}
        cls.style = re.search(r"/static/style\.(\w+)\.css", cls.people["nobody"].get("/sign-in").body)[1]
        for vendor in ("Harbour", "Lagoon", "Third"):
            cls.people["owner " + vendor] = house.sign_in(house.owner(vendor))
        for role in ("admin", "inviter", "auditor"):
            cls.people[role] = house.sign_in(house.member("Harbour", role))
        cls.ids = {}
        for vendor in ("Harbour", "Lagoon"):
            owner, name = cls.people["owner " + vendor], vendor.lower()
            for kind in ("customer", "supplier"):
                house.invite(owner, f"{kind}@{name}-{kind}.example", kind)
                house.register(house.link(f"{kind}@{name}-{kind}.example"))
                cls.ids[vendor, kind] = house.sql(f"SELECT LOWER(HEX(c.public_id)) FROM company c JOIN relationship r ON r.partner_id = c.id "
                                                  f"JOIN company v ON v.id = r.vendor_id WHERE v.name = '{vendor}' AND r.kind = '{kind}'")[0][0]
            house.invite(owner, f"pending@{name}.example", message="For you alone.")
            cls.ids[vendor, "vendor"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{vendor}'")[0][0]
            cls.ids[vendor, "invitation"] = house.invitation_id(f"pending@{name}.example")
            cls.ids[vendor, "never"] = re.search(r"/never/([\w-]+)", house.mail(f"pending@{name}.example")["text"])[1]
            cls.ids[vendor, "token"] = house.link(f"pending@{name}.example").split("/")[2]
        house.invite(cls.people["owner Third"], "buyer@third-customer.example")
        cls.people["customer"] = house.register(house.link("buyer@third-customer.example"))
        for vendor in ("Harbour", "Lagoon"):
            house.invite(cls.people["owner " + vendor], "buyer@third-customer.example")
            cls.ids[vendor, "home"] = house.invitation_id("buyer@third-customer.example")
            cls.ids[vendor, "verify"] = house.register_open(f"unverified@{vendor.lower()}.example").split("/")[2]
            cls.ids[vendor, "reset"] = cls.reset_token(f"owner@{vendor.lower()}.example")
        cls.furnish_companies(house)
        cls.furnish_logos(house)
        cls.furnish_teams(house)
        cls.furnish_shared(house)
        cls.furnish_requests(house)
        cls.furnish_roles(house)
        for client in cls.people.values():
            client.follow = False
        eventually("every mail", lambda: house.count("outbox", "state IN ('queued', 'deferred')") == 0, 20)

    @classmethod
    def furnish_companies(cls, house):
        """What companies keep themselves: for "Harbour" the customer's own, for "Lagoon" a stranger's."""
        house.sql(cls.COLLEAGUE + cls.ASKING)
        stranger = house.sign_in("customer@lagoon-customer.example")
        for whose, client in (("Harbour", cls.people["customer"]), ("Lagoon", stranger)):
            client.submit(client.get("/company/delivery-new"), "/company/delivery-new", name=f"Dock of {whose}", street="Quay", city="Hull")
            cls.ids[whose, "connected"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{'Third' if whose == 'Harbour' else whose}'")[0][0]
            colleague = "supplier@lagoon-supplier.example" if whose == "Harbour" else "customer@lagoon-customer.example"
            cls.ids[whose, "colleague"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = '{colleague}'")[0][0]
            owner = "buyer@third-customer.example" if whose == "Harbour" else "customer@lagoon-customer.example"
            cls.ids[whose, "joining"] = house.sql(f"SELECT MD5('{owner}')")[0][0]
            cls.ids[whose, "location"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM delivery_location WHERE name = 'Dock of {whose}'")[0][0]

    @classmethod
    def furnish_logos(cls, house):
        """Also again, after they were removed."""
        picture = (pathlib.Path(__file__).resolve().parent.parent / "pictures/logo.png").read_bytes().hex()
        for n, vendor in enumerate(("Harbour", "Lagoon"), 1):
            cls.ids[vendor, "logo"] = f"{n:x}" * 32
            house.sql(f"INSERT IGNORE INTO logo (vendor_id, public_id, kind, width, height, image) "
                      f"SELECT id, UNHEX('{cls.ids[vendor, 'logo']}'), 'png', 4, 3, UNHEX('{picture}') FROM company WHERE name = '{vendor}'")

    @classmethod
    def furnish_teams(cls, house):
        """A member and an invited colleague of each vendor."""
        house.member("Lagoon", "inviter")
        for vendor in ("Harbour", "Lagoon"):
            owner, name = cls.people["owner " + vendor], vendor.lower()
            cls.ids[vendor, "member"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = 'inviter@{name}.example'")[0][0]
            owner.submit(owner.get("/team"), "/team/invitations", email=f"colleague@{name}.example", role="auditor")
            cls.ids[vendor, "asked"] = house.sql(f"SELECT LOWER(HEX(public_id)) FROM team_invitation WHERE email = 'colleague@{name}.example'")[0][0]
            cls.ids[vendor, "join"] = house.link(f"colleague@{name}.example", kind="join").split("/")[2]

    @classmethod
    def furnish_requests(cls, house):
        """Each vendor asks the customer of the third one to connect."""
        for n, vendor in enumerate(("Harbour", "Lagoon"), 5):
            cls.ids[vendor, "request"] = f"{n:x}" * 32
            house.sql(f"INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, email_canon, partner_role_id, status, created_at, "
                      f"expires_at) SELECT UNHEX('{cls.ids[vendor, 'request']}'), v.id, MIN(m.account_id), 'customer', 'buyer@third-customer.example', "
                      f"'buyer@third-customer.example', 'buyer@third-customer.example', MIN(p.id), 'waiting', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 9 DAY "
                      f"FROM company v JOIN member m ON m.company_id = v.id JOIN partner_role p ON p.vendor_id = v.id WHERE v.name = '{vendor}' AND m.role = 'owner' GROUP BY v.id")
            cls.ids[vendor, "supply request"] = f"{n + 6:x}" * 32   # of an address that nobody has
            house.sql("INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, email_canon, partner_role_id, status, created_at, "
                      f"expires_at) SELECT UNHEX('{cls.ids[vendor, 'supply request']}'), vendor_id, sender_id, 'supplier', 'nobody@none.example', 'nobody@none.example', "
                      f"'nobody@none.example', partner_role_id, status, created_at, expires_at FROM connection_request WHERE public_id = UNHEX('{cls.ids[vendor, 'request']}')")

    @classmethod
    def furnish_roles(cls, house):
        """A partner role of each vendor that nobody has. Also again, after it was deleted."""
        for n, vendor in enumerate(("Harbour", "Lagoon"), 7):
            cls.ids[vendor, "role"] = f"{n:x}" * 32
            of = f"SELECT id FROM company WHERE name = '{vendor}'"
            house.sql(f"UPDATE partner_role SET preselected = NULL WHERE vendor_id = ({of}); UPDATE partner_role SET preselected = 1 WHERE vendor_id = ({of}) AND name = 'Standard'; "
                      f"INSERT IGNORE INTO partner_role (public_id, vendor_id, name, permissions) SELECT UNHEX('{cls.ids[vendor, 'role']}'), id, 'Spare', 'read' "
                      f"FROM company WHERE name = '{vendor}'")

    @classmethod
    def furnish_shared(cls, house):
        """A file that each vendor shares. Also again, after it was removed."""
        for n, vendor in enumerate(("Harbour", "Lagoon"), 3):
            cls.ids[vendor, "shared"] = f"{n:x}" * 32
            (house.stack.folder / "resources" / cls.ids[vendor, "shared"]).write_bytes(b"prices")
            house.sql(f"INSERT IGNORE INTO shared_file (stored, state, since) VALUES (UNHEX('{cls.ids[vendor, 'shared']}'), 'kept', '2026-01-01'); "
                      f"INSERT IGNORE INTO shared (public_id, vendor_id, kind, audience, title, stored, size, account_id, created_at) SELECT UNHEX('{cls.ids[vendor, 'shared']}'), "
                      f"v.id, 'file', 'chosen', 'Prices of {vendor}', UNHEX('{cls.ids[vendor, 'shared']}'), 6, MIN(m.account_id), '2026-01-01' "
                      f"FROM company v JOIN member m ON m.company_id = v.id WHERE v.name = '{vendor}' AND m.role = 'owner' GROUP BY v.id")

    @classmethod
    def reset_token(cls, email):
        client = cls.house.visitor()
        client.submit(client.get("/forgot"), "/forgot", email=email)
        return cls.house.link(email, kind="reset").split("/")[2]

    def path(self, path, vendor):
        """The route's path for that vendor's thing; vendor None: for one that does not exist."""
        if "{token}" in path:
            kind = path.split("/")[1] if path.startswith(("/reset", "/never", "/join", "/verify")) else "token"
            return path.replace("{token}", self.ids[vendor, kind] if vendor else UNKNOWN_TOKEN)
        if path.startswith("/home/admissions/"):
            return path.replace("{id}", self.ids[vendor, "joining"] if vendor else UNKNOWN)
        if path.startswith(("/home/requests/", "/link/")):
            kind = "request" if "supplier" not in path else "supply request"
            return path.replace("{id}", self.ids[vendor, kind] if vendor and "{id}" in path else UNKNOWN)
        if path.startswith("/home/vendors/"):
            return path.replace("{id}", self.ids[vendor, "connected"] if vendor else UNKNOWN)
        if path.startswith("/team/"):
            kind = "member" if "/members/" in path else "asked"
            return path.replace("{id}", (self.ids[vendor, kind] if vendor else UNKNOWN) if "{id}" in path else "")
        if path.startswith("/company/"):
            kind = {"delivery": "location", "members": "colleague"}[path.split("/")[2]] if "{id}" in path else None
            return path.replace("{id}", (self.ids[vendor, kind] if vendor else UNKNOWN) if kind else "")
        if path.startswith("/settings/"):
            return path.replace("{id}", (self.ids[vendor, "role"] if vendor else UNKNOWN) if "{id}" in path else "")
        path = path.replace("{colour}", f"{'0a58a6' if vendor else 'ffffff'}.{self.style}.css")
        kind = {"/logo": "logo", "/shared": "shared", "/files": "shared", "/industry": "invitation", "/customers": "customer", "/suppliers": "supplier", "/home": "home", "/vendors": "vendor"}.get("/" + path.split("/")[1])
        return path.replace("{id}", (self.ids[vendor, kind] if vendor else UNKNOWN) if "{id}" in path else "")

    def token(self, client):
        """The form token of whatever page this browser has."""
        return client.get("/home" if "session" in client.cookies else "/sign-in").forms[0].fields["csrf"]

    def state(self):
        """Of everything that a request may change, but not when a session was last seen; after the mailer has come to rest."""
        eventually("the mailer's rest", lambda: not self.house.sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"))
        return self.house.sql("".join(f"SELECT '{t}'; SELECT * FROM {t} ORDER BY 1, 2; " for t in TABLES) +
                              "SELECT HEX(hash), account_id, company_id FROM session ORDER BY 1")
