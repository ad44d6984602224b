// The console in a real browser, before a real application: it follows releases, acts for those who
// may, and stays text whatever it is told.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { application, depict, headline, until } from "./console.js";
import { launch } from "./window.js";

let browser, app;

before(async () => {
  app = await application();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  app?.leave();
});

const text = (page, selector) => page.locator(selector).first().innerText();

/** Presses a deed's button, reads what it says it will do, and agrees. */
async function act(page, verb, says) {
  await page.locator(`#deed-${verb}`).click({ timeout: 8000 }).catch(async (error) => {
    throw new Error(`${error.message}; the page says: ${await text(page, ".hero")}`);
  });
  const consequence = await text(page, "dialog .consequence");
  assert.match(consequence, says, `the consequence of ${verb}`);
  await page.locator("dialog button[type=submit]").click();
  await page.locator("dialog").waitFor({ state: "detached" });
}

async function signIn(page, secret) {
  await page.locator("#sign-in").click();
  await page.locator("dialog input[name=token]").fill(secret);
  await page.locator("dialog button[type=submit]").click();
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** How long each record took from the journal to the page. */
const measure = (page) => page.evaluate(() => {
  window.delays = [];
  const first = Math.max(0, ...[...document.querySelectorAll(".record")].map((row) => Number(row.dataset.index)));
  const seen = new Set();
  new MutationObserver((changes) => {
    for (const change of changes) for (const row of change.addedNodes) {
      const index = Number(row.dataset?.index);
      if (!(index > first) || seen.has(index)) continue;
      seen.add(index);
      window.delays.push(Date.now() - Date.parse(row.querySelector("time").dateTime));
    }
  }).observe(document.querySelector("#journal-rows ol"), { childList: true });
});

test("the page follows a release and steers it: pause, resume, promote, roll back", { timeout: 120000 }, async () => {
  const page = await app.open(browser);
  await headline(page, "SERVING");
  assert.equal(await page.locator("#deed-rollback").count(), 0, "nobody may act without a token");
  await signIn(page, app.token("operate"));
  await measure(page);
  const running = app.deploy("1.0.1");
  await until(page, () => document.querySelector("#what").textContent.includes("1.0.0 → 1.0.1"));
  await until(page, () => document.querySelector("#share").textContent.includes("1.0.1: set 25 %"));
  await act(page, "pause", /stays at 25 % of new requests on 1\.0\.1 until somebody resumes/);
  await headline(page, "PAUSED");
  await until(page, () => document.querySelectorAll(".chart canvas").length === 5);
  await depict(page, "console-paused");
  await act(page, "resume", /goes on from 25 %/);
  await until(page, () => document.querySelector("#headline").textContent !== "PAUSED");
  await act(page, "promote", /skips the holds/);
  assert.equal(await running.ended, 0);
  await until(page, () => document.querySelector("#headline").textContent === "SERVING"
    && document.querySelector("#what").textContent.includes("1.0.1")
    && document.querySelector("#journal-rows").textContent.includes("succeeded"));
  const delays = (await page.evaluate(() => window.delays)).sort((a, b) => a - b);
  assert.ok(delays.length > 20, `${delays.length} records came while the page was open`);
  console.log(`# journal to page: ${delays.length} records, median ${delays[delays.length >> 1]} ms, `
    + `${delays.filter((each) => each <= 500).length} within 500 ms, worst ${delays.at(-1)} ms`);
  await act(page, "rollback", /1\.0\.0 comes back in place of 1\.0\.1/);
  await until(page, () => document.querySelector("#what").textContent.includes("1.0.1 → 1.0.0")
    && document.querySelector("#headline").textContent === "SERVING", null, 30000);
  assert.match(await text(page, ".releases tbody tr:first-child"), /rollback/);
  assert.match(await text(page, ".releases tbody tr:first-child"), /console ada \(t\d+, made by user \w+\)/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("an abort takes a release back, and the journal says who and why", { timeout: 60000 }, async () => {
  const page = await app.open(browser);
  await signIn(page, app.token("operate", "1h", "ben"));
  const running = app.deploy("1.0.1");
  await until(page, () => document.querySelector("#share").textContent.includes("1.0.1: set 25 %"));
  await page.locator("#deed-abort").click();
  assert.match(await text(page, "dialog .consequence"), /All new requests go to 1\.0\.0 at once.*25 % on 1\.0\.1 become 0 %/s);
  await page.locator("dialog input[name=reason]").fill("<i>checkout</i> is slow");
  await page.locator("dialog button[type=submit]").click();
  await headline(page, "ROLLED BACK");
  assert.equal(await running.ended, 5);
  await page.locator("#journal-kind").selectOption("people");
  await until(page, () => document.querySelector("#journal-rows").textContent.includes("abort"));
  const journal = app.say("1.0.0", "history", "--journal", "--output", "json");
  assert.match(journal, /console ben \(t\d+, made by user \w+\): <i>checkout<\/i> is slow/);
  await page.locator("#journal-kind").selectOption("all");
  await page.locator("#journal-text").fill("checkout");
  await until(page, () => /^\d+ of \d+ records$/.test(document.querySelector(".journal .note").textContent.replaceAll(",", "")));
  assert.equal(await page.locator("i:text('checkout')").count(), 0);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

/** A request as a program sends it, with any Host. */
const send = (method, path, headers, body = "") => new Promise((done, fail) => {
  const { hostname, port } = new URL(app.url);
  const request = http.request({ hostname, port, path, method, headers }, (answer) => {
    let all = "";
    answer.on("data", (bytes) => { all += bytes; });
    answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: all }));
  });
  request.on("error", fail);
  request.end(body);
});

test("nobody acts without a token that holds, from another site, or by another name", { timeout: 60000 }, async () => {
  const page = await app.open(browser);
  const short = app.token("operate", "3s");
  await signIn(page, short);
  await page.locator("#deed-rollback").or(page.locator(".deeds .note:text('may act')")).first().waitFor();
  await page.locator("#sign-in").waitFor({ state: "visible", timeout: 15000 });
  assert.equal(await page.locator("[id^=deed-]").count(), 0);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, "the token is forgotten");

  const status = JSON.parse(app.say("1.0.0", "status", "--output", "json"));
  const wish = JSON.stringify({ verb: "rollback", run: status.run, state: status.state });
  const post = (headers) => send("POST", "/api/v1/deeds", { Host: new URL(app.url).host, "Content-Type": "application/json", ...headers }, wish);
  const field = { "X-Crossfade": "1" };
  assert.equal((await post({ ...field })).status, 401);
  assert.equal((await post({ ...field, Authorization: `Bearer ${short}` })).status, 401, "it is over");
  assert.equal((await post({ ...field, Authorization: `Bearer ${app.token("view")}` })).status, 403);
  const operate = { Authorization: `Bearer ${app.token("operate")}` };
  assert.equal((await post({ ...operate })).status, 403, "a form of another site cannot send the field");
  assert.equal((await post({ ...field, ...operate, Origin: "http://evil.example" })).status, 403);
  assert.equal((await post({ ...field, ...operate, Host: "evil.example" })).status, 421);
  assert.equal((await send("GET", "/api/v1/overview", { Host: "evil.example" })).status, 421);
  const plain = await send("GET", "/api/v1/overview", { Host: new URL(app.url).host, Origin: "http://evil.example" });
  assert.equal(plain.headers["access-control-allow-origin"], undefined);
  assert.match(plain.headers["content-security-policy"], /default-src 'none'; script-src 'self'/);
  const after = JSON.parse(app.say("1.0.0", "status", "--output", "json"));
  assert.deepEqual(after.journal, status.journal, "nothing was done");
  await page.context().close();
});

const consolePid = () => JSON.parse(readFileSync(join(app.folder, "state/console/address.json"), "utf8")).pid;

const NASTY = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>"'&javascript:`;

test("what versions, hooks, people and instances say stays text", { timeout: 60000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const spoil = (value, key) => Array.isArray(value) ? value.map((each) => spoil(each, key))
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoil(each, name)]))
    : typeof value === "string" && !/^(at|since|over|until|when|begun|ended|entered|passed|cursor|schema|verb|place|role|state|stage)$/.test(key) && Number.isNaN(Date.parse(value))
      ? `${NASTY} ${value}` : value;
  await page.route("**/api/v1/overview*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: spoil(await answer.json(), "") });
  });
  await page.route("**/api/v1/journal*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: spoil(await answer.json(), "") });
  });
  await page.route("**/api/v1/logs/*", (route) => route.fulfill({ json: { lines: [NASTY, NASTY] } }));
  await page.route("**/api/v1/events", (route) => route.abort());
  await page.goto(app.url);
  await until(page, () => document.querySelectorAll(".record").length > 3);
  for (const where of ["#why", "#what", ".instances", ".releases", "#journal-rows", "#share"])
    assert.ok((await page.locator(where).innerText()).includes("<img src=x"), `${where} shows it as it is`);
  await page.locator(".instance button").first().click();
  await page.locator("dialog pre:has-text('onerror')").waitFor();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator("img, main script").count(), 0);
  await context.close();
});

