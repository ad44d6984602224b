// The unmodified Mattermost client behind Crossfade's edge, on a route with `sockets: mattermost`,
// while the instances behind its socket are replaced. $HANDOFF_CLIENTS and $HANDOFF_ROUNDS make it
// as large as the machine allows.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { request } from "node:http";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { eventually, startInstance, temporaryFolder } from "../instance.js";

const require = createRequire(import.meta.url);
const { Client4, WebSocketClient } = require("@mattermost/client");
const WS = require("ws");

globalThis.WebSocket = WS;
globalThis.CloseEvent ??= class CloseEvent extends Event {
  constructor(type, facts = {}) {
    super(type);
    Object.assign(this, facts);
  }
};
console.log = () => {};

const CLIENTS = Number(process.env.HANDOFF_CLIENTS ?? 12);
const ROUNDS = Number(process.env.HANDOFF_ROUNDS ?? 4);
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const BIN = process.env.CROSSFADE_BIN ?? join(ROOT, "build/release/bin");

let folder, edge, admin, address;
let tokens = 0;
const sockets = [];

/** One request to the edge's admin socket. */
function ask(method, path, body) {
  return new Promise((done, failed) => {
    const call = request({ socketPath: admin, method, path }, (answer) => {
      let text = "";
      answer.on("data", (part) => { text += part; });
      answer.on("end", () => {
        if (answer.statusCode >= 300) return failed(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        done(text ? JSON.parse(text) : {});
      });
    });
    call.on("error", failed);
    call.end(body ? JSON.stringify(body) : undefined);
  });
}

const write = (method, path, body) => ask(method, path, { fence: 1, token: `t${++tokens}`, ...body });
const target = async (id) => (await ask("GET", "/v1/groups")).groups.blue.targets.find((each) => each.id === id);

async function add(id, instance) {
  await write("PUT", `/v1/groups/blue/targets/${id}`, { address: instance.address });
  await eventually(async () => (await target(id)).state === "healthy", `${id} healthy`);
}

before(async () => {
  folder = temporaryFolder();
  edge = spawn(join(BIN, "crossfade"), ["edge", "--state", folder.path, "--workers", "2"], { stdio: "ignore" });
  admin = join(folder.path, "edge.sock");
  await eventually(() => existsSync(admin), "the edge's socket");
  await write("PUT", "/v1/config", {
    config: {
      listeners: [{ name: "http", address: "127.0.0.1:0" }],
      groups: { blue: { health: { path: "/api/v4/system/ping", interval_ms: 100, timeout_ms: 5000 } } },
      rules: [{ priority: 1, path: "*", forward: { sockets: "mattermost" } }],
    },
  });
  await write("PUT", "/v1/weights", { weights: { blue: 1 } });
  address = (await ask("GET", "/v1/health")).listeners[0].address;
});

after(async () => {
  for (const socket of sockets) socket.close();
  edge?.kill();
  folder?.remove();
});

/** A user's client and socket through the edge, with everything it hears. */
async function join_in(number, challenge) {
  const username = `user${process.pid}x${number}`;
  const client = new Client4();
  client.setUrl(`http://${address}`);
  await client.createUser({ username, email: `${username}@example.com`, password: "secret" }, "", "");
  const me = await client.login(username, "secret");
  const token = client.getToken();
  const heard = { client, me, messages: [], hellos: 0, missed: 0, closes: 0, gap: 0, last: 0 };
  const live = new WebSocketClient({
    newWebSocketFn: (url) => new WS(url, challenge ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  });
  live.addMessageListener((event) => {
    if (event.event === "hello") heard.hellos++;
    if (event.event !== "posted") return;
    const now = performance.now();
    if (heard.last) heard.gap = Math.max(heard.gap, now - heard.last);
    heard.last = now;
    heard.messages.push(JSON.parse(event.data.post).message);
  });
  live.addMissedMessageListener(() => heard.missed++);
  live.addCloseListener(() => heard.closes++);
  live.initialize(`ws://${address}/api/v4/websocket`, challenge ? token : undefined);
  sockets.push(live);
  return heard;
}

test("clients hear every message once, over a socket that never closes", async () => {
  let serving = await startInstance(folder.path);
  await add("i0", serving);
  const users = [];
  for (let i = 0; i < CLIENTS; ++i) users.push(await join_in(i, i % 3 === 0));
  const [mia] = users;
  const team = await mia.client.createTeam({ name: `team${process.pid}`, display_name: "Crew", type: "O" });
  for (const user of users.slice(1)) await mia.client.addToTeam(team.id, user.me.id);
  const square = await mia.client.getChannelByName(team.id, "town-square");
  await eventually(() => users.every((user) => user.hellos === 1), "hello", 20000);

  const sent = [];
  let posting = true;
  const poster = (async () => {
    while (posting) {
      const message = `message ${sent.length}`;
      sent.push(message);
      await users[sent.length % CLIENTS].client.createPost({ channel_id: square.id, message });
    }
  })();
  await eventually(() => sent.length > 20, "first messages");
  for (const user of users) { user.gap = 0; }
  for (let round = 1; round <= ROUNDS; ++round) {
    const next = await startInstance(folder.path);
    await add(`i${round}`, next);
    await ask("DELETE", `/v1/groups/blue/targets/i${round - 1}?fence=1&token=d${round}&deadline_ms=60000`);
    await eventually(async () => (await target(`i${round - 1}`)).state === "drained", "drained", 60000);
    await serving.stop();
    serving = next;
  }
  posting = false;
  await poster;
  await eventually(() => users.every((user) => user.messages.length >= sent.length), "all messages", 20000);
  const metrics = await new Promise((done) => request({ socketPath: admin, path: "/metrics" }, (answer) => {
    let text = "";
    answer.on("data", (part) => { text += part; });
    answer.on("end", () => done(text));
  }).end());
  const swapped = Number(/handoffs_total\{outcome="swapped"\} (\d+)/.exec(metrics)[1]);
  process.stderr.write(`${CLIENTS} clients, ${ROUNDS} instances replaced, ${sent.length} messages, ` +
    `${swapped} handoffs, closes ${users.reduce((sum, user) => sum + user.closes, 0)}, ` +
    `largest gap ${Math.round(Math.max(...users.map((user) => user.gap)))} ms\n`);
  for (const user of users) {
    assert.deepEqual([...user.messages].sort(), [...sent].sort(), "each message once");
    assert.equal(user.closes, 0, "a socket was closed");
    assert.equal(user.missed, 0, "a client had to ask for what it missed");
    assert.equal(user.hellos, 1, "one greeting");
  }
  assert.equal(swapped, CLIENTS * ROUNDS);
  await serving.stop();
});
