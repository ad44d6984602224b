// Can we afford it: what was served well over the window, as far as it was recorded.
import { h, say } from "./dom";
import type { Model } from "./model";
import { count, span } from "./words";

export class ObjectiveCard {
  private readonly figure = h("p", { class: "figure" });
  private readonly words = h("p", { class: "note" });
  private readonly spent = h("i", {});
  private readonly bar = h("div", { class: "budget-bar", "aria-hidden": "true" }, this.spent);
  private readonly budget = h("p", { class: "budget" });
  readonly element = h("section", { class: "card objective", "aria-labelledby": "objective-title" },
    h("h2", { id: "objective-title" }, "Availability"), this.figure, this.words, this.bar, this.budget);

  update(model: Model): void {
    const seen = model.objective;
    if (!seen || seen.measured_seconds === 0 || seen.requests === 0) {
      say(this.figure, "not measured");
      say(this.words, "Nothing was recorded yet: the console records while it runs.");
      say(this.budget, "");
      this.bar.hidden = true;
      return;
    }
    const target = seen.target_ppm / 1e4;
    const good = 100 * (1 - seen.errors / seen.requests);
    const allowed = seen.requests * (1 - seen.target_ppm / 1e6);
    const share = allowed > 0 ? seen.errors / allowed : seen.errors > 0 ? Infinity : 0;
    this.bar.hidden = false;
    say(this.figure, `${good.toFixed(good === 100 ? 0 : 4)} %`);
    say(this.words, `of ${count(seen.requests)} requests in ${span(seen.measured_seconds)} that were recorded; the target is ${target} % over ${seen.window_days} days, `
      + `the rest of which is not measured.`);
    this.spent.style.width = `${Math.min(100, 100 * share)}%`;
    this.element.dataset.tone = share > 1 ? "bad" : share > 0.5 ? "warn" : "good";
    const now = model.status?.harm.requests ?? 0;
    const spent = now ? ` ${count(now)} of them by the present release.` : "";
    say(this.budget, allowed < 1 && seen.errors === 0
      ? "Error budget: none of it is spent; so few requests allow for no failure."
      : `${share > 1 ? "✕ Error budget overspent: " : "Error budget: "}${count(seen.errors)} failed; so many requests allow for ${
        allowed < 10 ? allowed.toFixed(1) : count(Math.floor(allowed))}.${spent}`);
  }
}
