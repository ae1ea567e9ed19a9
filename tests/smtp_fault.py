#!/usr/bin/python3
"""A mail server that misbehaves on command, for tests. Only the standard library; openssl makes the certificates.

  smtp_fault.py [--port N] [--control-port N] [--mode MODE[:ARG]] [--tls none|good|wrong|untrusted] [--auth none|ok|fail]
                [--extensions "A,B"] [--record FILE] [--certs DIR] [--ports-file FILE]

Prints `smtp PORT`, `control PORT` and `ca FILE`. Port 0 (the default) picks a free one. The control port takes one JSON
object a line, e.g. {"mode": "greylist", "tls": "good"}, and answers `ok`; {"forget": true} clears greylisting and the record.

MODES
  ok                  accepts everything           refuse            nobody listens
  greet-421 greet-554 a greeting that says no      silent            no greeting, ever
  greylist            451 the first time for each recipient, then 250
  rcpt-550:PATTERN    refuses recipients that match the regular expression (default: all); rcpt-450 likewise
  mail-550 mail-451   refuses MAIL FROM            data-554 data-451 refuses the text after it was taken
  data-early-554      refuses the command DATA
  drop-after-data     takes the text, keeps nothing, closes
  drop-after-store    takes and keeps the text, closes without an answer
  slow:SECONDS        answers the text so much later
  stall               answers nothing after DATA's text       tarpit[:SECONDS]   one octet a second
  garbage             greeting that is no SMTP                long-line          an answer of 64 KiB
  eight-bit           answers full of octets above 127        injected           an extra answer after EHLO's
  starttls-inject     plaintext answers behind STARTTLS's 220
  starttls-refuse     offers STARTTLS and answers 454         bare-250           answers "250" without words
  multi               multi-line answers whose enhanced codes differ
"""
import argparse, asyncio, base64, hashlib, json, os, re, signal, ssl, subprocess, sys, tempfile, time


def certificates(folder):
    """A CA, a certificate for localhost, one for another name, and one that nobody vouches for."""
    def run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    if os.path.exists(os.path.join(folder, "untrusted.pem")):
        return
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3"]
    run("req", "-x509", *key, "-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.pem")
    for name, host in (("good", "localhost"), ("wrong", "other.example")):
        run("req", *key[:-2], "-subj", f"/CN={host}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        with open(os.path.join(folder, f"{name}.ext"), "w") as f:
            f.write(f"subjectAltName=DNS:{host}\n")
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3",
            "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    run("req", "-x509", *key, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", "untrusted.key", "-out", "untrusted.pem")


class Drop(Exception):
    """Close this connection now."""