test("a journal of 10,000 records is listed, searched and scrolled with a few rows", { timeout: 60000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const all = Array.from({ length: 10000 }, (_, at) => ({ index: at + 1, at: new Date(1.7e12 + at * 1000).toISOString(), run: `r${1 + (at >> 6)}`,
    actor: "user ada", kind: ["entered", "intent", "result", "passed", "verdict"][at % 5], text: `step-${at} of a long release` }));
  await page.route("**/api/v1/journal?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const end = query.has("before") ? Number(query.get("before")) - 1 : all.length;
    const first = Math.max(0, end - Number(query.get("limit")));
    return route.fulfill({ json: { lines: all.slice(first, end).reverse(), before: first > 0 ? first + 1 : null } });
  });
  await page.route("**/api/v1/events", (route) => route.abort());
  await page.goto(app.url);
  await until(page, () => document.querySelector(".journal .note").textContent === "10,000 records");
  const smooth = await page.evaluate(async () => {
    const view = document.querySelector("#journal-rows");
    const frames = [], drawn = [];
    let rows = 0, last = performance.now();
    for (let i = 0; i < 60; i++) {
      view.scrollTop = (i / 60) * view.scrollHeight;
      const began = performance.now();
      view.dispatchEvent(new Event("scroll"));
      drawn.push(performance.now() - began);
      await new Promise((done) => requestAnimationFrame(done));
      frames.push(performance.now() - last);
      last = performance.now();
      rows = Math.max(rows, document.querySelectorAll(".record").length);
    }
    const sorted = (list) => list.sort((a, b) => a - b);
    return { rows, frames: sorted(frames), drawn: sorted(drawn) };
  });
  console.log(`# scrolling 10,000 records: script ${smooth.drawn[30].toFixed(1)} ms a frame, worst ${smooth.drawn.at(-1).toFixed(1)} ms; `
    + `frames painted without a GPU: median ${smooth.frames[30].toFixed(1)} ms; at most ${smooth.rows} rows exist`);
  assert.ok(smooth.rows < 60, `${smooth.rows} rows exist at once`);
  await page.locator("#journal-rows").evaluate((view) => { view.scrollTop = view.scrollHeight; });
  await until(page, () => document.querySelector('.record[data-index="1"]') !== null);
  await page.locator("#journal-text").fill("step-4711 ");
  await until(page, () => document.querySelectorAll(".record").length === 1);
  assert.match(await text(page, ".record"), /step-4711 of a long release/);
  await context.close();
});

