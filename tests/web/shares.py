"""shares.py - what the tests of shared resources begin with: a vendor that shares, companies that are connected, and the folder of the files."""
import http.client
import re

from house import HouseCase

MIB = 1 << 20
MOST = 20 * MIB


class Shares(HouseCase):
    settings = {"web_workers": 2, "long_workers": 1}

    @classmethod
    def furnish(cls):
        house = cls.house
        cls.owner = house.sign_in(house.owner("Northwind"))
        cls.other = house.sign_in(house.owner("Contoso"))
        cls.inviter, cls.auditor = (house.sign_in(house.member("Northwind", role)) for role in ("inviter", "auditor"))
        cls.vendor = house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Northwind'")[0][0]
        cls.page = f"/vendors/{cls.vendor}"
        cls.folder = house.stack.folder / "resources"

    def setUp(self):
        self.house.sql("DELETE FROM shared_with; DELETE FROM shared; DELETE FROM shared_file")
        for file in self.folder.iterdir():
            file.unlink()

    def partner(self, name, kind="customer", role="Standard", owner=None):
        """A connected company's client."""
        owner, email = owner or self.owner, f"{name}@{name}.example"
        roles = dict(re.findall(r'value="([0-9a-f]{32})"[^>]*>([^<]+)</option>', owner.get("/industry").body))
        chosen = next(i for i, n in roles.items() if n.strip() == role)
        self.house.invite(owner, email, kind, role=chosen)
        return self.house.register(self.house.link(email), business_name=name.title() + " Ltd")

    def role(self, name, permissions):
        """Permissions of a partner's own role from now on."""
        self.house.sql(f"INSERT INTO partner_role (public_id, vendor_id, name, permissions) SELECT UNHEX(MD5(RAND())), id, '{name} {permissions}', '{permissions}' FROM company "
                       f"WHERE name = 'Northwind' ON DUPLICATE KEY UPDATE permissions = VALUES(permissions); "
                       f"UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.partner_role_id = (SELECT id FROM partner_role WHERE name = '{name} {permissions}') "
                       f"WHERE c.name = '{name.title()} Ltd'")

    def upload(self, client, where, name, content, **fields):
        form = client.get(where).form(where)
        return client.post_parts(where, form.fields | fields, file=(name, content))

    def share_file(self, name="prices.pdf", content=b"%PDF a price list", audience="customers", client=None):
        page = self.upload(client or self.owner, "/shared/upload", name, content, audience=audience)
        self.assertEqual(page.status, 200, page.text)
        return self.house.sql("SELECT LOWER(HEX(public_id)) FROM shared ORDER BY id DESC LIMIT 1")[0][0]

    def share_note(self, title, audience="customers", body="Some words."):
        return self.owner.submit(self.owner.get("/shared/note"), "/shared/note", title=title, body=body, audience=audience)

    def files(self):
        return sorted(f.name for f in self.folder.iterdir())

    def download(self, client, path):
        """(status, headers, octets) through nginx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items())})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body
