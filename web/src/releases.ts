// What came before: each release with what it cost, and the way back to it.
import { confirm } from "./deeds";
import { fill, h, keep } from "./dom";
import type { Model } from "./model";
import type { Release } from "./types";
import { count, date, millis, relative, span } from "./words";

const ENDINGS: Record<string, string> = {
  succeeded: "✓ succeeded", rolled_back: "↩ rolled back", timed_out: "↩ timed out", stuck: "✕ stuck", refused: "– refused",
};

export class Releases {
  private readonly body = h("tbody", {});
  readonly element = h("section", { class: "card releases", "aria-labelledby": "releases-title" },
    h("h2", { id: "releases-title" }, "Releases"),
    h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Releases" }, h("table", {},
      h("thead", {}, h("tr", {}, ...["Release", "Version", "Strategy", "Ending", "Begun", "Took", "Harm", "By", "Why", ""]
        .map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name)))), this.body)));

  update(model: Model): void {
    const rollback = model.deeds.find((deed) => deed.verb === "rollback");
    const may = model.operates && !!rollback?.possible;
    const now = model.now();
    keep(this.body, model.releases, (each) => each.id, () => h("tr", {}), (row, each) => {
      const begun = Date.parse(each.begun), ended = millis(each.ended);
      const key = [each.ending, each.serves, each.back && may, each.harm, ended ? relative(begun, now).replace(/ \d+ s/, "") : Math.round(now / 1000)].join();
      if (row.dataset.was === key) return;
      row.dataset.was = key;
      row.dataset.ending = each.ending ?? "";
      fill(row, h("th", { scope: "row" }, each.id),
        h("td", {}, each.from ? `${each.from} → ${each.version}` : each.version, each.serves && h("span", { class: "tag" }, "serves")),
        h("td", {}, each.rollback ? "rollback" : each.strategy),
        h("td", { class: "ending" }, each.ending ? ENDINGS[each.ending] ?? each.ending : "▶ in progress"),
        h("td", { title: date(begun) }, relative(begun, now)),
        h("td", {}, span(((ended ?? now) - begun) / 1000)),
        h("td", {}, each.harm ? count(each.harm) : "0"),
        h("td", {}, each.actor), h("td", { class: "because" }, each.reason),
        h("td", {}, each.back && may && this.button(model, each)));
    });
  }

  private button(model: Model, release: Release): HTMLElement {
    return h("button", {
      type: "button", "aria-label": `Roll back to ${release.version} (${release.id})`,
      onclick: () => confirm(model, "rollback", `${release.version} of ${release.id} comes back: its instances are started and checked unless they stand by, `
        + `then one write moves all new requests. What serves now is drained, then stopped.`, release),
    }, "Roll back to this");
  }
}
