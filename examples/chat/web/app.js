// The page of version {{version}}.
import { api, Refusal } from "./{{api}}";
import { Live } from "./{{live}}";

const VERSION = "{{version}}";
const TEAM = { name: "crossfade", display_name: "Crossfade", type: "O" };
const $ = (id) => document.getElementById(id);
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

let me, team, live, current;
const users = new Map();     // id -> user
// id -> channel, with `posts` (id -> post), `latest` (the last change known), `loaded`, `unread`
const channels = new Map();
const uploads = [];          // of the message being written
let pendings = 0;

// --- entry ------------------------------------------------------------------------------------

async function begin() {
  const config = await api.get("/config/client?format=old").catch(() => ({}));
  for (const place of document.querySelectorAll(".motd")) place.textContent = config.CustomDescriptionText ?? "";
  $("motd").hidden = !config.CustomDescriptionText;
  try {
    me = await api.get("/users/me");
    await enter();
  } catch (refusal) {
    $("entry").hidden = false;
    if (refusal.status !== 401) say_at_entry(refusal);
  }
}

const say_at_entry = (refusal) => { document.querySelector("#entry .error").textContent = refusal.message; };

$("entry-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  try {
    if (event.submitter?.dataset.action === "create") await api.post("/users", { username, password, email: `${username}@example.com` });
    me = await api.post("/users/login", { login_id: username, password });
    await enter();
  } catch (refusal) {
    say_at_entry(refusal);
  }
});

$("logout").addEventListener("click", async () => {
  live.end();
  await api.post("/users/logout").catch(() => null);
  location.reload();
});

async function enter() {
  users.set(me.id, me);
  $("my-name").textContent = me.username;
  paint_face($("my-face"), me);
  await join_team();
  $("entry").hidden = true;
  $("chat").hidden = false;
  live = new Live({ event: take_event, state: show_state, missed: catch_up, version: show_version });
  await load_channels();
  const square = [...channels.values()].find((c) => c.name === (location.hash.slice(1) || "town-square"));
  await open_channel(square ?? [...channels.values()][0]);
}

/** The first visitor makes the team; all others join it. */
async function join_team() {
  team = (await api.get("/users/me/teams")).find((t) => t.name === TEAM.name);
  if (!team) {
    team = await api.post("/teams", TEAM).catch(() => api.get("/teams/name/" + TEAM.name));
    await api.ensure(`/teams/${team.id}/members`, { team_id: team.id, user_id: me.id });
  }
  $("team").textContent = team.display_name;
}

// --- channels -----------------------------------------------------------------------------------

async function load_channels() {
  const [mine, open, members] = await Promise.all([
    api.get(`/users/me/teams/${team.id}/channels`),
    api.get(`/teams/${team.id}/channels?per_page=100`),
    api.get(`/users/me/teams/${team.id}/channels/members`),
  ]);
  for (const channel of mine) {
    const seen = members.find((m) => m.channel_id === channel.id)?.msg_count ?? channel.total_msg_count;
    const known = channels.get(channel.id);
    channels.set(channel.id, Object.assign(known ?? { posts: new Map(), latest: 0, loaded: false, unread: channel.total_msg_count - seen }, channel));
  }
  await learn_users(mine.filter((c) => c.type === "D").flatMap((c) => c.name.split("__")));
  list_channels(open.filter((c) => !channels.has(c.id)));
}

function title_of(channel) {
  if (channel.type !== "D") return channel.display_name;
  const other = channel.name.split("__").find((id) => id !== me.id) ?? me.id;
  return users.get(other)?.username ?? "someone";
}

