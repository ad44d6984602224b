// Two people with the chat's page open in two windows of a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { eventually, makeAssets, startInstance, temporaryFolder } from "../../examples/chat/tests/instance.js";
import { enter as enterAt, launch, say, sees, shot, texts } from "./window.js";

let browser, folder, instance;

before(async () => {
  folder = temporaryFolder();
  browser = await launch();
  instance = await startInstance(folder.path, { "--assets": makeAssets("1.0.0", folder.path) });
});

after(async () => {
  await browser?.close();
  await instance?.stop();
  folder.remove();
});

const enter = (name) => enterAt(browser, name, instance.url);

test("two windows see each other's messages, files too, without reloading", async () => {
  const mia = await enter("mia");
  const ben = await enter("ben");
  await say(mia, "Hello @ben, can you see this?");
  await sees(ben, "Hello @ben, can you see this?");
  await say(ben, "At once. Two windows, one conversation.");
  await sees(mia, "At once. Two windows, one conversation.");

  const path = join(folder.path, "numbers.csv");
  writeFileSync(path, "a,b\n1,2\n".repeat(1000));
  await mia.setInputFiles("#files", path);
  await say(mia, "The numbers:");
  await sees(ben, "The numbers:");
  const link = await ben.waitForSelector("a.file");
  const [download] = await Promise.all([ben.waitForEvent("download"), link.click()]);
  assert.equal(download.suggestedFilename(), "numbers.csv");

  await ben.type("#message", "typing");
  await mia.waitForFunction(() => document.getElementById("typing").textContent.includes("ben is typing"));
  await shot(mia, "chat");
  await mia.emulateMedia({ colorScheme: "dark" });
  await shot(mia, "chat-dark");
  assert.deepEqual(await texts(mia), await texts(ben));
  assert.deepEqual([...mia.troubles, ...ben.troubles], []);
  await Promise.all([mia.context().close(), ben.context().close()]);
});

test("what a server fails to take is sent again, and appears once", async () => {
  const mia = await enter("mia2");
  const ben = await enter("ben2");
  const failures = { "**/api/v4/posts": 2, "**/api/v4/users/ids": 1 };
  for (const page of [mia, ben]) {
    for (const [path, count] of Object.entries(failures)) {
      const broken = { status: 500, contentType: "application/json", body: '{"message":"out of order"}' };
      await page.route(path, (route) => route.fulfill(broken), { times: count });
    }
  }
  await say(mia, "in spite of all");
  await sees(ben, "in spite of all");
  const seen = await texts(ben);
  assert.equal(seen.filter((each) => each === "in spite of all").length, 1);
  await Promise.all([mia.context().close(), ben.context().close()]);
});

test("a channel made in one window can be joined in the other, and counts what is unread", async () => {
  const eva = await enter("eva");
  const tom = await enter("tom");
  await eva.click("#add-channel");
  await eva.fill("#new-channel input", "Release plans");
  await eva.press("#new-channel input", "Enter");
  await eva.waitForFunction(() => document.getElementById("channel-name").textContent === "# Release plans");
  await tom.reload();
  await tom.click("#others button[data-channel=release-plans]");
  await tom.waitForFunction(() => document.getElementById("channel-name").textContent === "# Release plans");
  await tom.click("#channels button[data-channel=town-square]");
  await tom.waitForFunction(() => document.getElementById("channel-name").textContent === "# Town Square");
  await say(eva, "Friday");
  await tom.waitForSelector("button[data-channel=release-plans] .unread");
  await tom.click("#channels button[data-channel=release-plans]");
  await sees(tom, "Friday");
  await shot(tom, "unread");
  assert.deepEqual([...eva.troubles, ...tom.troubles], []);
  await Promise.all([eva.context().close(), tom.context().close()]);
});

test("when the server is replaced by a new version nothing is lost, and the page says so", async () => {
  const port = instance.address.split(":")[1];
  const old = instance;
  const lea = await enter("lea");
  const max = await enter("max");
  await say(lea, "before");
  await sees(max, "before");
  await old.stop();
  await say(lea, "in between");
  instance = await startInstance(folder.path,
    { "--listen": `127.0.0.1:${port}`, "--version": "2.0.0", "--assets": makeAssets("2.0.0", folder.path), "--motd": "Version 2 is here" });
  await sees(max, "in between");
  await say(max, "after");
  await sees(lea, "after");
  assert.equal(await max.isVisible("#refresh"), true);
  const colour = (page) => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent"));
  const before = await colour(max);
  await max.click("#refresh button");
  await max.waitForSelector("#connection[data-state=live]");
  await sees(max, "after");
  assert.notEqual(await colour(max), before);
  assert.equal(await max.isVisible("#refresh"), false);
  assert.equal((await texts(max)).filter((text) => text === "in between").length, 1);
  await shot(max, "version-2");
  await Promise.all([lea.context().close(), max.context().close()]);
});

test("a wrong password is refused in words", async () => {
  const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
  await page.goto(instance.url);
  await page.fill("[name=username]", "nobody");
  await page.fill("[name=password]", "secret");
  await page.click("[data-action=login]");
  await eventually(async () => /password/.test(await page.textContent("#entry .error")), "the words");
  await shot(page, "entry");
  await page.close();
});
