"""The application that the tests' instances run: tells its version, echoes WebSockets, fails when told.

`python3 -m tests.awsbox.app VERSION [PORT]` listens on $AWSBOX_ADDRESS. /up is healthy unless the file `ill`
lies in its folder; /fail answers 500; /slow answers after 50 ms. With FAILING set, all but /up answers 500.
"""
import asyncio
import os
import pathlib
import signal
import sys

from tests.support.echo import serve_socket

VERSION = sys.argv[1] if len(sys.argv) > 1 else "1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8065
FAILING = bool(os.environ.get("FAILING"))


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            path = lines[0].split()[1]
            fields = {name.lower(): value.strip() for name, _, value in
                      (line.partition(":") for line in lines[1:] if line)}
            await reader.readexactly(int(fields.get("content-length", 0)))
            if "sec-websocket-key" in fields:
                return await serve_socket(reader, writer, fields["sec-websocket-key"])
            status = "200 OK"
            if path == "/fail" or (FAILING and path != "/up") or (path == "/up" and pathlib.Path("ill").exists()):
                status = "500 Internal Server Error"
            if path == "/slow":
                await asyncio.sleep(0.05)
            # As long as the digests of tests.support.echo, whose clients ask here too.
            body = f"{VERSION} {os.environ.get('AWSBOX_INSTANCE', '')}".ljust(63).encode() + b"\n"
            writer.write(f"HTTP/1.1 {status}\r\nX-Version: {VERSION}\r\n"
                         f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await asyncio.start_server(serve, os.environ.get("AWSBOX_ADDRESS", "127.0.0.1"), PORT, backlog=500)
    await over.wait()


if __name__ == "__main__":
    asyncio.run(main())
