"""An instance that echoes WebSockets and digests uploads, and the clients that notice what is lost.

`python3 -m tests.support.echo` is the instance: it says on its first line where it listens.
"""
import asyncio
import base64
import hashlib
import os
import socket
import struct
import subprocess
import sys
import threading
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode, payload, mask=b""):
    size = len(payload)
    head = bytes([0x80 | opcode])
    bit = 0x80 if mask else 0
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += struct.pack(">BH", bit | 126, size)
    else:
        head += struct.pack(">BQ", bit | 127, size)
    if mask:
        key = (mask * (size // 4 + 1))[:size]
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
    return head + mask + payload


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size == 126:
        size, = struct.unpack(">H", await reader.readexactly(2))
    elif size == 127:
        size, = struct.unpack(">Q", await reader.readexactly(8))
    mask = await reader.readexactly(4) if second & 0x80 else b""
    payload = await reader.readexactly(size)
    if mask:
        key = (mask * (size // 4 + 1))[:size]
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
    return first & 0x0F, payload


async def serve_socket(reader, writer, key):
    accept = base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()
    writer.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
    while True:
        opcode, payload = await read_frame(reader)
        writer.write(frame(opcode, payload))
        await writer.drain()
        if opcode == 8:
            return


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            fields = {name.lower(): value.strip() for name, _, value in
                      (line.partition(":") for line in lines[1:] if line)}
            if "sec-websocket-key" in fields:
                return await serve_socket(reader, writer, fields["sec-websocket-key"])
            left, digest = int(fields.get("content-length", 0)), hashlib.sha256()
            while left:
                piece = await reader.read(min(left, 1 << 16))
                if not piece:
                    return
                digest.update(piece)
                left -= len(piece)
            body = digest.hexdigest().encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Instance:
    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-m", "tests.support.echo"],
                                        stdout=subprocess.PIPE, text=True)
        self.address = "127.0.0.1:" + self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Clients(threading.Thread):
    """Sockets that echo and connections that ask, on a thread of their own, until `stop`.

    `failures` holds a line for each request that failed, each socket that was closed and each echo
    that was not the next; `requests` and `echoes` count what went well.
    """

    def __init__(self, address, sockets=20, askers=4, pause_s=0.005, tls=None):
        super().__init__(daemon=True)
        self.address, self.pause_s, self.tls = address, pause_s, tls
        self.count = {"sockets": sockets, "askers": askers}
        self.failures, self.requests, self.echoes = [], 0, 0
        self.leave = threading.Event()
        self.opened = threading.Semaphore(0)

    def __enter__(self):
        self.start()
        for _ in range(self.count["sockets"]):
            if not self.opened.acquire(timeout=30):
                raise AssertionError(f"a socket did not open: {self.failures[:3]}")
        return self

    def __exit__(self, *_):
        self.leave.set()
        self.join(60)

    def run(self):
        asyncio.run(self.all())

    async def all(self):
        await asyncio.gather(*(self.socket(i) for i in range(self.count["sockets"])),
                             *(self.ask(i) for i in range(self.count["askers"])))

    def note(self, who, error):
        self.failures.append(f"{time.time():.3f} {who}: {type(error).__name__} {error}")

    async def socket(self, number):
        who = f"socket {number}"
        try:
            reader, writer = await asyncio.open_connection(*self.address, limit=1 << 22)
            key = base64.b64encode(os.urandom(16)).decode()
            writer.write(("GET /socket HTTP/1.1\r\nHost: app.test\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          f"Sec-WebSocket-Key: {key}\r\n\r\n").encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(head[:40])
            self.opened.release()
            turn = 0
            while not self.leave.is_set():
                # Three at a time, some large: there is always something on its way.
                sent = [b"%d:%d:" % (number, turn + i) + b"x" * (40_000 if i == 1 else 30)
                        for i in range(3)]
                for payload in sent:
                    writer.write(frame(1, payload, os.urandom(4)))
                for payload in sent:
                    opcode, got = await asyncio.wait_for(read_frame(reader), 30)
                    if (opcode, got) != (1, payload):
                        raise ConnectionError(f"opcode {opcode}, {got[:30]} is not {payload[:30]}")
                    self.echoes += 1
                turn += 3
                await asyncio.sleep(self.pause_s)
            writer.write(frame(8, struct.pack(">H", 1000), os.urandom(4)))
            opcode, _ = await asyncio.wait_for(read_frame(reader), 30)
            if opcode != 8:
                raise ConnectionError("no goodbye")
            writer.close()
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            self.note(who, error)

    async def ask(self, number):
        """Every other asker keeps its connection; one that the server ends is opened anew."""
        writer = None
        while not self.leave.is_set():
            keeps = number % 2 == 0
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(*self.address, ssl=self.tls)
                fields = "" if keeps else "Connection: close\r\n"
                writer.write(f"GET /ask HTTP/1.1\r\nHost: app.test\r\n{fields}\r\n".encode())
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
                if not head.startswith(b"HTTP/1.1 200"):
                    raise ConnectionError(head[:40])
                await asyncio.wait_for(reader.readexactly(64), 30)
                self.requests += 1
                if not keeps or b"connection: close" in head.lower():
                    writer.close()
                    writer = None
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
                self.note(f"asker {number}", error)
                if writer is not None:
                    writer.close()
                writer = None
            await asyncio.sleep(self.pause_s)
        if writer is not None:
            writer.close()


class Upload(threading.Thread):
    """A body that is sent in small pieces for as long as it is not told to end."""

    def __init__(self, address, size=64 << 20):
        super().__init__(daemon=True)
        self.size, self.digest, self.sent = size, hashlib.sha256(), 0
        self.hurry, self.failure = threading.Event(), "not ended"
        self.connection = socket.create_connection(address, timeout=60)

    def run(self):
        try:
            self.connection.sendall(f"POST /upload HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n"
                                    f"Content-Length: {self.size}\r\n\r\n".encode())
            while self.sent < self.size:
                piece = os.urandom(1 << 13) * (8 if self.hurry.is_set() else 1)
                piece = piece[:self.size - self.sent]
                self.connection.sendall(piece)
                self.digest.update(piece)
                self.sent += len(piece)
                self.hurry.wait(0.005)
            answer = b""
            while more := self.connection.recv(4096):
                answer += more
            good = answer.startswith(b"HTTP/1.1 200") and answer.endswith(
                self.digest.hexdigest().encode())
            self.failure = "" if good else repr(answer[:200])
        except OSError as error:
            self.failure = f"{type(error).__name__} {error}"
        finally:
            self.connection.close()

    def end(self):
        """What went wrong; empty if the instance got every byte."""
        self.hurry.set()
        self.join(60)
        return self.failure


if __name__ == "__main__":
    asyncio.run(main())
