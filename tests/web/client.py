"""client.py - a browser without scripts: cookies, forms found in the page and sent as they stand, one redirect at a time.

Only what a person's browser does: a form is sent with the fields that the page shows, so a test that passes has gone through the
page and not around it. `raw` is for requests that no browser makes.
"""
import html.parser
import http.client
import urllib.parse


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.fields = {}       # name -> value as the page shows it
        self.choices = {}      # name -> the values of its radio buttons or options
        self.buttons = []      # the words on its buttons


class Page(html.parser.HTMLParser):
    """What a test looks at: status, headers, forms, links, and the text that people see."""

    def __init__(self, status, headers, body, url):
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.body, self.url = status, headers, body, url
        self.forms, self.links, self.words, self.h1, self.title = [], [], [], "", ""
        self._stack, self._select, self._form, self._area = [], None, None, None
        if "html" in headers.get("Content-Type", ""):
            self.feed(body)

    @property
    def location(self):
        return self.headers.get("Location")

    @property
    def path(self):
        """The address without what it is asked."""
        return self.url.partition("?")[0]

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        a = {k: v if v is not None else "" for k, v in attributes}
        self._divide(tag)
        if tag not in ("input", "meta", "link", "br", "img", "use", "hr"):
            self._stack.append(tag)
        if tag == "form":
            self._form = Form(a)
            self.forms.append(self._form)
        elif tag == "a" and "href" in a:
            self.links.append((a["href"], []))
        if self._form is None:
            return
        name = a.get("name")
        if tag == "input" and name:
            if a.get("type") in ("radio", "checkbox"):
                self._form.choices.setdefault(name, []).append(a.get("value", "on"))
                if "checked" in a:
                    self._form.fields[name] = a.get("value", "on")
            elif a.get("type") != "file":   # post_parts sends it
                self._form.fields[name] = a.get("value", "")
        elif tag == "select" and name:
            self._select = name
            self._form.choices[name] = []
        elif tag == "option" and self._select:
            self._form.choices[self._select].append(a.get("value", ""))
            if "selected" in a or self._select not in self._form.fields:
                self._form.fields[self._select] = a.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._form.fields[name] = ""

    def _divide(self, tag):
        """Words of different elements are different words, but not where an element is part of a sentence."""
        if tag not in ("strong", "b", "em"):
            self.words.append(" ")

    def handle_endtag(self, tag):
        self._divide(tag)
        if tag in self._stack:
            while self._stack and self._stack.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area and self._form:
            so_far = self._form.fields[self._area]
            self._form.fields[self._area] = so_far + data if so_far else data.removeprefix("\n")  # the first line end is markup
            return
        if "title" in self._stack:
            self.title += data
            return
        if "style" in self._stack:
            return
        self.words.append(data)
        if not data.strip():
            return
        if "h1" in self._stack:
            self.h1 += data
        if "a" in self._stack and self.links:
            self.links[-1][1].append(data.strip())
        if "button" in self._stack and self._form:
            self._form.buttons.append(data.strip())

    def form(self, action=None, button=None):
        """The one form that has this action (or its end) and this button."""
        found = [f for f in self.forms
                 if (action is None or f.action == action or f.action.endswith(action)) and (button is None or button in f.buttons)]
        assert found, f"no form {action or ''} {button or ''} on {self.url}: {[(f.action, f.buttons) for f in self.forms]}\n{self.text}"
        return found[0]

    def link(self, words):
        """Where the link with exactly these words leads."""
        for href, said in self.links:
            if " ".join(said) == words:
                return href
        raise AssertionError(f"no link {words!r} on {self.url}: {[' '.join(s) for _, s in self.links]}")


class Client:
    def __init__(self, base, follow=True, source=None):
        """source: the address of this machine that the browser has (default: 127.0.0.1)."""
        self.base, self.source = urllib.parse.urlsplit(base), source and (source, 0)
        self.cookies = {}
        self.follow = follow
        self.connection = None

    def raw(self, method, path, body=None, headers=None, cookies=True):
        """One request as given; the answer as it comes. Cookies are kept."""
        h = {"Host": self.base.netloc, **(headers or {})}
        if cookies and self.cookies and "Cookie" not in h:
            h["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=60, source_address=self.source)
            try:
                self.connection.request(method, path, body, h)
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, http.client.CannotSendRequest):
                self.connection.close()   # nginx ended the idle connection
                self.connection = None
                if attempt == 2:
                    raise
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            content_of = rest.partition(";")[0]
            if content_of and "max-age=0" not in rest.lower():
                self.cookies[name.strip()] = content_of
            else:
                self.cookies.pop(name.strip(), None)
        return Page(answer.status, answer.headers, content.decode("utf-8", "replace"), path)

    def _followed(self, page):
        for _ in range(5):
            if not self.follow or page.status != 303:
                return page
            to = urllib.parse.urlsplit(page.location)
            assert not to.netloc or to.netloc == self.base.netloc, page.location
            page = self.raw("GET", to.path + ("?" + to.query if to.query else ""))
        raise AssertionError("redirects without an end")

    def get(self, path):
        if path.startswith("http"):
            parts = urllib.parse.urlsplit(path)
            assert parts.netloc == self.base.netloc, path
            path = parts.path + ("?" + parts.query if parts.query else "")
        return self._followed(self.raw("GET", path))

    def post(self, path, fields, headers=None):
        """A form's fields to an address, the way a browser of today sends them."""
        body = urllib.parse.urlencode(fields)
        h = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"{self.base.scheme}://{self.base.netloc}",
             "Sec-Fetch-Site": "same-origin", **(headers or {})}
        return self._followed(self.raw("POST", path, body, h))

    def post_parts(self, path, fields, **files):
        """The same for a form with files, each (name, content)."""
        mark, body = "----FormBoundary7MA4YWxkTrZu0gW", b""
        for name, value in fields.items():
            body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, (file, content) in files.items():
            body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
            body += content + b"\r\n"
        h = {"Content-Type": f"multipart/form-data; boundary={mark}", "Origin": f"{self.base.scheme}://{self.base.netloc}", "Sec-Fetch-Site": "same-origin"}
        return self._followed(self.raw("POST", path, body + f"--{mark}--\r\n".encode(), h))

    def submit(self, page, action=None, button=None, **values):
        """Fill a form of the page and press its button."""
        form = page.form(action, button)
        for name in values:
            assert name in form.fields or name in form.choices, f"the form {form.action} has no field {name}"
        return self.post(form.action, {**form.fields, **values}) if form.method == "post" else \
            self.get(form.action + "?" + urllib.parse.urlencode({**form.fields, **values}))

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def __del__(self):
        if getattr(self, "connection", None):
            self.connection.close()
