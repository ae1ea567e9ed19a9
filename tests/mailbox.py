#!/usr/bin/python3
"""A mail server that keeps every mail on this machine, and a web page to read them.

  mailbox.py --maildir DIR [--smtp-port N] [--http-port N] [--title T] [--ports-file FILE]

Listens on 127.0.0.1 only; port 0 (the default) picks a free one, as does a page port that is taken. Prints `smtp PORT` and `http PORT`, also into the file.
Ends on SIGTERM or SIGINT. Needs python3-aiosmtpd.

For tests: GET /api/mails?to=ADDRESS (all without `to`) is a JSON list, newest first, of
  {id, to, from, sender, subject, date, received, text, html, headers, links}
to: the envelope's first recipient; sender: the envelope's; headers: name -> decoded value (repeated ones joined by LF);
received: UTC, ISO 8601; links: every http(s) address of the text, then those of the HTML, in order, each once.
"""
import argparse, asyncio, base64, datetime, email, email.policy, html, http.server, itertools, json, os, pathlib, re
import signal, socket, sys, threading, time, urllib.parse

sys.path.pop(0)  # this file must not pass for the standard library's mailbox, which aiosmtpd may import

from aiosmtpd.smtp import SMTP

LINK = re.compile(r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
HREF = re.compile(r"""href\s*=\s*["'](https?://[^"']*)["']""", re.I)
COUNTER = itertools.count()


class Store:
    """The Maildir, and what is in it by id, oldest first."""
    def __init__(self, folder):
        self.folder, self.mails, self.lock = pathlib.Path(folder), {}, threading.Lock()
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        paths = [p for part in ("cur", "new") for p in (self.folder / part).iterdir() if not p.name.startswith(".")]
        for path in sorted(paths, key=lambda p: self.order(p.name)):
            self.read(path)

    @staticmethod
    def order(name):
        numbers = re.match(r"(\d+)\.M(\d+)P(\d+)Q(\d+)", name)
        return (int(numbers[1]), int(numbers[2]), int(numbers[4])) if numbers else (0, 0, 0)

    def add(self, sender, recipients, content):
        envelope = f"Return-Path: <{sender}>\n" + "".join(f"Delivered-To: {to}\n" for to in recipients)
        now = time.time_ns()
        name = f"{now // 10**9}.M{now % 10**9 // 1000:06}P{os.getpid()}Q{next(COUNTER)}.{socket.gethostname()}"
        temporary = self.folder / "tmp" / name
        temporary.write_bytes(envelope.encode("utf-8", "surrogateescape") + content.replace(b"\r\n", b"\n"))
        temporary.rename(self.folder / "new" / name)
        self.read(self.folder / "new" / name)

    def read(self, path):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        headers = {}
        for name, value in message.items():
            headers[name] = headers[name] + "\n" + str(value) if name in headers else str(value)
        parts = {"text/plain": "", "text/html": ""}
        for part in message.walk():
            kind = part.get_content_type()
            if kind in parts and not parts[kind]:
                try:
                    parts[kind] = part.get_content()
                except (LookupError, ValueError, KeyError):
                    parts[kind] = part.get_payload()
        text, page = parts["text/plain"], parts["text/html"]
        links = LINK.findall(text) + [html.unescape(link) for link in HREF.findall(page)]
        received = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.timezone.utc)
        key = path.name.split(":")[0]
        with self.lock:
            self.mails[key] = {
                "id": key, "to": headers.get("Delivered-To", headers.get("To", "")).split("\n")[0],
                "from": headers.get("From", ""), "sender": headers.get("Return-Path", "").strip("<>"),
                "subject": headers.get("Subject", ""), "date": headers.get("Date", ""),
                "received": received.isoformat(timespec="seconds").replace("+00:00", "Z"), "text": text, "html": page,
                "headers": headers, "links": list(dict.fromkeys(links)), "path": path}

    def list(self, to=None):
        with self.lock:
            mails = list(self.mails.values())[::-1]
        return [m for m in mails if to is None or to.lower() in m["headers"].get("Delivered-To", m["to"]).lower().split("\n")]

    def get(self, key):
        with self.lock:
            return self.mails.get(key)


class Receiver:
    """What aiosmtpd asks."""
    def __init__(self, store):
        self.store = store

    async def handle_DATA(self, server, session, envelope):
        self.store.add(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or envelope.content)
        return "250 2.0.0 Kept"


