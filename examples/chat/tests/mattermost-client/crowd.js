// A crowd of unmodified Mattermost clients on one address, for tests/soak/sockets.py: says `ready`
// once all are on their sockets, posts at a fixed rate until its standard input ends, then writes
// what they heard as one line of JSON.
//
//   node crowd.js http://127.0.0.1:8080 450 10      address, clients, messages a second
import { createRequire } from "node:module";

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

const [url, clients, rate] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const sent = new Map(); // message -> when it was to be posted
const ways = new Map(); // message -> when its post was answered, and when it was heard

// What this process itself adds: how late its own timer is, where that is much.
const TICK_MS = 10;
const STALL_MS = 20;
const stalls = []; // [when, for how long]
let ticked = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - ticked > TICK_MS + STALL_MS) stalls.push([ticked + TICK_MS, now - ticked - TICK_MS]);
  ticked = now;
}, TICK_MS).unref();

async function join_in(number) {
  const username = `crowd${process.pid}x${number}`;
  const client = new Client4();
  client.setUrl(url);
  await client.createUser({ username, email: `${username}@example.com`, password: "secret" }, "", "");
  const me = await client.login(username, "secret");
  const user = { client, me, heard: new Map(), hellos: 0, missed: 0, closes: 0, gap: 0, late: 0, last: 0 };
  const live = new WebSocketClient({
    newWebSocketFn: (where) => new WS(where, { headers: { Authorization: `Bearer ${client.getToken()}` } }),
  });
  live.addMessageListener((event) => {
    if (event.event === "hello") user.hellos++;
    if (event.event !== "posted") return;
    const now = performance.now();
    if (user.last) user.gap = Math.max(user.gap, now - user.last);
    user.last = now;
    const { message } = JSON.parse(event.data.post);
    user.heard.set(message, (user.heard.get(message) ?? 0) + 1);
    user.late = Math.max(user.late, now - sent.get(message));
    const way = ways.get(message);
    way.first ??= now;
    way.last = now;
  });
  live.addMissedMessageListener(() => user.missed++);
  live.addCloseListener(() => user.closes++);
  live.initialize(`${url.replace("http", "ws")}/api/v4/websocket`);
  user.live = live;
  return user;
}

async function until(holds, seconds) {
  for (const over = performance.now() + seconds * 1000; !holds() && performance.now() < over;) await pause(20);
  return holds();
}

const users = [];
for (let i = 0; i < clients; ++i) users.push(await join_in(i));
const team = await users[0].client.createTeam({ name: `crowd${process.pid}`, display_name: "Crowd", type: "O" });
for (const user of users.slice(1)) await users[0].client.addToTeam(team.id, user.me.id);
const square = await users[0].client.getChannelByName(team.id, "town-square");
if (!await until(() => users.every((user) => user.hellos === 1), 60)) throw new Error("not all were greeted");

let stopping = false;
process.stdin.on("end", () => { stopping = true; }).resume();
process.stdout.write("ready\n");

// Open loop: a post that is slow holds no other up.
const begun = performance.now();
let refused = 0;
const posts = [];
for (let number = 0; !stopping; ++number) {
  const due = begun + number * 1000 / rate;
  await pause(Math.max(0, due - performance.now()));
  const message = `message ${number}`;
  sent.set(message, due);
  ways.set(message, { due, called: performance.now() });
  posts.push(users[number % clients].client.createPost({ channel_id: square.id, message }).then(() => {
    ways.get(message).answered = performance.now();
  }, () => {
    refused++;
    sent.delete(message);
  }));
}
await Promise.all(posts);
await until(() => users.every((user) => user.heard.size >= sent.size), 30);

const sum = (count) => users.reduce((total, user) => total + count(user), 0);
const round = (ms) => Math.round(ms * 10) / 10;
const most = (value) => round(users.reduce((largest, user) => Math.max(largest, value(user)), 0));
/// The messages that took longest, and where their time went; all in milliseconds since each was due.
const latest = [...sent.keys()].map((message) => ways.get(message)).filter((way) => way.last)
  .sort((a, b) => (b.last - b.due) - (a.last - a.due)).slice(0, 10)
  .map((way) => ({
    at: new Date(performance.timeOrigin + way.due).toISOString(),
    called: round(way.called - way.due),
    answered: round(way.answered - way.due),
    first_heard: round(way.first - way.due),
    last_heard: round(way.last - way.due),
    stalled_here: round(stalls.reduce((total, [from, span]) =>
      total + Math.max(0, Math.min(from + span, way.last) - Math.max(from, way.due)), 0)),
  }));
process.stdout.write(`${JSON.stringify({
  clients,
  posts: sent.size,
  posts_refused: refused,
  deliveries: sum((user) => user.heard.size),
  lost: sum((user) => [...sent.keys()].filter((message) => !user.heard.has(message)).length),
  twice: sum((user) => [...user.heard.values()].filter((times) => times > 1).length),
  closes: sum((user) => user.closes),
  resyncs: sum((user) => user.missed),
  largest_gap_ms: most((user) => user.gap),
  latest_delivery_ms: most((user) => user.late),
  longest_stall_here_ms: round(stalls.reduce((longest, [, span]) => Math.max(longest, span), 0)),
  latest,
})}\n`);
for (const user of users) user.live.close();
process.exit(0);
