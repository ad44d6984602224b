// What a bad version does wrong, by flag.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { eventually, startInstance, temporaryFolder } from "../instance.js";

let folder;
before(() => { folder = temporaryFolder(); });
after(() => folder.remove());

const start = (fault) => startInstance(folder.path, { "--fault": fault });
const ping = (instance) => fetch(`${instance.url}/api/v4/system/ping`);

test("crash-on-boot ends before it listens", async () => {
  await assert.rejects(start("crash-on-boot"), /ended with 1/);
});

test("crash-after ends by itself", async () => {
  const instance = await start("crash-after=200ms");
  assert.equal(await instance.ended, 70);
});

test("slow-start listens late", async () => {
  const begun = performance.now();
  const instance = await start("slow-start=400ms");
  assert.ok(performance.now() - begun >= 400);
  assert.equal((await ping(instance)).status, 200);
  assert.equal(await instance.stop(), 0);
});

test("latency is added to the API and not to health", async () => {
  const instance = await start("latency=30s");
  const slow = fetch(`${instance.url}/api/v4/config/client`).then(() => "answered", () => "cut");
  assert.equal((await ping(instance)).status, 200);
  await instance.stop("SIGKILL");
  assert.equal(await slow, "cut");
});

test("a leak grows", async () => {
  const { readFileSync } = await import("node:fs");
  const instance = await start("leak=100MB/s");
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${instance.pid}/status`))[1]);
  const before = resident();
  await eventually(() => resident() > before + 20_000, "20 MB more");
  assert.equal(await instance.stop(), 0);
});