function list_channels(others) {
  const item = (channel, open) => {
    const button = element("button", { onclick: open }, element("span", { textContent: title_of(channel) }));
    if (channel.unread > 0) button.append(element("span", { className: "unread", textContent: channel.unread }));
    button.setAttribute("aria-current", channel.id === current?.id);
    button.dataset.channel = channel.name;
    return element("li", {}, button);
  };
  const mine = [...channels.values()].sort((a, b) => title_of(a).localeCompare(title_of(b)));
  const direct = mine.filter((c) => c.type === "D");
  $("channels").replaceChildren(...mine.filter((c) => c.type !== "D").map((c) => item(c, () => open_channel(c))));
  $("direct").replaceChildren(...direct.map((c) => item(c, () => open_channel(c))));
  $("direct-title").hidden = direct.length === 0;
  if (!others) return;
  $("others").replaceChildren(...others.map((c) => item(c, () => join_channel(c))));
  $("others-title").hidden = others.length === 0;
}

async function open_channel(channel) {
  current = channel;
  location.hash = channel.type === "D" ? "" : channel.name;
  $("channel-name").textContent = (channel.type === "D" ? "@" : "# ") + title_of(channel);
  $("message").placeholder = `Write to ${title_of(channel)}`;
  if (!channel.loaded) await load_posts(channel);
  if (current !== channel) return;
  draw_all();
  mark_read(channel);
  $("message").focus();
  await show_members(channel);
}

async function show_members(channel) {
  const members = await api.get(`/channels/${channel.id}/members?per_page=200`);
  if (current === channel) $("channel-members").textContent = members.length === 1 ? "only you" : `${members.length} members`;
}

async function join_channel(channel) {
  await api.ensure(`/channels/${channel.id}/members`, { user_id: me.id });
  await load_channels();
  await open_channel(channels.get(channel.id));
}

async function open_direct(user) {
  const channel = await api.ensure("/channels/direct", [me.id, user.id]);
  await load_channels();
  await open_channel(channels.get(channel.id));
}

$("add-channel").addEventListener("click", () => {
  $("new-channel").hidden = !$("new-channel").hidden;
  $("new-channel").elements.name.focus();
});

$("new-channel").addEventListener("submit", async (event) => {
  event.preventDefault();
  const display_name = event.target.elements.name.value.trim();
  const name = display_name.toLowerCase().replace(/[^a-z0-9_-]+/g, "-");
  const channel = await api.post("/channels", { team_id: team.id, name, display_name, type: "O" });
  event.target.reset();
  event.target.hidden = true;
  await load_channels();
  await open_channel(channels.get(channel.id));
});

function mark_read(channel) {
  channel.unread = 0;
  list_channels();
  api.post("/channels/members/me/view", { channel_id: channel.id }).catch(() => null);
}

// --- posts --------------------------------------------------------------------------------------

async function load_posts(channel) {
  const list = await api.get(`/channels/${channel.id}/posts?per_page=100`);
  await keep_posts(channel, list);
  channel.loaded = true;
}

/** All that changed since the last thing we know; the server gives no more than 1,000 at once. */
async function resync(channel, since) {
  for (;;) {
    const list = await api.get(`/channels/${channel.id}/posts?since=${since}`);
    const changed = Object.values(list.posts);
    await keep_posts(channel, list);
    if (changed.length < 1000) return;
    since = Math.max(...changed.map((post) => post.update_at));
  }
}

async function catch_up() {
  // Events of the new connection arrive meanwhile: what we knew before them is what counts.
  const known = [...channels.values()].filter((c) => c.loaded).map((c) => [c, Math.max(c.latest, 1)]);
  await load_channels();
  await Promise.all(known.map(([channel, since]) => resync(channel, since)));
  if (current) draw_all();
}

async function keep_posts(channel, list) {
  await learn_users(Object.values(list.posts).map((post) => post.user_id));
  for (const post of Object.values(list.posts)) keep_post(channel, post);
}

function keep_post(channel, post) {
  channel.latest = Math.max(channel.latest, post.update_at);
  channel.posts.delete(post.pending_post_id);
  if (post.delete_at) channel.posts.delete(post.id);
  else channel.posts.set(post.id, post);
}