test("a page that was cut off goes on with what it missed", { timeout: 60000 }, async () => {
  const page = await app.open(browser);
  await headline(page, "ROLLED BACK").catch(() => headline(page, "SERVING"));
  await until(page, () => document.querySelector("#link").dataset.link === "live");
  // Its console dies, and for a while no other answers it.
  await page.route("**/api/v1/events", (route) => route.abort());
  process.kill(consolePid(), "SIGKILL");
  await until(page, () => document.querySelector("#link").dataset.link === "lost");
  assert.match(await text(page, "#link"), /Reconnecting: what you see is of \d/);
  app.version("1.0.2", { bad: 3 });
  const running = app.deploy("1.0.2");
  assert.equal(await running.ended, 5, "a bad release is taken back");
  await page.unroute("**/api/v1/events");
  await headline(page, "ROLLED BACK");
  await until(page, () => document.querySelector("#what").textContent.includes("1.0.2"));
  const seen = new Set();
  const height = await page.locator("#journal-rows ol").evaluate((list) => list.clientHeight);
  for (let top = 0; top <= height; top += 500) {
    await page.locator("#journal-rows").evaluate((view, to) => { view.scrollTop = to; }, top);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    for (const index of await page.$$eval(".record", (rows) => rows.map((row) => Number(row.dataset.index)))) seen.add(index);
  }
  const records = JSON.parse(app.say("1.0.0", "status", "--output", "json")).journal.records;
  assert.deepEqual([...seen].sort((a, b) => a - b), Array.from({ length: records }, (_, at) => at + 1));
  assert.deepEqual(page.troubles.filter((each) => !/ERR_/.test(each)), []);
  await depict(page, "console", { clip: { x: 0, y: 0, width: 1280, height: 1200 } });
  await page.context().close();
});

