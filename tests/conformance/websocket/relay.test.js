// Autobahn's cases through the relay path of the edge, in both directions. The fuzzer sends what the case says;
// the other end is a current WebSocket library that echoes. The library's answer must be Autobahn's, and every byte
// must arrive as it was sent.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import net from "node:net";
import { after, before, describe, test } from "node:test";

import { WebSocket, WebSocketServer } from "ws";

import { CASES } from "./cases.js";
import { MODES, startEdges } from "./edge.js";
import { Fuzzer, compareWire, tap } from "./fuzzer.js";

const MESSAGE_BYTES_MAX = 64 << 20;
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const options = { perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX, maxFragments: 1 << 20 };

let server, edges;
let onLibrary, onFuzz; // what the next upgrade is for

function echo(socket) {
  socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
  socket.on("error", () => {}); // a failed case is judged by what the fuzzer sees
}

before(async () => {
  server = http.createServer((request, response) => response.end("ok"));
  const library = new WebSocketServer({ noServer: true, ...options });
  library.on("connection", (socket) => { onLibrary(tap(socket._socket)); echo(socket); });
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/fuzz") onFuzz(request, socket, head);
    else library.handleUpgrade(request, socket, head, (made) => library.emit("connection", made, request));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  edges = await startEdges(server.address().port);
});

after(async () => {
  for (const edge of Object.values(edges ?? {})) await edge.stop();
  server.closeAllConnections();
  server.close();
});

/// A client of our own, after its handshake; `head` came in the same breath as the 101.
function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(
      `GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`));
    let bytes = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("data", function head(more) {
      bytes = Buffer.concat([bytes, more]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", head);
      if (bytes.toString("latin1").startsWith("HTTP/1.1 101 ")) resolve({ socket, head: bytes.subarray(end + 4) });
      else reject(new Error(bytes.toString("latin1")));
    });
  });
}

/// The fuzzer is a client, the library a server behind the edge.
async function fromClient(edge) {
  const seen = new Promise((resolve) => (onLibrary = resolve));
  const { socket, head } = await connect(edge.port);
  return { fuzzer: new Fuzzer(socket, { masked: true, head }), seen: await seen };
}

/// The library is a client, the fuzzer a server behind the edge.
async function fromServer(edge) {
  const asked = new Promise((resolve) => (onFuzz = (request, socket, head) => {
    const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    resolve(new Fuzzer(socket, { masked: false, head }));
  }));
  const client = new WebSocket(`ws://127.0.0.1:${edge.port}/fuzz`, options);
  const seen = new Promise((resolve, reject) => {
    client.on("open", () => { resolve(tap(client._socket)); echo(client); });
    client.on("error", reject);
  });
  return { seen: await seen, fuzzer: await asked };
}

const DIRECTIONS = { "a client fuzzes": fromClient, "a server fuzzes": fromServer };

for (const mode of MODES) {
  for (const [name, meet] of Object.entries(DIRECTIONS)) {
    describe(`${name}, sockets: ${mode}`, () => {
      for (const one of CASES) {
        test(`case ${one.id}`, async () => {
          const { fuzzer, seen } = await meet(edges[mode]);
          assert.equal(await fuzzer.play(one), "");
          await seen.ended;
          const whole = one.fails === undefined && one.closes === undefined;
          assert.equal(compareWire(fuzzer, seen, whole), "");
        });
      }
    });
  }
}
