// How exposed users are: the share of each release, set and observed, and the sockets that move.
import { fill, h, keep, mark, say } from "./dom";
import type { Model } from "./model";
import type { Pool } from "./types";
import { count, percent } from "./words";

export class Pools {
  private readonly bar = h("div", { class: "share-bar", "aria-hidden": "true" });
  private readonly words = h("p", { class: "share-words", id: "share" });
  private readonly list = h("ul", { class: "pool-list" });
  readonly element = h("section", { class: "card pools", "aria-labelledby": "pools-title" },
    h("h2", { id: "pools-title" }, "Who serves new requests"), this.bar, this.words, this.list);

  update(model: Model): void {
    const status = model.status;
    if (!status) return;
    const isNew = (pool: Pool): boolean => pool.release === status.run
      || (status.strategy === "rollback" && pool.release !== "" && model.version(pool.release) === status.to);
    const shown = status.pools.filter((pool) => pool.release !== "" || (pool.share_set_permille ?? 0) > 0)
      .sort((a, b) => Number(isNew(a)) - Number(isNew(b)));
    keep(this.bar, shown, (pool) => pool.pool,
      () => h("div", { class: "share" }, h("i", {}), h("b", {})), (element, pool) => {
        mark(element, "data-side", isNew(pool) ? "new" : "old");
        element.style.flexGrow = String(pool.share_set_permille ?? 0);
        element.hidden = !pool.share_set_permille;
        say(element.lastElementChild!, `${model.version(pool.release)} · ${percent(pool.share_set_permille ?? 0)}`);
      });
    say(this.words, shown.map((pool) => `${model.version(pool.release) || "nobody"}: set ${
      pool.share_set_permille === null ? "unknown" : percent(pool.share_set_permille)}, observed ${
      pool.share_observed_permille === null ? "nothing to tell it from" : percent(pool.share_observed_permille)}`).join(" — "));
    const most = Math.max(1, ...shown.map((pool) => pool.sockets));
    keep(this.list, shown, (pool) => pool.pool, () => h("li", {}), (element, pool) => {
      mark(element, "data-side", isNew(pool) ? "new" : "old");
      const key = [pool.release, model.version(pool.release), pool.healthy, pool.instances, pool.draining, pool.in_flight, pool.sockets, most].join();
      if (element.dataset.was === key) return;
      element.dataset.was = key;
      const width = h("i", {});
      width.style.width = `${(100 * pool.sockets) / most}%`;
      fill(element,
        h("p", { class: "pool-name" }, h("span", { class: "key", "aria-hidden": "true" }, isNew(pool) ? "━" : "┅"),
          model.version(pool.release) || "empty", h("span", { class: "note" }, ` ${pool.pool}`)),
        h("dl", {},
          h("div", {}, h("dt", {}, "healthy"), h("dd", {}, `${pool.healthy} of ${pool.instances}${pool.draining ? `, ${pool.draining} draining` : ""}`)),
          h("div", {}, h("dt", {}, "in flight"), h("dd", {}, count(pool.in_flight))),
          h("div", {}, h("dt", {}, "WebSockets"), h("dd", {}, count(pool.sockets)))),
        h("div", { class: "socket-bar", "aria-hidden": "true" }, width));
    });
  }
}
