// A small application under Crossfade, for tests of the console: two instances of a web server in
// Python, versions that are folders, and the users that a canary needs.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../../examples/chat/tests/instance.js";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const BIN = process.env.CROSSFADE_BIN ?? join(ROOT, "build/release/bin");

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

const SERVER = `
import http.server, os, sys
version, host, port, bad = sys.argv[1:5]
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = 0
    def do_GET(self):
        Answer.asked += 1
        fails = bad != "0" and self.path != "/health" and Answer.asked % int(bad) == 0
        body = version.encode()
        self.send_response(503 if fails else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
print("<b>hello</b> of", version, flush=True)
http.server.ThreadingHTTPServer((host, int(port)), Answer).serve_forever()
`;

const spec = (version, listen, { bad = 0, hooks = "", gates = "" } = {}) => `
application: shop
version: ${version}
listen: ${listen}
artifact: server.py
service:
  command: [/usr/bin/python3, "\${artifact}/server.py", "${version}", "\${address}", "\${port}", "${bad}"]
  instances: 2
  health: {path: /health, interval: 200ms, timeout: 150ms}
  boot_deadline: 20s
  stop_grace: 2s
strategy:
  steps: [{weight: 25%, hold: 2s}, {weight: 50%, hold: 2s}]
  settle: 200ms
  settle_before_leaving: 300ms
  bake: 1s
  drain: {deadline: 10s}
guard: {error_rate_max: 2%, interval: 250ms, harm: at most 100 requests}
${hooks}${gates}`;

/** An application that serves 1.0.0, with users; `leave` takes it down. */
export async function application() {
  const folder = temporaryFolder();
  const listen = `127.0.0.1:${await freePort()}`;
  const leaving = [];
  const app = { folder: folder.path, listen };

  app.version = (version, options) => {
    mkdirSync(join(folder.path, version), { recursive: true });
    writeFileSync(join(folder.path, version, "server.py"), SERVER);
    writeFileSync(join(folder.path, version, "crossfade.yaml"), spec(version, listen, options));
  };
  const at = (version) => ({ cwd: join(folder.path, version), env: { ...process.env, CROSSFADE_STATE: join(folder.path, "state") } });
  app.say = (version, ...words) => execFileSync(join(BIN, "crossfade"), words, { ...at(version), stdio: ["ignore", "pipe", "pipe"] }).toString();
  app.deploy = (version) => {
    const child = spawn(join(BIN, "crossfade"), ["deploy", "--yes"], { ...at(version), stdio: "ignore" });
    leaving.push(() => child.kill());
    const running = { over: false };
    running.ended = new Promise((done) => child.once("exit", (code) => { running.over = true; done(code); }));
    return running;
  };
  app.token = (role, span = "1h", name = "ada") =>
    app.say("1.0.0", "console", "token", "--role", role, "--for", span, "--name", name).trim();
  app.open = async (browser, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.troubles = [];
    page.on("pageerror", (error) => page.troubles.push(error.message));
    page.on("console", (said) => said.type() === "error" && !/Failed to load resource/.test(said.text()) && page.troubles.push(said.text()));
    await page.goto(app.url);
    return page;
  };
  app.leave = () => {
    for (const each of leaving) each();
    app.say("1.0.0", "down", "--now");
    folder.remove();
  };

  app.version("1.0.0");
  app.version("1.0.1");
  const told = JSON.parse(app.say("1.0.0", "up", "--output", "json").trim().split("\n").at(-1));
  app.url = told.console;
  app.url ??= JSON.parse(app.say("1.0.0", "up", "--output", "json").trim().split("\n").at(-1)).console;
  const ask = () => fetch(`http://${listen}/`).then((answer) => answer.text()).catch(() => {});
  const timer = setInterval(ask, 20);
  leaving.push(() => clearInterval(timer));
  return app;
}

/** Waits for `look` to be true in the page. Playwright's own way needs `eval`, which the page forbids. */
export async function until(page, look, argument, deadlineMs = 20000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    if (await page.evaluate(look, argument)) return;
    if (Date.now() > end) throw new Error(`never came: ${look} ${argument ?? ""}; the page says: ${await page.innerText("body").catch(() => "")}`.slice(0, 3000));
    await new Promise((done) => setTimeout(done, 25));
  }
}
export const headline = (page, word, deadlineMs) =>
  until(page, (wanted) => document.querySelector("#headline").textContent === wanted, word, deadlineMs);

/** A picture, where one is wanted: `SCREENSHOTS` names the folder. */
export const depict = async (page, name, more = {}) =>
  process.env.SCREENSHOTS && page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true, ...more });