async function learn_users(ids) {
  const wanted = [...new Set(ids)].filter((id) => id && !users.has(id));
  if (wanted.length === 0) return;
  for (const user of await api.ensure("/users/ids", wanted)) users.set(user.id, user);
}

// --- drawing ------------------------------------------------------------------------------------

const hue_of = (text) => [...text].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);
const time_of = (ms) => new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const day_of = (ms) => new Date(ms).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });

function size_text(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < 3) { bytes /= 1000; unit++; }
  return `${bytes < 10 && unit ? bytes.toFixed(1) : Math.round(bytes)} ${units[unit]}`;
}

function paint_face(face, user) {
  face.textContent = user.username.slice(0, 2).toUpperCase();
  face.style.background = `hsl(${hue_of(user.username)} 55% 48%)`;
}

function words_of(message) {
  return message.split(/(@[a-z][a-z0-9._-]*)/).map((part) =>
    part === "@" + me.username ? element("span", { className: "mention", textContent: part }) : part);
}

function file_of(file) {
  const address = `/api/v4/files/${file.id}`;
  if (file.mime_type.startsWith("image/") && file.size < 8e6) {
    return element("a", { href: address, download: file.name }, element("img", { src: address, alt: file.name, loading: "lazy" }));
  }
  const link = element("a", { className: "file", href: address, download: file.name },
    element("b", { textContent: file.name }), element("small", { textContent: size_text(file.size) }));
  link.dataset.kind = file.extension.slice(0, 4) || "file";
  return link;
}

function item_of(post, previous) {
  const author = users.get(post.user_id) ?? { username: "someone" };
  const grouped = previous && previous.user_id === post.user_id && post.create_at - previous.create_at < 300000;
  const body = element("div", { className: "body" }, element("span", { className: "text" }, ...words_of(post.message)));
  if (post.edit_at) body.append(element("span", { className: "edited", textContent: " (edited)" }));
  const files = post.metadata?.files ?? [];
  if (files.length > 0) body.append(element("div", {}, ...files.map(file_of)));
  const item = element("li", {}, body);
  item.dataset.post = post.id;
  if (!grouped) {
    const face = element("span", { className: "face" });
    paint_face(face, author);
    const name = element("b", { textContent: author.username, title: "Write to " + author.username });
    if (author.id && author.id !== me.id) name.onclick = () => open_direct(author);
    item.prepend(face, element("div", { className: "author" }, name, element("time", { textContent: time_of(post.create_at) })));
    item.classList.add("first");
  }
  if (post.pending) item.classList.add("pending");
  if (post.failed) item.classList.add("failed");
  return item;
}

function draw_all() {
  const list = $("messages");
  const at_end = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const sorted = [...current.posts.values()].sort((a, b) => a.create_at - b.create_at);
  const items = [];
  sorted.forEach((post, i) => {
    const previous = sorted[i - 1];
    const new_day = !previous || day_of(previous.create_at) !== day_of(post.create_at);
    if (new_day) items.push(element("li", { className: "day", textContent: day_of(post.create_at) }));
    items.push(item_of(post, new_day ? undefined : previous));
  });
  if (items.length === 0) items.push(element("li", { className: "nothing", textContent: "Nothing here yet. Say hello!" }));
  const channel_changed = list.dataset.channel !== current.id;
  list.dataset.channel = current.id;
  list.replaceChildren(...items);
  if (at_end || channel_changed) list.scrollTop = list.scrollHeight;
}

// --- live -----------------------------------------------------------------------------------------

