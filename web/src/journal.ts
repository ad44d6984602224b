// The journal: every record, the newest on top; only the rows in sight exist.
import { record } from "./api";
import { fill, h, keep, say } from "./dom";
import type { Model } from "./model";
import type { Line } from "./types";
import { clockMs, count, date } from "./words";

const ROW = 30;
const KINDS: Record<string, { label: string; kinds: string[] }> = {
  all: { label: "Everything", kinds: [] },
  steps: { label: "Steps", kinds: ["begun", "entered", "passed", "turned", "ended", "closed"] },
  changes: { label: "Changes", kinds: ["intent", "result"] },
  verdicts: { label: "Verdicts", kinds: ["verdict", "observed"] },
  people: { label: "People", kinds: ["request", "interrupted", "resumed", "begun"] },
};
const SIGNS: Record<string, string> = {
  begun: "▶", entered: "→", intent: "…", result: "✓", observed: "◦", verdict: "⚖", request: "☝",
  passed: "✔", turned: "↩", interrupted: "‖", resumed: "▷", ended: "■", closed: "□",
};

export class Journal {
  private readonly kind = h("select", { id: "journal-kind" },
    ...Object.entries(KINDS).map(([value, { label }]) => h("option", { value }, label))) as HTMLSelectElement;
  private readonly run = h("select", { id: "journal-run" }, h("option", { value: "" }, "All releases")) as HTMLSelectElement;
  private readonly text = h("input", { id: "journal-text", type: "search", autocomplete: "off" }) as HTMLInputElement;
  private readonly total = h("p", { class: "note", "aria-live": "polite" });
  private readonly rows = h("ol", { class: "rows" });
  private readonly view = h("div", { id: "journal-rows", class: "scroll", tabindex: 0, role: "region", "aria-label": "Records of the journal" }, this.rows);
  readonly element = h("section", { class: "card journal", "aria-labelledby": "journal-title" },
    h("h2", { id: "journal-title" }, "Journal"),
    h("div", { class: "filters" }, h("label", {}, "Show", this.kind), h("label", {}, "of", this.run),
      h("label", {}, "with the words", this.text), this.total), this.view);
  private found: Line[] = [];
  private seen = { epoch: -1, length: 0 };
  private runs = "";

  constructor(private readonly model: Model) {
    for (const each of [this.kind, this.run, this.text]) each.addEventListener("input", () => this.filter());
    this.view.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.view);
  }

  private matches(line: Line): boolean {
    const kinds = KINDS[this.kind.value]?.kinds ?? [];
    if (kinds.length && !kinds.includes(line.kind)) return false;
    if (this.run.value && line.run !== this.run.value) return false;
    const text = this.text.value.trim().toLowerCase();
    return !text || `${line.kind} ${line.text} ${line.actor} ${line.run}`.toLowerCase().includes(text);
  }

  private filter(): void {
    this.found = this.model.lines.filter((line) => this.matches(line));
    this.seen = { epoch: this.model.linesEpoch, length: this.model.lines.length };
    this.view.scrollTop = 0;
    this.draw();
  }

  update(): void {
    const { lines, linesEpoch } = this.model;
    this.listRuns();
    if (linesEpoch !== this.seen.epoch) {
      // Older ones came below: what is in sight stays.
      this.found = lines.filter((line) => this.matches(line));
    } else if (lines.length > this.seen.length) {
      const fresh = lines.slice(this.seen.length).filter((line) => this.matches(line));
      this.found.push(...fresh);
      // Newer ones came above: whoever reads further down keeps his place.
      if (this.view.scrollTop > ROW) this.view.scrollTop += fresh.length * ROW;
    } else {
      return;
    }
    this.seen = { epoch: linesEpoch, length: lines.length };
    this.draw();
  }

  private listRuns(): void {
    const ids = this.model.releases.map((each) => each.id);
    if (ids.join() === this.runs) return;
    this.runs = ids.join();
    const chosen = this.run.value;
    fill(this.run, h("option", { value: "" }, "All releases"),
      ...this.model.releases.map((each) => h("option", { value: each.id }, `${each.id} (${each.version})`)));
    this.run.value = chosen;
  }

  private draw(): void {
    const height = this.view.clientHeight || 10 * ROW;
    const first = Math.max(0, Math.floor(this.view.scrollTop / ROW) - 5);
    const last = Math.min(this.found.length, first + Math.ceil(height / ROW) + 10);
    const shown: { line: Line; at: number }[] = [];
    for (let at = first; at < last; at++) shown.push({ line: this.found[this.found.length - 1 - at]!, at });
    this.rows.style.height = `${this.found.length * ROW}px`;
    keep(this.rows, shown, ({ line }) => String(line.index), ({ line }) => this.row(line), (element, { at }) => {
      element.style.transform = `translateY(${at * ROW}px)`;
      element.setAttribute("aria-setsize", String(this.found.length));
      element.setAttribute("aria-posinset", String(at + 1));
    });
    say(this.total, this.found.length === this.model.lines.length ? `${count(this.found.length)} records`
      : `${count(this.found.length)} of ${count(this.model.lines.length)} records`);
  }

  private row(line: Line): HTMLElement {
    const at = Date.parse(line.at);
    return h("li", { class: "record", "data-kind": line.kind, "data-index": line.index },
      h("button", { type: "button", class: "record-open", onclick: () => void this.open(line), title: line.text },
        h("span", { class: "index" }, line.index),
        h("time", { datetime: line.at, title: date(at) }, clockMs(at)),
        h("span", { class: "run" }, line.run),
        h("span", { class: "kind" }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[line.kind] ?? "·"), line.kind),
        h("span", { class: "text" }, line.text)));
  }

  private async open(line: Line): Promise<void> {
    const body = h("pre", { tabindex: 0 }, "…");
    const element = h("dialog", { class: "wide", "aria-label": `Record ${line.index}` }, h("h2", {}, `Record ${line.index}`),
      h("p", { class: "note" }, `${line.kind} · ${date(Date.parse(line.at))} · ${line.actor}`), body,
      h("div", { class: "row" }, h("button", { type: "button", onclick: () => element.close() }, "Close"))) as HTMLDialogElement;
    element.addEventListener("close", () => element.remove());
    document.body.append(element);
    element.showModal();
    try {
      say(body, JSON.stringify(await record(line.index), null, 2));
    } catch (error) {
      say(body, String(error));
    }
  }
}