test("axe finds nothing serious, light and dark, wide and narrow", { timeout: 90000 }, async () => {
  const axe = readFileSync(join(import.meta.dirname, "node_modules/axe-core/axe.min.js"), "utf8");
  for (const [name, options] of Object.entries({
    light: { colorScheme: "light" },
    "dark-phone": { colorScheme: "dark", viewport: { width: 390, height: 844 } },
  })) {
    const page = await app.open(browser, { bypassCSP: true, ...options });
    await until(page, () => document.querySelectorAll(".record").length > 3);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const grave = violations.filter((each) => ["serious", "critical"].includes(each.impact));
    assert.deepEqual(grave.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).slice(0, 3).join("; ")}`), [], name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name}: ${wide} pixels wider than the window`);
    await depict(page, `console-${name}`);
    await page.context().close();
  }
});

test("the page is small, and fifty of them are cheap", { timeout: 60000 }, async () => {
  let bytes = 0;
  for (const file of ["/", "/app.js", "/app.css", "/good.svg"]) {
    const answer = await send("GET", file, { Host: new URL(app.url).host, "Accept-Encoding": "gzip" });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-encoding"], "gzip");
    bytes += Number(answer.headers["content-length"]);
  }
  assert.ok(bytes < 100_000, `${bytes} bytes`);
  const pid = consolePid();
  const ticksOf = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((sum, each) => sum + Number(each), 0);
  const leave = new AbortController();
  let heard = 0;
  const pages = Array.from({ length: 50 }, async () => {
    const answer = await fetch(new URL("/api/v1/events", app.url), { signal: leave.signal });
    for await (const piece of answer.body) heard += piece.length;
  });
  while (heard < 50 * 100) await new Promise((done) => setTimeout(done, 20));
  const before = ticksOf(), began = Date.now();
  await new Promise((done) => setTimeout(done, 5000));
  const share = (ticksOf() - before) / 100 / ((Date.now() - began) / 1000);
  leave.abort();
  await Promise.allSettled(pages);
  console.log(`# the page is ${bytes} bytes gzipped; 50 open pages cost the console ${(100 * share).toFixed(1)} % of a core`);
  assert.ok(share < 0.25, "far beyond the 5 % that it should cost");
});
