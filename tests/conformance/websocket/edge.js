// An edge with one target: the HTTP server of this process.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const BIN = process.env.CROSSFADE_BIN ?? join(ROOT, "build/release/bin");
const DEADLINE_MS = 20_000;

/// Waits for the first truthy answer of `condition`.
export async function eventually(condition, what) {
  const until = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function ask(socketPath, method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, headers: { "Content-Type": "application/json" } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => (answer.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(text))));
    });
    request.on("error", reject);
    request.end(body && JSON.stringify(body));
  });
}

/// Starts an edge that forwards all to `127.0.0.1:targetPort`; its port, and a way to end it.
export async function startEdge(targetPort, forward = {}) {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-websocket-"));
  const state = join(folder, "state");
  mkdirSync(state);
  const edge = spawn(join(BIN, "crossfade"), ["edge", "--workers", "1", "--state", state], { stdio: "ignore" });
  const gone = new Promise((resolve) => edge.on("exit", resolve));
  const admin = (...words) => ask(join(state, "edge.sock"), ...words);
  await eventually(() => admin("GET", "/v1/health").then(() => true, (error) => !/ENOENT|ECONNREFUSED/.test(error.code)), "the edge");
  const write = { fence: 1, token: "conformance" };
  await admin("PUT", "/v1/config", { ...write, config: {
    listeners: [{ name: "plain", address: "127.0.0.1:0" }],
    groups: { app: { health: { path: "/health", interval_ms: 1000 } } },
    rules: [{ priority: 1, path: "*", forward: { weights: { app: 1 }, ...forward } }],
  } });
  await admin("PUT", "/v1/groups/app/targets/t", { ...write, address: `127.0.0.1:${targetPort}` });
  await eventually(async () => (await admin("GET", "/v1/groups")).groups.app.targets[0].state === "healthy", "a healthy target");
  const health = await admin("GET", "/v1/health");
  return {
    port: Number(health.listeners[0].address.split(":").pop()),
    admin,
    async stop() {
      edge.kill("SIGTERM");
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000, "late"))]);
      edge.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/// What becomes of sockets whose target is left. Until then both relay the same bytes.
export const MODES = ["drain", "swap"];

/// An edge for each mode, by its name.
export async function startEdges(targetPort) {
  const started = {};
  for (const mode of MODES) started[mode] = await startEdge(targetPort, { sockets: mode });
  return started;
}
