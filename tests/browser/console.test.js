// The console in a real browser, before a real application: it follows releases, acts for those who
// may, and stays text whatever it is told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { application, headline, until } from "./console.js";
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

test("the page follows a release to its end", { timeout: 120000 }, async () => {
  const page = await app.open(browser);
  await headline(page, "SERVING");
  await page.evaluate(() => {
    window.delays = [];
    new MutationObserver((changes) => {
      for (const change of changes) for (const row of change.addedNodes) {
        const time = row.querySelector?.("time");
        if (time) window.delays.push(Date.now() - Date.parse(time.dateTime));
      }
    }).observe(document.querySelector("#journal-rows ol"), { childList: true });
  });
  const running = app.deploy("1.0.1");
  await until(page, () => document.querySelector("#what").textContent.includes("1.0.0 → 1.0.1"));
  await headline(page, "WATCHING");
  assert.equal(await running.ended, 0);
  await until(page, () => document.querySelector("#headline").textContent === "SERVING"
    && document.querySelector("#journal-rows").textContent.includes("ended"));
  const delays = (await page.evaluate(() => window.delays)).filter((each) => each < 30000).sort((a, b) => a - b);
  assert.ok(delays.length > 20, `${delays.length} records came while it was open`);
  console.log(`journal to page: ${delays.length} records, median ${delays[delays.length >> 1]} ms, worst ${delays.at(-1)} ms`);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
