// Everything that is known, and when it was known.
import * as api from "./api";
import type { Caller, Deed, Line, Objective, Overview, Release, State, Status, Tick } from "./types";

export type Link = "connecting" | "live" | "lost";

const TICKS_MAX = 3600;
const LINES_MAX = 50_000;
const PAGE = 1000;

export class Model {
  state: State | null = null;
  releases: Release[] = [];
  objective: Objective | null = null;
  ticks: Tick[] = [];
  /** By rising index. */
  lines: Line[] = [];
  /** Grows when `lines` did anything but grow at its end. */
  linesEpoch = 0;
  caller: Caller | null = null;
  link: Link = "connecting";
  trouble = "";
  /** Of the last news, by our clock. */
  heard = 0;
  needsToken = "";
  private skew = 0;
  private due = false;
  private readonly stream: api.Stream;

  constructor(private readonly draw: () => void) {
    this.stream = new api.Stream({
      event: (name, json) => this.take(name, json),
      connected: () => { this.link = "live"; this.changed(); },
      lost: (why) => { this.link = "lost"; this.trouble = why; this.changed(); },
      refused: () => { this.signOut("the token does not hold any more"); },
    });
    document.addEventListener("visibilitychange", () => this.visible());
  }

  get status(): Status | null { return this.state?.status ?? null; }
  get deeds(): Deed[] { return this.state?.deeds ?? []; }
  get operates(): boolean { return this.caller?.role === "operate"; }
  /** The server's present, as well as it is known. */
  now(): number { return Date.now() + this.skew; }

  version(release: string): string {
    return this.releases.find((each) => each.id === release)?.version ?? release;
  }

  async begin(): Promise<void> {
    try {
      const seen = await api.overview(0);
      this.load(seen);
      this.stream.start();
      await this.loadLines();
    } catch (error) {
      if (error instanceof api.Refused && error.status === 401) {
        api.token.drop();
        this.needsToken = error.message;
        this.caller = null;
        this.changed();
        return;
      }
      this.link = "lost";
      this.trouble = error instanceof Error ? error.message : String(error);
      this.changed();
      window.setTimeout(() => void this.begin(), 2000);
    }
  }

  private load(seen: Overview): void {
    this.skew = Date.parse(seen.at) - Date.now();
    this.caller = seen.caller;
    this.state = seen.state;
    this.releases = seen.releases ?? [];
    this.objective = seen.objective;
    this.ticks = seen.ticks;
    this.trouble = seen.trouble;
    this.needsToken = "";
    this.stream.id = seen.cursor;
    this.heard = Date.now();
    this.changed();
  }

  /** The newest first; all of them in the end, as far as a page can hold them. */
  private async loadLines(): Promise<void> {
    let before = 0;
    this.lines = [];
    for (;;) {
      const page = await api.lines(before, PAGE);
      const first = this.lines[0]?.index ?? Infinity;
      const older = page.lines.reverse().filter((line) => line.index < first);
      this.lines = older.concat(this.lines);
      this.linesEpoch++;
      this.changed();
      if (page.before === null || this.lines.length >= LINES_MAX) return;
      before = page.before;
    }
  }

  private take(name: string, json: string): void {
    this.heard = Date.now();
    const data: unknown = JSON.parse(json);
    if (name === "journal") this.addLine(data as Line);
    else if (name === "tick") this.addTick(data as Tick);
    else if (name === "status") this.state = data as State;
    else if (name === "releases") this.releases = data as Release[];
    else if (name === "objective") this.objective = data as Objective;
    else if (name === "reset") { this.stream.stop(); void this.begin(); return; }
    this.changed();
  }

  private addLine(line: Line): void {
    const last = this.lines[this.lines.length - 1]?.index ?? 0;
    if (line.index <= last) return;
    this.lines.push(line);
    if (this.lines.length > LINES_MAX) { this.lines.shift(); this.linesEpoch++; }
  }

  private addTick(tick: Tick): void {
    this.skew = tick[0] - Date.now();
    if (tick[0] <= (this.ticks[this.ticks.length - 1]?.[0] ?? 0)) return;
    this.ticks.push(tick);
    if (this.ticks.length > TICKS_MAX) this.ticks.shift();
  }

  /** Draws at most once a frame, however much came. */
  changed(): void {
    if (this.due) return;
    this.due = true;
    const run = (): void => { this.due = false; this.draw(); };
    if (document.hidden) window.setTimeout(run, 50);
    else requestAnimationFrame(run);
  }

  /** A page nobody sees gives its connection to those that are seen. */
  private hiding = 0;
  private visible(): void {
    window.clearTimeout(this.hiding);
    if (document.hidden) {
      this.hiding = window.setTimeout(() => { this.stream.stop(); this.link = "connecting"; this.changed(); }, 60_000);
    } else if (this.link !== "live" && this.state) {
      this.stream.start();
    }
  }

  async signIn(secret: string): Promise<void> {
    const caller = await api.caller(secret);
    api.token.keep(secret);
    if (this.state) { this.caller = caller; this.changed(); } else await this.begin();
  }

  signOut(why = ""): void {
    api.token.drop();
    this.caller = null;
    this.trouble = why;
    this.stream.stop();
    void this.begin();
  }
}
