// Where the release is on its way: every step, with how long it took.
import { fill, h, keep, mark, say } from "./dom";
import type { Model } from "./model";
import type { Step } from "./types";
import { millis, span } from "./words";

const SIGNS = { ahead: "○", current: "▶", passed: "✓", undone: "↩" };
const PLACES = { ahead: "to come", current: "now", passed: "done", undone: "taken back" };

export class Rail {
  private readonly list = h("ol", { class: "rail", tabindex: 0, "aria-label": "Steps of the release" });
  private readonly empty = h("p", { class: "note" }, "No release was made yet.");
  private shown = "";
  readonly element = h("section", { class: "card", "aria-labelledby": "rail-title" },
    h("h2", { id: "rail-title" }, "Steps"), this.empty, this.list);

  update(model: Model): void {
    const status = model.status;
    if (!status) return;
    this.empty.hidden = status.steps.length > 0;
    const now = model.now();
    let stage = "";
    const steps = status.steps.map((step) => {
      const first = step.stage !== stage;
      stage = step.stage;
      return { step, first };
    });
    keep(this.list, steps, ({ step }) => `${status.run}/${step.id}`, () => h("li", {}), (element, { step, first }) => {
      const took = this.took(step, now, millis(status.over));
      const key = `${step.place}/${took}/${first}`;
      if (element.dataset.was === key) return;
      element.dataset.was = key;
      mark(element, "data-place", step.place);
      if (step.place === "current") element.setAttribute("aria-current", "step");
      else element.removeAttribute("aria-current");
      fill(element, h("span", { class: "stage" }, first ? step.stage.replaceAll("_", " ") : ""),
        h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[step.place]),
        h("span", { class: "step" }, step.reason, h("span", { class: "hidden-text" }, ` (${PLACES[step.place]})`)),
        h("span", { class: "took" }, took));
    });
    this.follow(status.run, status.steps);
    say(this.empty, "No release was made yet.");
  }

  private took(step: Step, now: number, over: number | null): string {
    const from = millis(step.entered);
    if (from === null) return "";
    const to = millis(step.passed) ?? (step.place === "current" ? now : over ?? now);
    return span((to - from) / 1000);
  }

  /** The present step is in sight, once, when it becomes present. */
  private follow(run: string, steps: Step[]): void {
    const current = steps.find((step) => step.place === "current");
    const key = `${run}/${current?.id}`;
    if (!current || key === this.shown) return;
    this.shown = key;
    const element = [...this.list.children].find((each) => (each as HTMLElement).dataset.key === key) as HTMLElement | undefined;
    if (element) this.list.scrollTop = element.offsetTop - this.list.clientHeight / 2;
  }
}