STYLE = """
:root{color-scheme:light dark;--bg:#f6f7f9;--surface:#fff;--hover:#eef1f5;--text:#16202c;--muted:#4d5b6b;--border:#d4dae1;--accent:#0a58a6;--focus:#0a58a6}
@media(prefers-color-scheme:dark){:root{--bg:#0f1419;--surface:#171e26;--hover:#202a35;--text:#e8edf2;--muted:#a9b6c4;--border:#2f3b48;--accent:#7ab8f9;--focus:#ffd166}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/24px system-ui,sans-serif}
main,header,footer{max-width:56rem;margin-inline:auto;padding:16px}
header{padding-block-end:0}
h1{font-size:28px;line-height:35px;margin:8px 0;overflow-wrap:anywhere}
h2{font-size:20px;line-height:28px;margin:32px 0 8px}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:6px}
p{margin:8px 0}.muted,footer,dt,.mails span{color:var(--muted)}
.mails{list-style:none;margin:16px 0;padding:0;background:var(--surface);border:1px solid var(--border);border-radius:10px;overflow:hidden}
.mails li+li{border-top:1px solid var(--border)}
.mails a{display:grid;grid-template-columns:16rem 1fr auto;gap:4px 16px;padding:12px 16px;text-decoration:none;color:var(--text);min-height:48px}
.mails a:hover{background:var(--hover)}.mails a:focus-visible{outline-offset:-3px}
.mails b,.mails span{overflow-wrap:anywhere}
.mails time{color:var(--muted);font-size:14px;white-space:nowrap}
.mails a b{color:var(--accent)}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:16px 0}dd{margin:0;overflow-wrap:anywhere}
iframe,pre,.empty{width:100%;background:var(--surface);border:1px solid var(--border);border-radius:10px}
iframe{height:36rem;background:none}
pre{padding:16px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/21px ui-monospace,monospace}
.empty{padding:32px 16px;text-align:center}
.button{display:inline-block;min-height:44px;padding:10px 16px;border:1px solid var(--border);border-radius:6px;background:var(--surface);text-decoration:none}
nav{display:flex;gap:12px;flex-wrap:wrap;margin:16px 0}
@media(max-width:48rem){.mails a{grid-template-columns:1fr}.mails b{order:-1}iframe{height:70vh}}
"""
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
# The mail's own HTML: no scripts, nothing loaded from elsewhere; its links open in a new tab.
MAIL_POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


def escape(text):
    return html.escape(str(text), quote=True)


def page(title, body):
    return ("<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width, initial-scale=1'>"
            f"<title>{escape(title)}</title><link rel=stylesheet href=/style.css></head><body>{body}</body></html>")


def with_links(text):
    """Text as HTML, its addresses as links."""
    out, end = [], 0
    for match in LINK.finditer(text):
        link = escape(match[0])
        out.append(escape(text[end:match.start()]) + f"<a href='{link}' target=_blank rel='noopener noreferrer'>{link}</a>")
        end = match.end()
    return "".join(out) + escape(text[end:])


def with_pictures(mail):
    """The mail's HTML with the pictures that it brings along."""
    message, body = email.message_from_bytes(mail["path"].read_bytes(), policy=email.policy.default), mail["html"]
    for part in message.walk():
        if part.get_content_maintype() == "image" and part["Content-ID"]:
            picture = f"data:{part.get_content_type()};base64,{base64.b64encode(part.get_content()).decode()}"
            body = body.replace(f"cid:{str(part['Content-ID']).strip('<>')}", picture)
    return body


def moment(mail):
    return f"<time datetime='{mail['received']}'>{escape(mail['received'][:16].replace('T', ' '))} UTC</time>"


def list_page(title, mails, to):
    rows = "".join(f"<li><a href='/mail/{escape(m['id'])}'><span>{escape(m['to'])}</span><b>{escape(m['subject']) or '(no subject)'}</b>"
                   f"{moment(m)}</a></li>" for m in mails[:500])
    count = f"{len(mails)} mail{'' if len(mails) == 1 else 's'}" + (f" to {escape(to)}" if to else "") + ", newest first"
    more = "<p class=muted>Only the newest 500 are shown.</p>" if len(mails) > 500 else ""
    listed = f"<p>{count}</p><ol class=mails>{rows}</ol>{more}" if mails else "<p class=empty>No mail yet. Invite somebody, then look here again.</p>"
    return page(title, f"<header><h1>{escape(title)}</h1><p class=muted>Every mail that was sent from this machine ends up here; none leaves it.</p>"
                f"</header><main>{listed}<nav><a class=button href='{'/?to=' + urllib.parse.quote(to) if to else '/'}'>Check for new mail</a>"
                + ("<a class=button href=/>All mails</a>" if to else "") + "</nav></main>")


