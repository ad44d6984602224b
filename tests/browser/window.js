// A window of the chat's page in Debian's Chromium, and what a person does in it.
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** A window of somebody's own: its cookies are nobody else's. */
export async function enter(browser, name, url) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(error.message));
  await page.goto(url);
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", "secret");
  await page.click("[data-action=create]");
  await page.waitForSelector("#connection[data-state=live]");
  return page;
}

export async function say(page, text) {
  await page.fill("#message", text);
  await page.press("#message", "Enter");
}

export const texts = (page) =>
  page.$$eval("#messages .text", (all) => all.map((each) => each.textContent));

export const sees = (page, text, deadlineMs = 10000) => page.waitForFunction(
  (wanted) => [...document.querySelectorAll("#messages .text")].some((each) => each.textContent === wanted),
  text, { timeout: deadlineMs });

export const shot = async (page, name) =>
  process.env.SCREENSHOTS && page.screenshot({ path: join(process.env.SCREENSHOTS, name + ".png") });
