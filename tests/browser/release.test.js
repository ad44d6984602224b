// Two people keep talking in their browsers while the release under them changes.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../../examples/chat/tests/instance.js";
import { enter, launch, say, sees, shot, texts } from "./window.js";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const BIN = process.env.CROSSFADE_BIN ?? join(ROOT, "build/release/bin");

let browser, folder, url;
const leaving = [];

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

/** What a person types in the folder of a version; all versions share one state. */
const at = (version) => ({ cwd: join(folder.path, version), env: { ...process.env, CROSSFADE_STATE: join(folder.path, "state") } });
const crossfade = (version, ...words) => execFileSync(join(BIN, "crossfade"), words, { ...at(version), stdio: "pipe" });

/** Starts a deploy; `ended` gives its exit code. */
function deploy(version) {
  const child = spawn(join(BIN, "crossfade"), ["deploy", "--yes"], { ...at(version), stdio: "ignore" });
  leaving.push(() => child.kill());
  const running = { over: false };
  running.ended = new Promise((done) => child.once("exit", (code) => { running.over = true; done(code); }));
  return running;
}

/** Fifty requests a second of other people: a release that nobody uses cannot be judged, and holds. */
function crowd() {
  const ask = () => fetch(`${url}/api/v4/config/client?format=old`).then((answer) => answer.text()).catch(() => {});
  const timer = setInterval(ask, 20);
  leaving.push(() => clearInterval(timer));
}

before(async () => {
  folder = temporaryFolder();
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}`;
  execFileSync(join(ROOT, "examples/chat/package"),
    ["--out", folder.path, "--binary", join(BIN, "crossfade-chat"), "--listen", listen], { stdio: "ignore" });
  crossfade("1.0.0", "up");
  browser = await launch();
});

after(async () => {
  for (const leave of leaving) leave();
  await browser?.close();
  crossfade("1.0.0", "down", "--now");
  folder.remove();
});

test("two windows see each other's messages through good and bad releases, each once", { timeout: 240000 }, async () => {
  const mia = await enter(browser, "mia", url);
  const ben = await enter(browser, "ben", url);
  crowd();
  const said = [];
  for (const [version, wanted] of [["1.0.1", 0], ["1.0.2", 5], ["2.0.0", 0]]) {
    const running = deploy(version);
    while (!running.over) {
      const text = `${version}: message ${said.length}`;
      said.push(text);
      await say(said.length % 2 ? mia : ben, text);
      await sees(said.length % 2 ? ben : mia, text, 20000);
    }
    assert.equal(await running.ended, wanted, `the deploy of ${version}`);
  }
  await say(mia, "all there?");
  await sees(ben, "all there?");
  for (const page of [mia, ben]) {
    const seen = await texts(page);
    for (const text of said) assert.equal(seen.filter((each) => each === text).length, 1, text);
    assert.deepEqual(page.troubles, []);
  }
  await shot(ben, "through-releases");
  await Promise.all([mia.context().close(), ben.context().close()]);
});