def mail_page(title, mail):
    key, subject = escape(mail["id"]), mail["subject"] or "(no subject)"
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in (
        ("To", f"<a href='/?to={escape(urllib.parse.quote(mail['to']))}'>{escape(mail['to'])}</a>"), ("From", escape(mail["from"])),
        ("Reply to", escape(mail["headers"].get("Reply-To", ""))), ("Received", moment(mail))) if value)
    shown = (f"<h2>As it looks</h2><iframe src='/mail/{key}/html' title='The mail as it looks' sandbox='{SANDBOX}'></iframe>" if mail["html"] else "")
    return page(f"{subject} - {title}", f"<header><p><a href=/>{escape(title)}</a></p><h1>{escape(subject)}</h1></header><main><dl>{facts}</dl>"
                f"{shown}<h2>As plain text</h2><pre>{with_links(mail['text'])}</pre>"
                f"<nav><a class=button href='/mail/{key}/source'>Source</a><a class=button href=/>All mails</a></nav></main>")


class Web(http.server.BaseHTTPRequestHandler):
    store, title = None, "Mailbox"
    server_version, sys_version, protocol_version = "mailbox", "", "HTTP/1.1"

    def log_message(self, *_):
        pass  # links with secrets are in these addresses' pages

    def answer(self, status, kind, body, policy=PAGE_POLICY):
        body = body.encode("utf-8", "replace") if isinstance(body, str) else body
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", len(body)), ("Content-Security-Policy", policy),
                            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")):
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        host = self.headers.get("Host", "")
        if not re.fullmatch(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", host, re.I):  # against DNS rebinding
            return self.answer(421, "text/plain; charset=utf-8", "This page is only for this machine.\n")
        address = urllib.parse.urlsplit(self.path)
        to = urllib.parse.parse_qs(address.query).get("to", [None])[0]
        steps = address.path.strip("/").split("/")
        if address.path == "/":
            return self.answer(200, "text/html; charset=utf-8", list_page(self.title, self.store.list(to), to))
        if address.path == "/style.css":
            return self.answer(200, "text/css; charset=utf-8", STYLE)
        if address.path == "/api/mails":
            mails = [{k: v for k, v in m.items() if k != "path"} for m in self.store.list(to)]
            return self.answer(200, "application/json; charset=utf-8", json.dumps(mails))
        mail = self.store.get(steps[1]) if steps[0] == "mail" and len(steps) in (2, 3) else None
        if mail and len(steps) == 2:
            return self.answer(200, "text/html; charset=utf-8", mail_page(self.title, mail))
        if mail and steps[2] == "html":
            return self.answer(200, "text/html; charset=utf-8", self.framed(with_pictures(mail)), MAIL_POLICY)
        if mail and steps[2] == "source":
            return self.answer(200, "text/plain; charset=utf-8", mail["path"].read_bytes())
        body = f"<header><h1>Page not found</h1></header><main><p><a href=/>{escape(self.title)}</a></p></main>"
        return self.answer(404, "text/html; charset=utf-8", page("Page not found", body))

    do_HEAD = do_GET

    @staticmethod
    def framed(body):
        base = "<base target=_blank>"
        return re.sub(r"(<head\b[^>]*>)", r"\1" + base, body, count=1, flags=re.I) if re.search(r"<head\b", body, re.I) else base + body


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maildir", required=True)
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--http-port", type=int, default=0)
    parser.add_argument("--title", default="Mailbox")
    parser.add_argument("--ports-file")
    options = parser.parse_args()

    store = Store(options.maildir)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(lambda: SMTP(Receiver(store), enable_SMTPUTF8=True, hostname="mailbox.localhost", ident="mailbox",
                                                 loop=loop), "127.0.0.1", options.smtp_port)
    Web.store, Web.title = store, options.title
    try:  # the same page at the same address from run to run, where nobody else has it
        web = http.server.ThreadingHTTPServer(("127.0.0.1", options.http_port), Web)
    except OSError:
        web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()

    lines = f"smtp {smtp.sockets[0].getsockname()[1]}\nhttp {web.server_address[1]}\n"
    if options.ports_file:
        pathlib.Path(options.ports_file + ".new").write_text(lines)
        os.rename(options.ports_file + ".new", options.ports_file)
    sys.stdout.write(lines)
    sys.stdout.flush()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    await end.wait()
    smtp.close()
    web.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
