// In five seconds: how it stands, why, what comes next and when.
import { h, mark, say } from "./dom";
import type { Model } from "./model";
import type { Status } from "./types";
import { millis, relative, sentence, span } from "./words";

export type Tone = "good" | "watch" | "warn" | "bad" | "plain";

const TONES: Record<string, Tone> = {
  SERVING: "good", RELEASING: "watch", WATCHING: "watch", PAUSED: "warn", "NEEDS YOU": "warn",
  "ROLLING BACK": "bad", INTERRUPTED: "bad", "ROLLED BACK": "warn", "TIMED OUT, ROLLED BACK": "warn",
  REFUSED: "warn",
};
export const tone = (status: Status | null): Tone =>
  !status ? "plain" : status.ending === "stuck" ? "bad" : TONES[status.headline] ?? "plain";

export function why(status: Status): string {
  const word = status.verdict.word;
  const parts = [sentence(status.sentence)];
  const says = sentence(status.verdict.reason);
  if (!status.over && says && word !== "" && !status.sentence.includes(status.verdict.reason)) parts.push(says);
  return parts.join(" ");
}

export function next(status: Status, now: number): string {
  if (!status.next) return "";
  const when = millis(status.when);
  const text = sentence(status.next).replace(/[.]$/, "");
  return when && when > now ? `${text}, ${relative(when, now)}.` : `${text}.`;
}

export class Hero {
  private readonly word = h("p", { id: "headline", class: "word" });
  private readonly why = h("p", { id: "why", class: "why" });
  private readonly next = h("p", { id: "next", class: "next" });
  private readonly back = h("p", { class: "next" });
  private readonly unseen = h("p", { class: "unseen", hidden: true });
  private readonly what = h("h1", { id: "what" });
  private readonly who = h("p", { class: "who" });
  readonly deeds = h("div", { class: "deeds" });
  readonly element = h("section", { class: "hero", "aria-label": "Verdict" },
    h("div", { class: "hero-text" }, this.what, this.who,
      h("div", { role: "status", "aria-live": "polite", class: "verdict" }, this.word, this.why),
      this.next, this.back, this.unseen),
    this.deeds);

  update(model: Model): void {
    const status = model.status;
    const at = model.now();
    mark(this.element, "data-tone", tone(status));
    if (!status) {
      say(this.word, model.needsToken ? "TOKEN NEEDED" : "ONE MOMENT");
      say(this.why, model.needsToken || "Asking the application how it is.");
      return;
    }
    say(this.what, !status.run ? status.application || "No application yet"
      : status.from ? `${status.application} ${status.from} → ${status.to}` : `${status.application} ${status.to}`);
    const since = millis(status.since), over = millis(status.over);
    say(this.who, !status.run ? "" : [status.run, status.strategy, status.actor && `by ${status.actor}`,
      since && (over ? `took ${span((over - since) / 1000)}, ended ${relative(over, at)}` : `begun ${relative(since, at)}`)]
      .filter(Boolean).join(" · "));
    say(this.word, status.headline);
    say(this.why, why(status));
    const follows = next(status, at);
    say(this.next, follows ? `Next: ${follows}` : "");
    const until = millis(status.way_back.until);
    say(this.back, status.way_back.sentence
      ? `Way back: ${status.way_back.sentence}${until && until > at ? `, ${relative(until, at).replace("in ", "for ")}` : ""}.` : "");
    this.unseen.hidden = status.unseen.length === 0;
    say(this.unseen, status.unseen.length ? `Not seen now: ${status.unseen.join("; ")}` : "");
  }
}