class Server:
    def __init__(self, options):
        self.set = {"mode": options.mode, "tls": options.tls, "auth": options.auth, "extensions": options.extensions}
        self.port, self.record_path = options.port, options.record
        self.certs = options.certs or tempfile.mkdtemp(prefix="smtp-fault-")
        certificates(self.certs)
        self.seen, self.server, self.sni, self.tasks = set(), None, None, set()

    @property
    def mode(self):
        return self.set["mode"].partition(":")[0]

    @property
    def argument(self):
        return self.set["mode"].partition(":")[2]

    async def listen(self):
        if self.mode == "refuse":
            if self.server:
                self.server.close()
                self.server = None
            if not self.port:  # a free port that stays known
                probe = await asyncio.start_server(self.client, "127.0.0.1", 0)
                self.port = probe.sockets[0].getsockname()[1]
                probe.close()
        elif not self.server:
            self.server = await asyncio.start_server(self.client, "127.0.0.1", self.port, limit=1 << 20)
            self.port = self.server.sockets[0].getsockname()[1]

    async def control(self, reader, writer):
        while line := await reader.readline():
            try:
                change = json.loads(line)
                if change.pop("forget", False):
                    self.seen.clear()
                    if self.record_path:
                        open(self.record_path, "w").close()
                self.set.update(change)
                await self.listen()
                writer.write(b"ok\n")
            except Exception as e:
                writer.write(f"error {e}\n".encode())
            await writer.drain()
        writer.close()

    async def client(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        session = Session(self, reader, writer)
        try:
            await session.run()
        except (Drop, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError, ValueError):
            pass
        finally:
            writer.close()
            self.tasks.discard(asyncio.current_task())

    def record(self, entry):
        if self.record_path:
            with open(self.record_path, "a") as f:
                f.write(json.dumps(entry) + "\n")

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        name = os.path.join(self.certs, self.set["tls"])
        context.load_cert_chain(name + ".pem", name + ".key")
        def sni(_, host, __):
            self.sni = host
        context.sni_callback = sni
        return context


class Session:
    def __init__(self, server, reader, writer):
        self.server, self.reader, self.writer = server, reader, writer
        self.tls, self.user, self.sender, self.recipients = None, None, None, []

    async def say(self, *lines):
        text = "".join(line + "\r\n" for line in lines).encode("latin-1")
        if self.server.mode == "tarpit":
            for octet in text:
                self.writer.write(bytes([octet]))
                await self.writer.drain()
                await asyncio.sleep(float(self.server.argument or 1))
        else:
            self.writer.write(text)
            await self.writer.drain()

    async def run(self):
        mode = self.server.mode
        if mode == "silent":
            await asyncio.sleep(3600)
        if mode == "greet-421":
            await self.say("421 4.3.2 Service not available")
            raise Drop
        if mode == "greet-554":
            await self.say("554 5.7.1 No mail from you")
            raise Drop
        if mode == "garbage":
            await self.say("\x00\x01\xff HTTP/1.1 200 what", "<html>")
        else:
            await self.say("220 fault.example ESMTP")
        while line := await self.reader.readline():
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            handler = getattr(self, "do_" + verb.lower(), None)
            if handler:
                await handler(rest)
            else:
                await self.say("502 5.5.1 What?")

    async def do_ehlo(self, _):
        names = ["PIPELINING", "SIZE 1000000", "8BITMIME"] + [e for e in self.server.set["extensions"].split(",") if e]
        if self.server.set["tls"] != "none" and not self.tls:
            names.append("STARTTLS")
        if self.server.set["auth"] != "none":
            names.append("AUTH PLAIN LOGIN")
        lines = ["250-fault.example"] + [f"250-{n}" for n in names[:-1]] + [f"250 {names[-1]}"]
        if self.server.mode == "injected":
            lines.append("250 2.0.0 an answer too many")
        if self.server.mode == "long-line":
            lines.insert(1, "250-" + "x" * 65536)
        await self.say(*lines)

    do_helo = do_ehlo

    async def do_starttls(self, _):
        if self.server.mode == "starttls-refuse":
            return await self.say("454 4.7.0 TLS not available now")
        if self.server.mode == "starttls-inject":
            self.writer.write(b"220 2.0.0 go\r\n250-fault.example\r\n250 AUTH PLAIN\r\n")
        else:
            self.writer.write(b"220 2.0.0 go\r\n")
        await self.writer.drain()
        await self.writer.start_tls(self.server.context(), ssl_handshake_timeout=5)
        self.tls = self.writer.get_extra_info("ssl_object").version()

    async def do_auth(self, rest):
        mechanism, _, first = rest.partition(" ")
        if mechanism == "PLAIN":
            if not first:
                await self.say("334 ")
                first = (await self.reader.readline()).decode().strip()
            user = base64.b64decode(first).split(b"\0")[1].decode()
        else:
            await self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(await self.reader.readline()).decode()
            await self.say("334 UGFzc3dvcmQ6")
            await self.reader.readline()
        if self.server.set["auth"] == "fail":
            return await self.say("535 5.7.8 Authentication credentials invalid")
        self.user = user
        await self.say("235 2.7.0 Welcome")

    async def do_mail(self, rest):
        if self.server.mode == "mail-550":
            return await self.say("550 5.7.1 Sender not allowed")
        if self.server.mode == "mail-451":
            return await self.say("451 4.3.0 Not now")
        self.sender, self.recipients = re.sub(r"^FROM:<(.*?)>.*$", r"\1", rest, flags=re.I), []
        await self.say("250-5.1.0 Fine", "250 2.1.0 Fine") if self.server.mode == "multi" else await self.say("250 2.1.0 Fine")

    async def do_rcpt(self, rest):
        address = re.sub(r"^TO:<(.*?)>.*$", r"\1", rest, flags=re.I)
        mode, matches = self.server.mode, re.search(self.server.argument or ".", address)
        if mode == "greylist" and address not in self.server.seen:
            self.server.seen.add(address)
            return await self.say("451 4.7.1 Greylisted, try again")
        if mode == "rcpt-550" and matches:
            return await self.say("550 5.1.1 No such user here")
        if mode == "rcpt-450" and matches:
            return await self.say("450 4.2.1 Mailbox is busy")
        if mode == "eight-bit":
            return await self.say("550-5.1.1 gr\xfc\xdfe \x1b[31m\x07 \x7f", "550 5.1.1 caf\xc3\xa9 " + "\xe2\x82\xac" * 200)
        self.recipients.append(address)
        await self.say("250 2.1.5 Fine")

    async def do_data(self, _):
        mode = self.server.mode
        if mode == "data-early-554":
            return await self.say("554 5.5.1 No data wanted")
        if not self.recipients:
            return await self.say("554 5.5.1 No valid recipients")
        await self.say("354 Go on")
        text = bytearray()
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise Drop
            text += line[1:] if line.startswith(b".") else line
        if mode == "drop-after-data":
            raise Drop
        if mode in ("data-554", "data-451"):
            return await self.say(mode[-3:] + " " + mode[-3] + ".6.0 The text is not liked")
        self.keep(bytes(text))
        if mode == "drop-after-store":
            raise Drop
        if mode == "stall":
            await asyncio.sleep(3600)
        if mode == "slow":
            await asyncio.sleep(float(self.server.argument or 1))
        await self.say("250" if mode == "bare-250" else "250 2.0.0 Kept as " + str(int(time.time())))

    def keep(self, text):
        self.server.record({"time": time.time(), "sender": self.sender, "recipients": self.recipients, "size": len(text),
                            "sha256": hashlib.sha256(text).hexdigest(), "tls": self.tls, "sni": self.server.sni,
                            "user": self.user, "data": text.decode("latin-1")})

    async def do_bdat(self, rest):
        """Offered only to show that nobody uses it."""
        await self.reader.readexactly(int(rest.split()[0]))
        self.server.record({"bdat": rest})
        await self.say("250 2.0.0 Chunk")

    async def do_rset(self, _):
        await self.say("250 2.0.0 Fine")

    do_noop = do_rset

    async def do_quit(self, _):
        await self.say("221 2.0.0 Bye")
        raise Drop


def arguments(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--mode", default="ok")
    parser.add_argument("--tls", default="none", choices=("none", "good", "wrong", "untrusted"))
    parser.add_argument("--auth", default="none", choices=("none", "ok", "fail"))
    parser.add_argument("--extensions", default="")
    parser.add_argument("--record")
    parser.add_argument("--certs")
    parser.add_argument("--ports-file")
    return parser.parse_args(argv)


async def main():
    options = arguments()
    server = Server(options)
    await server.listen()
    control = await asyncio.start_server(server.control, "127.0.0.1", options.control_port)
    lines = (f"smtp {server.port}\ncontrol {control.sockets[0].getsockname()[1]}\n"
             f"ca {os.path.join(server.certs, 'ca.pem')}\n")
    if options.ports_file:
        with open(options.ports_file + ".new", "w") as f:
            f.write(lines)
        os.rename(options.ports_file + ".new", options.ports_file)
    sys.stdout.write(lines)
    sys.stdout.flush()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    await end.wait()
    for task in server.tasks:
        task.cancel()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
