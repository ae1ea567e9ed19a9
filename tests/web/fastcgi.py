"""fastcgi.py - speak to the program's own socket, past nginx: what nobody but nginx may do, and what nginx never sends.

    answer = ask(stack.socket("web"), "GET", "/sign-in", host=stack.host)
"""
import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


class Answer:
    def __init__(self, octets):
        head, _, self.body = octets.partition(b"\r\n\r\n")
        pairs = [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line]
        self.headers = {name.lower(): value for name, value in pairs}
        self.status = int(self.headers["status"].split()[0]) if "status" in self.headers else None
        self.text = self.body.decode("utf-8", "replace")


def record(kind, content=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def length(n):
    return bytes([n]) if n < 128 else struct.pack(">I", n | 0x80000000)


def parameters(values):
    out = b""
    for name, value in values.items():
        name, value = name.encode(), value if isinstance(value, bytes) else str(value).encode()
        out += length(len(name)) + length(len(value)) + name + value
    return out


def connect(path, seconds=30):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(seconds)
    s.connect(path)
    return s


def request(method, uri, body=b"", host="127.0.0.1", keep=False, **values):
    """The octets of one request; `values` are further parameters (HTTP_COOKIE="...", CONTENT_LENGTH="-1"). keep: the connection shall stay."""
    all_values = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": host}
    if method == "POST":
        all_values |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": len(body)}
    encoded = parameters({k: v for k, v in (all_values | values).items() if v is not None})
    out = record(BEGIN, struct.pack(">HB5x", 1, int(keep)))
    for start in range(0, len(encoded), 65535):
        out += record(PARAMS, encoded[start:start + 65535])
    out += record(PARAMS)
    for start in range(0, len(body), 65535):
        out += record(STDIN, body[start:start + 65535])
    return out + record(STDIN)


def answer_read(s):
    """Everything until the program says that it is done; what came so far when it hangs up."""
    stream, out = s.makefile("rb"), b""
    while len(head := stream.read(8)) == 8:
        _, kind, _, n, padding, _ = struct.unpack(">BBHHBB", head)
        content = stream.read(n + padding)[:n]
        if kind == STDOUT:
            out += content
        elif kind == END:
            break
    return Answer(out)


def ask(path, method="GET", uri="/", body=b"", seconds=30, **values):
    with connect(path, seconds) as s:
        s.sendall(request(method, uri, body, **values))
        return answer_read(s)
