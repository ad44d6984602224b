// The unmodified Mattermost client against crossfade-chat: what its users do, and what it does when
// its connection or its server goes away.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createRequire } from "node:module";
import { connect } from "node:net";

import { eventually, startInstance, startPostgres, temporaryFolder } from "../instance.js";

const require = createRequire(import.meta.url);
const { Client4, WebSocketClient } = require("@mattermost/client");
const WS = require("ws");

// Node 20 has neither, and the client expects a browser.
globalThis.WebSocket = WS;
globalThis.CloseEvent ??= class CloseEvent extends Event {
  constructor(type, facts = {}) {
    super(type);
    Object.assign(this, facts);
  }
};
console.log = () => {};

let folder, instance, postgres;
let names = 0;
const sockets = [];

/** An instance on the database that all instances of this round share. */
const start = (options = {}) => startInstance(folder.path, postgres ? { "--database": postgres.url, ...options } : options);

/** A new user, logged in at `at`. */
async function newUser(at = instance) {
  const username = `user${process.pid}x${names++}`;
  const client = new Client4();
  client.setUrl(at.url);
  await client.createUser({ username, email: `${username}@example.com`, password: "secret" }, "", "");
  const me = await client.login(username, "secret");
  return { client, me, token: client.getToken(), username };
}

/** The user's WebSocket, as the web app opens it; `events` grows. */
function listen(user, at = instance, { challenge = false } = {}) {
  const headers = challenge ? {} : { Authorization: "Bearer " + user.token };
  const live = new WebSocketClient({
    minWebSocketRetryTime: 20,
    reconnectJitterRange: 5,
    newWebSocketFn: (url) => new WS(url, { headers }),
  });
  const heard = { live, events: [], missed: 0, reconnects: 0, closes: 0 };
  live.addMessageListener((event) => heard.events.push(event));
  live.addMissedMessageListener(() => heard.missed++);
  live.addReconnectListener(() => heard.reconnects++);
  live.addCloseListener(() => heard.closes++);
  live.initialize(at.url.replace("http", "ws") + "/api/v4/websocket", challenge ? user.token : undefined);
  sockets.push(live);
  heard.named = (name) => heard.events.filter((event) => event.event === name);
  heard.hello = () => eventually(() => heard.named("hello").at(-1), "hello");
  heard.messages = () => heard.named("posted").map((event) => JSON.parse(event.data.post).message);
  return heard;
}

/** Two users in one team and its town square. */
async function crew(at = instance) {
  const mia = await newUser(at);
  const ben = await newUser(at);
  const team = await mia.client.createTeam({ name: `team${process.pid}x${names++}`, display_name: "Crew", type: "O" });
  await mia.client.addToTeam(team.id, ben.me.id);
  const square = await ben.client.getChannelByName(team.id, "town-square");
  return { mia, ben, team, square };
}

