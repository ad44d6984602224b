#!/usr/bin/env python3
"""WebSockets that come, stay a few seconds and take their leave; cut ones come back: sockets.py PORT COUNT

RFC 6455 as far as a client needs it that only listens.
"""
import asyncio
import base64
import os
import random
import sys

PATH = "/api/v4/websocket"
STAY_S = (1, 4)  # who does not say who it is has five seconds here
LEAVE = b"\x88\x82" + bytes(4) + (1000).to_bytes(2, "big")  # a close frame, masked with zeros


async def visit(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: chat\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            return
        try:
            await asyncio.wait_for(reader.read(-1), random.uniform(*STAY_S))
        except asyncio.TimeoutError:
            writer.write(LEAVE)
            await asyncio.wait_for(reader.read(-1), 5)
    finally:
        writer.close()


async def come_again(port):
    while True:
        try:
            await visit(port)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass
        await asyncio.sleep(random.uniform(0.1, 0.5))


async def main(port, count):
    await asyncio.gather(*(come_again(port) for _ in range(count)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
