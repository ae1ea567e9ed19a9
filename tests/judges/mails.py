"""mails.py - what is asked of every mail (interface.md, architecture.md): each function answers with the list of its complaints.

`letter` is the message as it came over SMTP; `portal` the portal's address; `vendors` the names of those who may stand in a subject.
"""
import email
import email.policy
import email.utils
import html.parser
import re

LINK = re.compile(r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
MOST, BUTTON = 60, 44
VOID = ("br", "meta", "hr", "img", "input", "link")
BLOCKS = ("p", "h1", "h2", "div", "td", "tr", "table", "li", "ul", "br")


class Letter:
    def __init__(self, raw):
        self.raw, self.message = raw, email.message_from_bytes(raw, policy=email.policy.default)
        self.parts = list(self.message.iter_parts())
        self.pictures = []
        if len(self.parts) == 2 and self.parts[1].get_content_type() == "multipart/related":
            self.parts[1:], *self.pictures = [[self.parts[1].get_body(("html",))], *self.parts[1].iter_attachments()]
        content = [p.get_content() if p is not None and p.get_content_maintype() == "text" else "" for p in self.parts]
        self.text, self.html = (content + ["", ""])[:2]
        self.page = Html(self.html)

    def header(self, name):
        return str(self.message.get(name, ""))

    @property
    def name(self):
        return f"{self.header('Subject')!r} to {self.header('To')}"


class Html(html.parser.HTMLParser):
    """The visible blocks of an HTML part, its links, and whatever a mail must not hold."""

    def __init__(self, body):
        super().__init__()
        self.tags, self.links, self.blocks, self.styles, self.hidden, self.h1, self.buttons, self.root = [], [], [""], "", "", [], [], {}
        self._open = []
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        a = {k: v or "" for k, v in attributes}
        self.tags.append((tag, a))
        if tag == "html":
            self.root = a
        if tag in BLOCKS:
            self.blocks.append("")
        if tag == "h1":
            self.h1.append("")
        if tag == "a":
            self.links.append(a.get("href", ""))
            if self._open and "button" in self._open[-1][1].get("class", "").split():
                self.buttons.append((a.get("href", ""), a.get("style", ""), len(self.blocks) - 1))
        if tag not in VOID:
            self._open.append((tag, a))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        inside = [t for t, _ in self._open]
        if "style" in inside:
            self.styles += data
        elif any("display:none" in a.get("style", "") for _, a in self._open):
            self.hidden += data
        elif "title" not in inside and inside:
            self.blocks[-1] += data
            if "h1" in inside:
                self.h1[-1] += data


def _plain(text):
    return " ".join(text.split())


def headers(letter, vendors, portal_name="Invited", sender="invites@portal.example"):
    m, wrong = letter.message, []

    def must(good, words):
        wrong.extend([] if good else [words])
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language", "Auto-Submitted", "Reply-To"):
        must(len(m.get_all(name, [])) == 1, f"{len(m.get_all(name, []))} {name}")
    if wrong:
        return wrong
    subject, (display, address) = letter.header("Subject"), email.utils.parseaddr(letter.header("From"))
    must(0 < len(subject) <= MOST, f"a subject of {len(subject)} characters")
    whose = display.removesuffix(f" via {portal_name}") if display.endswith(f" via {portal_name}") else None
    must(whose or display == portal_name, f"From {display}")
    begins = [whose] if whose else [*vendors, portal_name]
    must(any(subject.startswith(n) or ("…" in subject and n.startswith(subject.split("…")[0])) for n in begins if n), f"the subject begins with nobody's name: {subject}")
    must(address == sender, f"From {address}")
    reply = email.utils.parseaddr(letter.header("Reply-To"))[1]
    must(reply and reply != sender and (whose is None or not reply.startswith("support@")), f"Reply-To {reply}")
    must(email.utils.parsedate_to_datetime(letter.header("Date")).tzinfo is not None, "a Date without zone")
    must(re.fullmatch(r"<[0-9a-f]{32}@[\w.-]+>", letter.header("Message-ID").strip()), f"Message-ID {letter.header('Message-ID')}")
    must(letter.header("Auto-Submitted") == "auto-generated", f"Auto-Submitted {letter.header('Auto-Submitted')}")
    must(letter.header("Content-Language") == letter.page.root.get("lang"), f"Content-Language {letter.header('Content-Language')} beside lang={letter.page.root.get('lang')}")
    out = {link for link in LINK.findall(letter.text) if "/never/" in link}
    must(len(out) == 1, "no way to be never invited again")
    must(set(re.findall(r"<([^>]*)>", letter.header("List-Unsubscribe"))) == out, f"List-Unsubscribe {letter.header('List-Unsubscribe')} beside {out or 'no way out'}")
    return wrong


def structure(letter):
    m, wrong = letter.message, []

    def must(good, words):
        wrong.extend([] if good else [words])
    must(m.get_content_type() == "multipart/alternative", m.get_content_type())
    must([p.get_content_type() for p in letter.parts] == ["text/plain", "text/html"], f"parts {[p.get_content_type() for p in letter.parts]}")
    for part in letter.parts:
        must(part.get_content_charset() == "utf-8" and str(part["Content-Transfer-Encoding"]) == "quoted-printable", f"a part in {part.get_content_charset()}, {part['Content-Transfer-Encoding']}")
        must(not part.defects, f"{part.defects}")
    must(not m.defects, f"{m.defects}")
    must(letter.raw.isascii() and max(map(len, letter.raw.split(b"\n"))) <= 998, "a line too long, or not in ASCII")
    must(not re.search(r"[<>]|&#?\w+;", re.sub(r"<(?=[\w.+-]+@)|(?<=\w)>", "", letter.text)), "markup in the text")
    page = letter.page
    must(page.root.get("lang") and page.root.get("dir") in ("ltr", "rtl"), "no lang or dir")
    must(len(page.h1) == 1 and _plain(page.h1[0]), f"{len(page.h1)} h1")
    must(("meta", {"name": "color-scheme", "content": "light dark"}) in page.tags, "no color-scheme")
    must("prefers-color-scheme: dark" in page.styles, "nothing for the dark")
    must(any(t == "meta" and a.get("name") == "viewport" and a.get("content", "").startswith("width=device-width") for t, a in page.tags), "on a phone the window is that of a desk")
    must(_plain(page.hidden) and _plain(page.hidden) != _plain(page.h1[0] if page.h1 else ""), "no preheader")
    shown = [a for t, a in page.tags if t == "img"]
    must([a.get("src") for a in shown] == [f"cid:{str(p['Content-ID']).strip('<>')}" for p in letter.pictures], "a picture that does not come with the mail, or one that it does not show")
    must(all(p.get_content_maintype() == "image" and p.get_content_disposition() == "inline" and not p.defects and p.get_content() for p in letter.pictures), "a part that is no picture")
    must(all(a.get("alt") is not None and re.fullmatch(r"[1-9]\d*", a.get("width", "")) and re.fullmatch(r"[1-9]\d*", a.get("height", "")) for a in shown), "a picture without alt, width or height")
    must(not [t for t, _ in page.tags if t in ("script", "link", "iframe", "form", "object", "embed", "video", "audio", "svg", "base")], "something that a mail must not hold")
    must("url(" not in letter.html and "@import" not in letter.html, "something loaded from elsewhere")
    must(len(page.buttons) == 1, f"{len(page.buttons)} buttons")
    for href, style, place in page.buttons:
        height = int((re.search(r"line-height:(\d+)px", style) or [0, 0])[1]) + 2 * int((re.search(r"padding:(\d+)px", style) or [0, 0])[1])
        must(height >= BUTTON, f"a button of {height} px")
        must(any(_plain(b) == href for b in page.blocks[place:]), "no address below the button")
    return wrong


def parity(letter, portal):
    """Text and HTML say the same sentences, in whatever order, and lead to the same places."""
    wrong, page = [], letter.page
    links = {link for link in page.links if not link.startswith("mailto:")}
    if links != set(LINK.findall(letter.text)):
        wrong.append(f"links: text {sorted(set(LINK.findall(letter.text)))}, HTML {sorted(links)}")
    wrong += [f"a link that is not the portal's, or counts who follows it: {link}" for link in links if not link.startswith(portal + "/") or "?" in link or "#" in link]
    below = {_plain(page.blocks[n - 1]) for n, b in enumerate(page.blocks) if n and _plain(b) in {h for h, _, _ in page.buttons}}   # "Or copy this address:"
    whose = {_plain(page.blocks[n]) for n in range(len(page.blocks)) if page.h1 and _plain(page.blocks[n]) and n < next(i for i, b in enumerate(page.blocks) if _plain(b) == _plain(page.h1[0]))}

    def words(texts):
        return {w for t in texts if (w := re.sub(r"\s*:?\s*$", "", _plain(LINK.sub("", t))))}
    said, shown = words(re.split(r"\n\s*\n|(?<=:)\n", letter.text)), words(page.blocks) - words(below) - words(whose)
    said, shown = "\n".join(sorted(said)), "\n".join(sorted(shown))
    plain = [re.sub(r"[^\w@]+", " ", t).strip() for t in (said, shown)]
    for name, own, other in (("text", said, plain[1]), ("HTML", shown, plain[0])):
        wrong += [f"only in the {name}: {line}" for line in own.split("\n") if re.sub(r"[^\w@]+", " ", line).strip() not in other]
    return wrong


def subjects(template):
    """What the subjects of a text view's mails look like."""
    blocks = re.findall(r"\{% subject .*?%\}(.*?)\{% end %\}\s*\{% view", template, re.S)
    found = [s for block in blocks for s in re.findall(r'\btr[fn]*\("((?:[^"\\]|\\.)*)"', block)]
    return [re.compile(re.sub(r"%s", ".+", re.escape(s))) for s in found]