/** An upload of which half is sent until `finish` is called. */
function slowUpload(at, user, channel) {
  const [host, port] = at.address.split(":");
  const bytes = "x".repeat(10_000);
  let answer = "";
  const socket = connect(Number(port), host);
  socket.on("error", () => {});
  const head = `POST /api/v4/files?channel_id=${channel.id}&filename=a.txt HTTP/1.1\r\nHost: ${at.address}\r\n` +
    `Authorization: Bearer ${user.token}\r\nContent-Length: ${bytes.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
  socket.write(head);
  return {
    // That the instance wants the body shows that it has the request.
    begun: new Promise((done) => socket.once("data", (text) => {
      assert.match(String(text), /^HTTP\/1.1 100 /);
      socket.on("data", (more) => { answer += more; });
      socket.write(bytes.slice(0, 5000), done);
    })),
    finish: () => socket.write(bytes.slice(5000)),
    answer: new Promise((done) => socket.on("close", () => done(answer))),
  };
}

const say = (user, channel, message, more = {}) => user.client.createPost({ channel_id: channel.id, message, ...more });

for (const kind of ["sqlite", "postgres"]) describe(kind, () => {
  before(async () => {
    folder = temporaryFolder();
    postgres = kind === "postgres" ? startPostgres(folder.path) : null;
    if (kind === "postgres" && !postgres) throw new Error("no PostgreSQL server can be started: ./x setup");
    instance = await start();
  });

  after(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await instance?.stop();
    postgres?.stop();
    folder.remove();
  });

  test("a user logs in, sees who it is, and is refused after logging out", async () => {
    const { client, me, username } = await newUser();
    assert.match(me.id, /^[a-z0-9]{26}$/);
    assert.equal(me.username, username);
    assert.deepEqual((await client.getMe()).id, me.id);
    assert.equal(client.getServerVersion().split(".").slice(0, 3).join("."), "1.0.0");
    await client.logout();
    await assert.rejects(client.getMe(), (error) => error.status_code === 401 && error.server_error_id === "api.context.session_expired.app_error");
  });

  test("a wrong password is refused with the words that the client shows", async () => {
    const { client, username } = await newUser();
    await assert.rejects(client.login(username, "wrong!"), (error) => error.status_code === 401 && /password/.test(error.message));
  });

  test("teams, channels and memberships are what was made", async () => {
    const { mia, ben, team, square } = await crew();
    assert.deepEqual((await ben.client.getMyTeams()).map((t) => t.id), [team.id]);
    assert.equal((await ben.client.getTeamByName(team.name)).id, team.id);
    const own = await mia.client.createChannel({ team_id: team.id, name: "plans", display_name: "Plans", type: "O" });
    await mia.client.addToChannel(ben.me.id, own.id);
    assert.deepEqual((await ben.client.getMyChannels(team.id)).map((c) => c.name), ["plans", "town-square"]);
    assert.equal((await ben.client.getMyChannelMembers(team.id)).length, 2);
    const direct = await mia.client.createDirectChannel([mia.me.id, ben.me.id]);
    assert.equal(direct.type, "D");
    assert.equal((await ben.client.createDirectChannel([ben.me.id, mia.me.id])).id, direct.id);
    assert.equal(square.type, "O");
  });

  test("a stranger reads and writes nothing in a channel", async () => {
    const { square } = await crew();
    const eve = await newUser();
    await assert.rejects(say(eve, square, "let me in"), { status_code: 403 });
    await assert.rejects(eve.client.getPosts(square.id), { status_code: 403 });
    await assert.rejects(eve.client.getChannel(square.id), { status_code: 404 });
  });

  test("posts come in pages, newest first, and since a moment", async () => {
    const { mia, square } = await crew();
    const posts = [];
    for (let i = 0; i < 5; i++) posts.push(await say(mia, square, `message ${i}`));
    const page = await mia.client.getPosts(square.id, 0, 2);
    assert.deepEqual(page.order, [posts[4].id, posts[3].id]);
    assert.equal(page.prev_post_id, posts[2].id);
    const since = await mia.client.getPostsSince(square.id, posts[2].create_at);
    assert.deepEqual(since.order, [posts[4].id, posts[3].id]);
    const before = await mia.client.getPostsBefore(square.id, posts[2].id, 0, 60);
    assert.deepEqual(before.order, [posts[1].id, posts[0].id]);
    const edited = await mia.client.patchPost({ id: posts[0].id, message: "changed" });
    assert.equal(edited.message, "changed");
    await mia.client.deletePost(posts[1].id);
    assert.equal((await mia.client.getPosts(square.id)).order.length, 4);
  });

  test("a post that is sent twice is there once", async () => {
    const { mia, ben, square } = await crew();
    const heard = listen(ben);
    await heard.hello();
    const pending_post_id = `${mia.me.id}:1`;
    const first = await say(mia, square, "once", { pending_post_id });
    const second = await say(mia, square, "once", { pending_post_id });
    assert.equal(first.id, second.id);
    await say(mia, square, "last");
    await eventually(() => heard.messages().includes("last"), "the last message");
    assert.deepEqual(heard.messages(), ["once", "last"]);
  });

  test("files are uploaded, posted, and come back byte for byte", async () => {
    const { mia, ben, square } = await crew();
    const bytes = Buffer.alloc(300_000, "crossfade ");
    const form = new FormData();
    form.append("channel_id", square.id);
    form.append("client_ids", "mine");
    form.append("files", new Blob([bytes]), "a picture.png");
    const { file_infos, client_ids } = await mia.client.uploadFile(form);
    assert.deepEqual(client_ids, ["mine"]);
    assert.deepEqual([file_infos[0].name, file_infos[0].size, file_infos[0].mime_type], ["a picture.png", bytes.length, "image/png"]);
    const post = await say(mia, square, "look", { file_ids: [file_infos[0].id] });
    assert.equal(post.metadata.files[0].id, file_infos[0].id);
    assert.equal((await ben.client.getFileInfosForPost(post.id))[0].id, file_infos[0].id);
    const answer = await fetch(ben.client.getFileUrl(file_infos[0].id), { headers: { Authorization: "Bearer " + ben.token } });
    assert.equal(answer.headers.get("cache-control"), "private, no-cache");
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
    await assert.rejects(say(mia, square, "again", { file_ids: [file_infos[0].id] }), { status_code: 400 });
  });

  test("an upload goes on where it stopped", async () => {
    const { mia, square } = await crew();
    const bytes = Buffer.alloc(6 * 1024 * 1024, "0123456789");
    const call = (method, path, body) =>
      fetch(`${instance.url}/api/v4${path}`, { method, body, headers: { Authorization: "Bearer " + mia.token } });
    const session = await (await call("POST", "/uploads", JSON.stringify({ channel_id: square.id, filename: "a.bin", file_size: bytes.length }))).json();
    const half = 5 * 1024 * 1024;
    assert.equal((await call("POST", `/uploads/${session.id}`, bytes.subarray(0, 1000))).status, 400);
    assert.equal((await call("POST", `/uploads/${session.id}`, bytes.subarray(0, half))).status, 204);
    assert.equal((await (await call("GET", `/uploads/${session.id}`)).json()).file_offset, half);
    const done = await call("POST", `/uploads/${session.id}`, bytes.subarray(half));
    assert.equal(done.status, 200);
    const back = await call("GET", `/files/${(await done.json()).id}`);
    assert.deepEqual(Buffer.from(await back.arrayBuffer()), bytes);
  });

  test("hello comes first, then what is posted, numbered without gaps", async () => {
    const { mia, ben, square, team } = await crew();
    const heard = listen(ben);
    const hello = await heard.hello();
    assert.equal(hello.seq, 0);
    assert.match(hello.data.connection_id, /^[a-z0-9]{26}$/);
    const post = await say(mia, square, `hi @${ben.username}`);
    const posted = await eventually(() => heard.named("posted")[0], "the event");
    assert.equal(JSON.parse(posted.data.post).id, post.id);
    assert.deepEqual(JSON.parse(posted.data.mentions), [ben.me.id]);
    assert.equal(posted.data.sender_name, "@" + mia.username);
    assert.equal(posted.data.team_id, team.id);
    assert.equal(posted.broadcast.channel_id, square.id);
    assert.equal(heard.closes, 0);
  });

  test("typing reaches others, a ping is answered, an unknown action is refused and no more", async () => {
    const { mia, ben, square } = await crew();
    const [one, other] = [listen(mia), listen(ben)];
    await Promise.all([one.hello(), other.hello()]);
    one.live.userTyping(square.id, "", () => {});
    await eventually(() => other.named("typing")[0], "typing");
    assert.equal(one.named("typing").length, 0);
    const ask = (action) => new Promise((done) => one.live.sendMessage(action, {}, done));
    assert.equal((await ask("ping")).data.text, "pong");
    assert.equal((await ask("no_such_action")).status, "FAIL");
    const statuses = await ask("get_statuses");
    assert.equal(statuses.status, "OK");
    assert.equal(one.closes, 0);
  });

  test("a client that says who it is by its first frame is let in, a liar is not", async () => {
    const { mia, ben, square } = await crew();
    const heard = listen(ben, instance, { challenge: true });
    await heard.hello();
    await say(mia, square, "in");
    await eventually(() => heard.messages().includes("in"), "the message");
    const liar = new WS(instance.url.replace("http", "ws") + "/api/v4/websocket");
    liar.on("open", () => liar.send(JSON.stringify({ seq: 1, action: "authentication_challenge", data: { token: "x".repeat(26) } })));
    const code = await new Promise((done) => liar.on("close", done));
    assert.equal(code, 1008);
  });

  test("after a lost connection nothing is missed and nothing comes twice", async () => {
    const { mia, ben, square } = await crew();
    const heard = listen(ben);
    const { data } = await heard.hello();
    for (let round = 0; round < 5; round++) {
      await say(mia, square, `before ${round}`);
      heard.live.conn.terminate();
      await say(mia, square, `during ${round}`);
      await eventually(() => heard.reconnects === round + 1, "the reconnect");
      await say(mia, square, `after ${round}`);
      await eventually(() => heard.messages().includes(`after ${round}`), "the message after it");
    }
    const wanted = [0, 1, 2, 3, 4].flatMap((n) => [`before ${n}`, `during ${n}`, `after ${n}`]);
    assert.deepEqual(heard.messages(), wanted);
    assert.equal(heard.named("hello").length, 1);
    assert.equal(heard.missed, 0);
    assert.equal(heard.live.connectionId, data.connection_id);
  });

  test("an event reaches sockets of every instance; sessions and posts are the same at each", async () => {
    const green = await start({ "--version": "2.0.0" });
    try {
      const { mia, ben, square } = await crew();
      const [here, there] = [listen(ben), listen(ben, green)];
      assert.equal((await there.hello()).data.server_version.split(".")[0], "2");
      await here.hello();
      mia.client.setUrl(green.url);
      await say(mia, square, "at green");
      mia.client.setUrl(instance.url);
      await say(mia, square, "at blue");
      for (const heard of [here, there]) {
        await eventually(() => heard.messages().length === 2, "both messages");
        assert.deepEqual(heard.messages(), ["at green", "at blue"]);
      }
      // A retry at the other instance is the same post.
      const first = await say(mia, square, "retry", { pending_post_id: `${mia.me.id}:9` });
      mia.client.setUrl(green.url);
      assert.equal((await say(mia, square, "retry", { pending_post_id: `${mia.me.id}:9` })).id, first.id);
      there.live.close();
    } finally {
      assert.equal(await green.stop(), 0);
    }
  });

  test("with the bus off, instances keep events to themselves", async () => {
    const alone = await start({ "--bus": "off" });
    try {
      const { mia, ben, square } = await crew();
      const heard = listen(ben, alone);
      await heard.hello();
      await say(mia, square, "elsewhere");
      mia.client.setUrl(alone.url);
      await say(mia, square, "here");
      await eventually(() => heard.messages().includes("here"), "the message");
      assert.deepEqual(heard.messages(), ["here"]);
      heard.live.close();
    } finally {
      assert.equal(await alone.stop(), 0);
    }
  });

  test("a server that is stopped asks its sockets to come back: 1012", async () => {
    const leaving = await start();
    const { ben } = await crew(leaving);
    const socket = new WS(leaving.url.replace("http", "ws") + "/api/v4/websocket", { headers: { Authorization: "Bearer " + ben.token } });
    await new Promise((done) => socket.once("message", done));
    const closed = new Promise((done) => socket.once("close", done));
    assert.equal(await leaving.stop(), 0);
    assert.equal(await closed, 1012);
  });

  test("with one second of grace sockets are cut without a word, as by the real server", async () => {
    const leaving = await start({ "--grace": "1s" });
    const { ben } = await crew(leaving);
    const socket = new WS(leaving.url.replace("http", "ws") + "/api/v4/websocket", { headers: { Authorization: "Bearer " + ben.token } });
    await new Promise((done) => socket.once("message", done));
    const closed = new Promise((done) => socket.once("close", done));
    assert.equal(await leaving.stop(), 0);
    assert.equal(await closed, 1006);
  });

  test("a client whose server is replaced learns that it missed something, and catches up", async () => {
    const first = await start();
    const { mia, ben, square } = await crew(first);
    const heard = listen(ben, first);
    await heard.hello();
    const known = await say(mia, square, "known");
    await eventually(() => heard.messages().length === 1, "the first message");
    const port = first.address.split(":")[1];
    await first.stop();
    mia.client.setUrl(instance.url);
    await say(mia, square, "missed");
    const second = await start({ "--listen": `127.0.0.1:${port}` });
    try {
      await eventually(() => heard.missed === 1, "word of what was missed");
      ben.client.setUrl(second.url);
      const since = await ben.client.getPostsSince(square.id, known.create_at);
      assert.deepEqual(Object.values(since.posts).map((post) => post.message), ["missed"]);
      heard.live.close();
    } finally {
      await second.stop();
    }
  });

  test("faults are what their flags say, and never health", async () => {
    const bad = await start({ "--fault": "error-rate=1,refuse-websockets" });
    try {
      const answer = await fetch(`${bad.url}/api/v4/users/me`);
      assert.equal(answer.status, 500);
      assert.equal((await answer.json()).status_code, 500);
      assert.equal((await fetch(`${bad.url}/api/v4/system/ping`)).status, 200);
      const socket = new WS(bad.url.replace("http", "ws") + "/api/v4/websocket");
      const refused = await new Promise((done) => socket.on("error", done));
      assert.match(refused.message, /503|500/);
    } finally {
      await bad.stop();
    }
  });

  test("a stop lets an upload end, and refuses new connections meanwhile", async () => {
    const leaving = await start();
    const { mia, square } = await crew(leaving);
    const upload = slowUpload(leaving, mia, square);
    await upload.begun;
    const ended = leaving.stop();
    await eventually(() => fetch(leaving.url).then(() => false, () => true), "the listener to be closed");
    upload.finish();
    assert.match(await upload.answer, /^HTTP\/1.1 201 /);
    assert.equal(await ended, 0);
  });

  test("with one second of grace an upload is cut, as by the real server", async () => {
    const leaving = await start({ "--grace": "1s" });
    const { mia, square } = await crew(leaving);
    const upload = slowUpload(leaving, mia, square);
    await upload.begun;
    assert.equal(await leaving.stop(), 0);
    assert.equal(await upload.answer, "");
  });
});
