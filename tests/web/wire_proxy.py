"""wire_proxy.py - stands between the program and MariaDB and loses what it is told to lose.

    proxy = Proxy(path, target); proxy.lose("answer", "INSERT INTO invitation ")

loses the answer to the next COMMIT ("answer": the server has committed) or the COMMIT itself ("request": it has not), on a connection that
has prepared a statement with these words, and hangs up. With `closed_for` seconds nobody gets through after that. Everything else passes.
"""
import socket
import threading
import time

COM_QUERY, COM_PREPARE = b"\x03", b"\x16"


class Proxy:
    def __init__(self, path, target):
        self.target, self.plan, self.lost, self.closed_for, self.closed_until = target, [], 0, 0.0, 0.0
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, what, words, times=1):
        with self.lock:
            self.plan += [(what, words.encode())] * times

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                if time.monotonic() < self.closed_until:
                    raise OSError
                server.connect(self.target)
            except OSError:
                client.close()
                server.close()
                continue
            line = _Line(self, client, server)
            threading.Thread(target=line.upstream, daemon=True).start()
            threading.Thread(target=line.downstream, daemon=True).start()


class _Line:
    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.prepared, self.swallow = [], False

    def close(self):
        for s in (self.client, self.server):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _fate(self, payload):
        if payload[:1] == COM_PREPARE:
            self.prepared.append(payload)
        if payload[:1] != COM_QUERY or payload[1:] != b"COMMIT":
            return None
        with self.proxy.lock:
            for i, (what, words) in enumerate(self.proxy.plan):
                if any(words in p for p in self.prepared):
                    del self.proxy.plan[i]
                    self.proxy.lost += 1
                    self.proxy.closed_until = time.monotonic() + self.proxy.closed_for
                    return what
        return None

    def upstream(self):
        stream = self.client.makefile("rb")
        try:
            while len(head := stream.read(4)) == 4:
                payload = stream.read(int.from_bytes(head[:3], "little"))
                fate = self._fate(payload)
                if fate == "request":
                    break
                self.swallow = fate == "answer"
                self.server.sendall(head + payload)
        except OSError:
            pass
        if not self.swallow:
            self.close()

    def downstream(self):
        try:
            while octets := self.server.recv(65536):
                if self.swallow:
                    break
                self.client.sendall(octets)
        except OSError:
            pass
        self.close()
        self.client.close()
        self.server.close()