async function take_event(event) {
  const { data, broadcast } = event;
  if (event.event === "posted" || event.event === "post_edited" || event.event === "post_deleted") {
    const post = JSON.parse(data.post);
    if (!channels.has(post.channel_id)) await load_channels();
    const channel = channels.get(post.channel_id);
    if (!channel) return;
    keep_post(channel, post);
    await learn_users([post.user_id]);
    if (channel === current) {
      draw_all();
      if (document.hasFocus() && post.user_id !== me.id) mark_read(channel);
    } else if (event.event === "posted" && post.user_id !== me.id) {
      channel.unread++;
      list_channels();
    }
  } else if (event.event === "typing" && broadcast.channel_id === current?.id) {
    await learn_users([data.user_id]);
    show_typing(users.get(data.user_id)?.username);
  } else if (["user_added", "direct_added", "channel_created", "user_removed"].includes(event.event)) {
    await load_channels();
    if (current) await show_members(current);
  }
}

let typing_end;
function show_typing(name) {
  $("typing").textContent = name ? `${name} is typing…` : "";
  clearTimeout(typing_end);
  if (name) typing_end = setTimeout(show_typing, 3000);
}

function show_state(state) {
  const words = { live: "live", moving: "moving to another server", lost: "reconnecting" };
  $("connection").dataset.state = state;
  $("connection").lastElementChild.textContent = words[state];
}

function show_version(id) {
  // `1.0.1.1.0.1.<configuration>.false`: the version stands in front, followed by the build.
  const version = id.split(".").slice(0, 3).join(".");
  $("connection").title = "served by version " + version;
  $("refresh").hidden = version === VERSION;
}

$("refresh").querySelector("button").addEventListener("click", () => location.reload());

// --- writing --------------------------------------------------------------------------------------

function add_files(files) {
  for (const file of files) {
    const bar = element("i");
    const remove = element("button", { type: "button", textContent: "×", title: "Remove" });
    const chip = element("div", { className: "upload" }, element("span", { textContent: `${file.name} · ${size_text(file.size)}` }), remove, bar);
    const { answer, cancel } = api.upload(current.id, file, (share) => { bar.style.width = `${share * 100}%`; });
    const upload = { chip, answer, channel: current.id };
    answer.catch((refusal) => { chip.classList.add("failed"); chip.title = refusal.message; });
    remove.onclick = () => { cancel(); chip.remove(); uploads.splice(uploads.indexOf(upload), 1); };
    uploads.push(upload);
    $("uploads").append(chip);
  }
}

$("files").addEventListener("change", (event) => { add_files(event.target.files); event.target.value = ""; });
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => { event.preventDefault(); if (current) add_files(event.dataTransfer.files); });

let told_typing = 0;
$("message").addEventListener("input", (event) => {
  event.target.style.height = "auto";
  event.target.style.height = event.target.scrollHeight + "px";
  if (Date.now() - told_typing > 2500 && event.target.value) {
    told_typing = Date.now();
    live.ask("user_typing", { channel_id: current.id, parent_id: "" });
  }
});
$("message").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("composer").requestSubmit(); }
});

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const channel = current;
  const message = $("message").value.trim();
  const waiting = uploads.filter((u) => u.channel === channel.id);
  if (!message && waiting.length === 0) return;
  $("message").value = "";
  $("message").style.height = "auto";
  const pending_post_id = `${me.id}:${Date.now()}${pendings++}`;
  const draft = { id: pending_post_id, user_id: me.id, message, create_at: Date.now(), pending: true };
  channel.posts.set(pending_post_id, draft);
  draw_all();
  $("messages").scrollTop = $("messages").scrollHeight;
  try {
    const files = await Promise.all(waiting.map((u) => u.answer));
    for (const upload of waiting) { upload.chip.remove(); uploads.splice(uploads.indexOf(upload), 1); }
    const post = await api.ensure("/posts", { channel_id: channel.id, message, pending_post_id, file_ids: files.map((f) => f.id) });
    channel.posts.delete(pending_post_id);
    if (!channel.posts.has(post.id)) channel.posts.set(post.id, post);
  } catch (refusal) {
    Object.assign(draft, { pending: false, failed: true, message: message + `  — not sent: ${refusal.message}` });
  }
  if (current === channel) draw_all();
});

begin();
