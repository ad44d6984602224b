"""What a load balancer's name is on AWS: connections are dealt out to its nodes, one after the other.

`python3 -m tests.awsbox.door ADDRESS`: reads lines of JSON, {"port": ["node:port", …], …}, each the whole truth, until
standard input ends. A node that does not answer is passed over, as a resolver would drop it. Only with several nodes: a
single one listens at the address itself.
"""
import asyncio
import itertools
import json
import sys

PIECE = 1 << 16


async def pump(reader, writer):
    try:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (ConnectionError, OSError, RuntimeError):
        writer.transport.abort()


class Door:
    def __init__(self, address):
        self.address, self.servers, self.nodes, self.turns = address, {}, {}, itertools.count()

    async def told(self, ports):
        """Opens and closes what changed; connections that are open stay."""
        for port in [each for each in self.servers if each not in ports]:
            self.servers.pop(port).close()
        self.nodes = ports
        for port in ports:
            if port not in self.servers:
                self.servers[port] = await asyncio.start_server(
                    lambda reader, writer, port=port: self.serve(port, reader, writer), self.address, int(port),
                    backlog=1000)

    async def serve(self, port, reader, writer):
        nodes, first = self.nodes.get(port, []), next(self.turns)
        for turn in range(len(nodes)):
            host, _, number = nodes[(first + turn) % len(nodes)].rpartition(":")
            try:
                inner, outer = await asyncio.open_connection(host, int(number))
                break
            except OSError:
                continue
        else:
            return writer.transport.abort()
        await asyncio.gather(pump(reader, outer), pump(inner, writer))
        for each in (writer, outer):
            each.close()


async def main():
    door, loop = Door(sys.argv[1]), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await door.told(json.loads(line))


if __name__ == "__main__":
    asyncio.run(main())
