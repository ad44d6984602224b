// A release's report in a real browser, as Jenkins serves it: under its content-security policy,
// which lets no script run and no style stand within the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { application, depict } from "./console.js";
import { launch } from "./window.js";

// hudson.model.DirectoryBrowserSupport's own, as Jenkins sends it with files of builds.
const POLICY = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';";
const KINDS = { html: "text/html", css: "text/css" };

let browser, app, server, folder, url;

before(async () => {
  app = await application();
  app.version("1.0.2", { bad: 2 });
  browser = await launch();
  assert.equal(await app.deploy("1.0.1").ended, 0);
  assert.equal(await app.deploy("1.0.2").ended, 5);
  for (const release of ["r2", "r3"]) app.say("1.0.1", "report", release, "--out", join(app.folder, release));
  folder = app.folder;
  server = http.createServer((request, response) => {
    try {
      const body = readFileSync(join(folder, request.url));
      response.writeHead(200, { "Content-Type": KINDS[request.url.split(".").at(-1)], "Content-Security-Policy": POLICY });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  url = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  await browser?.close();
  server?.close();
  app?.leave();
});

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(error.message));
  // The one who is kept from running scripts here is Playwright: the page has none, as is asserted.
  const ours = (said) => /favicon/.test(said.location().url) || /Blocked script execution/.test(said.text());
  page.on("console", (said) => said.type() === "error" && !ours(said) && page.troubles.push(said.text()));
  const answer = await page.goto(url + path);
  assert.doesNotMatch(await answer.text(), /<script|javascript:| on[a-z]+=/i);
  return page;
}

const colour = (page, selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).color);

test("under Jenkins' policy the report is laid out and refuses nothing", { timeout: 60000 }, async () => {
  const page = await open("/r2/index.html");
  assert.match(await page.innerText("h1"), /1\.0\.1/);
  const drawn = await page.locator("svg path").first().boundingBox();
  assert.ok(drawn.width > 300 && drawn.height > 20, JSON.stringify(drawn));
  assert.notEqual(await colour(page, "h1.good"), "rgb(0, 0, 0)", "the style sheet beside the page is used");
  assert.equal(await page.locator(".pill.bad").count(), 0);
  await page.locator("summary").click();
  assert.match(await page.innerText("details pre"), /Way back/);
  assert.deepEqual(page.troubles, []);
  await depict(page, "report");
  await page.context().close();
});

test("a release that was taken back says so, and by which numbers", { timeout: 60000 }, async () => {
  const page = await open("/r3/index.html", { colorScheme: "dark" });
  assert.match(await page.innerText("main"), /requests failed/);
  assert.ok(await page.locator(".pill.bad").count() >= 2);
  assert.ok(await page.locator("line.turn").count() > 0, "the decision to go back is in the charts");
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("the page in one file shows the same, and axe finds nothing serious", { timeout: 60000 }, async () => {
  const axe = readFileSync(join(import.meta.dirname, "node_modules/axe-core/axe.min.js"), "utf8");
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await page.setContent(readFileSync(join(folder, "r3/report.html"), "utf8"));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const serious = violations.filter((each) => ["serious", "critical"].includes(each.impact));
    assert.deepEqual(serious.map((each) => `${each.id}: ${each.nodes[0].html}`), [], colorScheme);
    await context.close();
  }
});
