// Starts crossfade-chat for a test, on a free port, in a temporary folder.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

function binary() {
  const folders = [process.env.CROSSFADE_BIN, join(ROOT, "build/release/bin"), join(ROOT, "build/dev/bin")];
  const found = folders.filter(Boolean).map((folder) => join(folder, "crossfade-chat")).find(existsSync);
  if (!found) throw new Error("crossfade-chat is not built: ./x build");
  return found;
}

/** A folder that goes away by `remove()`. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "chat-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The page's files of a version, below `folder`. */
export function makeAssets(version, folder) {
  const path = join(folder, `assets-${version}`);
  execFileSync(join(ROOT, "examples/chat/package"), ["--version", version, "--assets", path]);
  return path;
}

/** A PostgreSQL server in `folder`; gives its URL and a way to stop it, or nothing where there is none. */
export function startPostgres(folder) {
  const script = join(ROOT, "tests/postgres");
  try {
    const url = execFileSync(script, ["start", folder, "--fast"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return { url, stop: () => execFileSync(script, ["stop", folder]) };
  } catch {
    return null;
  }
}

/** An instance that listens; instances in the same folder share database and files. */
export async function startInstance(folder, options = {}) {
  const wanted = {
    "--listen": "127.0.0.1:0",
    "--database": join(folder, "chat.db"),
    "--files": join(folder, "files"),
    ...options,
  };
  const child = spawn(binary(), Object.entries(wanted).flat(), { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  const address = await new Promise((done, failed) => {
    child.once("exit", (code) => failed(new Error(`crossfade-chat ended with ${code}: ${log}`)));
    child.stderr.on("data", (text) => {
      log += text;
      const found = log.match(/listening address=(\S+)/);
      if (found) done(found[1]);
    });
  });
  const ended = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));
  return {
    url: `http://${address}`,
    address,
    pid: child.pid,
    log: () => log,
    ended,
    /** Sends a signal and waits for the end; gives the exit code. */
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** The first truthy answer of `condition`; fails at the deadline. */
export async function eventually(condition, what = "a condition", deadlineMs = 10000) {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
