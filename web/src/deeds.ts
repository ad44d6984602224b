// What a person may do, said before it is done; and who that person is.
import { act } from "./api";
import { fill, h, keep, say } from "./dom";
import type { Model } from "./model";
import type { Deed, Release, Verb } from "./types";
import { relative } from "./words";

const LABELS: Record<Verb, string> = {
  pause: "Pause", resume: "Resume", promote: "Promote", abort: "Abort", rollback: "Roll back",
};
const isGrave = (verb: Verb): boolean => verb === "abort" || verb === "rollback";

function dialog(label: string): { element: HTMLDialogElement; form: HTMLElement } {
  const form = h("form", { method: "dialog" });
  const element = h("dialog", { "aria-label": label }, form) as HTMLDialogElement;
  document.body.append(element);
  element.addEventListener("close", () => element.remove());
  return { element, form };
}

/** Asks, having said what will happen, and does it. */
export function confirm(model: Model, verb: Verb, consequence: string, release?: Release): void {
  const status = model.status;
  if (!status) return;
  const about = { run: status.run, state: status.state };
  const title = release ? `Roll back to ${release.version}?` : `${LABELS[verb]} ${status.run}?`;
  const { element, form } = dialog(title);
  const reason = h("input", { name: "reason", maxlength: 400, autocomplete: "off" }) as HTMLInputElement;
  const outcome = h("p", { class: "outcome", role: "alert" });
  const go = h("button", { type: "submit", class: isGrave(verb) ? "grave" : "main" }, LABELS[verb]) as HTMLButtonElement;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go.disabled = true;
    say(outcome, "…");
    act(verb, { ...about, reason: reason.value, ...(release ? { release: release.id } : {}) })
      .then(() => element.close())
      .catch((error: Error) => { go.disabled = false; say(outcome, error.message); });
  });
  fill(form, h("h2", {}, title), h("p", { class: "consequence" }, consequence),
    ...(verb === "rollback" || verb === "resume" ? []
      : [h("label", {}, "Why, for the journal", reason)]), outcome,
    h("div", { class: "row" }, h("button", { type: "button", onclick: () => element.close() }, "Cancel"), go));
  element.showModal();
}

export function signIn(model: Model): void {
  const { element, form } = dialog("Sign in");
  const secret = h("input", { type: "password", name: "token", autocomplete: "off", required: true, spellcheck: "false" }) as HTMLInputElement;
  const outcome = h("p", { class: "outcome", role: "alert" });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.signIn(secret.value.trim()).then(() => element.close())
      .catch((error: Error) => say(outcome, error.message));
  });
  fill(form, h("h2", {}, "Sign in"),
    h("p", {}, "Looking needs nothing. Acting needs a token, which is made where the application runs:"),
    h("pre", { tabindex: 0 }, "crossfade console token --role operate --for 8h"),
    h("label", {}, "Token", secret), outcome,
    h("div", { class: "row" }, h("button", { type: "button", onclick: () => element.close() }, "Cancel"),
      h("button", { type: "submit", class: "main" }, "Sign in")));
  element.showModal();
}

/** The buttons beside the verdict: what is possible, for those who may. */
export class Deeds {
  private readonly list = h("div", { class: "buttons" });
  private readonly note = h("p", { class: "note" });
  private readonly enter = h("button", { type: "button", id: "sign-in", onclick: () => signIn(this.model) }, "Sign in to act");
  private latest: Deed[] = [];

  constructor(private readonly model: Model, element: Element) {
    fill(element, this.list, this.enter, this.note);
  }

  update(): void {
    const { model } = this;
    this.latest = model.operates ? model.deeds.filter((deed) => deed.possible) : [];
    keep(this.list, this.latest, (deed) => deed.verb, (deed) => h("button", {
      type: "button", id: `deed-${deed.verb}`, class: isGrave(deed.verb) ? "grave" : "plain",
      onclick: () => {
        const now = this.latest.find((each) => each.verb === deed.verb);
        if (now) confirm(model, now.verb, now.consequence);
      },
    }, LABELS[deed.verb]), (button, deed) => { button.title = deed.consequence; });
    this.enter.hidden = model.operates;
    const caller = model.caller;
    say(this.note, !caller ? "Read only" :
      `${caller.name} may ${caller.role === "operate" ? "act" : "look"}; the token is over ${relative(Date.parse(caller.until), model.now())}`);
    if (caller && Date.parse(caller.until) <= model.now()) model.signOut("the token is over");
  }
}
