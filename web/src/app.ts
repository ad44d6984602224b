// The page: one model, and parts that draw what they are for.
import "uplot/dist/uPlot.min.css";
import "./app.css";
import { Charts } from "./charts";
import { Deeds } from "./deeds";
import { h, mark, say } from "./dom";
import { Hero, tone } from "./hero";
import { Instances } from "./instances";
import { Journal } from "./journal";
import { Model } from "./model";
import { ObjectiveCard } from "./objective";
import { Pools } from "./pools";
import { Rail } from "./rail";
import { Releases } from "./releases";
import { clock } from "./words";

const SIGNS = { good: "✓", watch: "◷", warn: "!", bad: "✕", plain: "·" };

const model = new Model(() => draw());
const hero = new Hero();
const deeds = new Deeds(model, hero.deeds);
const cards = [new Pools(), new Instances(), new ObjectiveCard(), new Charts(), new Rail(), new Releases(), new Journal(model)];
const parts = [hero, deeds, ...cards];

const link = h("p", { id: "link", class: "link", role: "status" });
document.body.append(
  h("a", { class: "skip", href: "#main" }, "To the verdict"),
  h("header", {}, h("p", { class: "brand" }, "Crossfade"), link),
  h("main", { id: "main", tabindex: -1 }, hero.element, ...cards.map((card) => card.element)));

function drawLink(): void {
  const silent = Date.now() - model.heard;
  const stale = model.link !== "live" || silent > 5000;
  mark(link, "data-link", stale ? "lost" : "live");
  document.body.classList.toggle("stale", stale && model.heard > 0);
  say(link, !stale ? "● Live"
    : model.heard === 0 ? "◌ Connecting" : `◌ Reconnecting: what you see is of ${clock(model.heard)}`);
}

function draw(): void {
  const status = model.status;
  const how = tone(status);
  for (const part of parts) part.update(model);
  drawLink();
  document.title = status ? `${SIGNS[how]} ${status.headline} · ${status.application} ${status.to || ""}` : "Crossfade";
  const icon = document.getElementById("icon");
  if (icon) mark(icon, "href", `/${how}.svg`);
}

window.setInterval(draw, 1000);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
  document.getElementById("journal-text")?.focus();
  event.preventDefault();
});
void model.begin();
