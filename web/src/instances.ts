// Which box: state by shape, word and colour; why; and what it wrote last.
import { log } from "./api";
import { fill, h, keep, mark, say } from "./dom";
import type { Model } from "./model";
import type { Instance } from "./types";
import { counted, relative } from "./words";

const SIGNS: Record<string, string> = {
  healthy: "●", starting: "◌", unhealthy: "✕", failed: "✕", draining: "◐", stopping: "○",
};

export class Instances {
  private readonly list = h("ul", { class: "instances" });
  private readonly empty = h("p", { class: "note" }, "No instance runs.");
  readonly element = h("section", { class: "card", "aria-labelledby": "instances-title" },
    h("h2", { id: "instances-title" }, "Instances"), this.empty, this.list);

  update(model: Model): void {
    const status = model.status;
    if (!status) return;
    this.empty.hidden = status.instances.length > 0;
    const now = model.now();
    keep(this.list, status.instances, (each) => each.id, (each) => this.make(each), (element, each) => {
      mark(element, "data-state", each.state);
      mark(element, "data-side", each.release === status.run ? "new" : "old");
      const [name, state, why, load] = element.firstElementChild!.children;
      say(name!, each.id);
      say(state!, `${SIGNS[each.state] ?? "?"} ${each.state}`);
      say(why!, `${model.version(each.release)}, ${each.reason || `started ${relative(Date.parse(each.since), now)}`}`);
      say(load!, [`${each.in_flight} in flight`, counted(each.sockets, "socket"),
        each.restarts ? counted(each.restarts, "restart") : ""].filter(Boolean).join(", "));
    });
  }

  private make(instance: Instance): HTMLElement {
    return h("li", { class: "instance" }, h("button", {
      type: "button", title: `${instance.address}: show what it wrote`, onclick: () => void this.show(instance),
    }, h("span", { class: "name" }), h("span", { class: "state" }), h("span", { class: "why" }), h("span", { class: "load" })));
  }

  private async show(instance: Instance): Promise<void> {
    const text = h("pre", { tabindex: 0 }, "…");
    const again = (): void => void log(instance.id)
      .then(({ lines }) => { say(text, lines.join("\n") || "It wrote nothing."); text.scrollTop = text.scrollHeight; })
      .catch((error: Error) => say(text, error.message));
    const element = h("dialog", { class: "wide", "aria-label": `Log of ${instance.id}` }) as HTMLDialogElement;
    fill(element, h("h2", {}, `What ${instance.id} wrote`), h("p", { class: "note" }, `${instance.address}, ${instance.release}, pool ${instance.pool}`), text,
      h("div", { class: "row" }, h("button", { type: "button", onclick: again }, "Again"),
        h("button", { type: "button", class: "main", onclick: () => element.close() }, "Close")));
    element.addEventListener("close", () => element.remove());
    document.body.append(element);
    element.showModal();
    again();
  }
}
