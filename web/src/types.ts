// The documents of the console's API (docs/reference/console-api.md).

export interface Pool {
  pool: string; release: string; instances: number; healthy: number; draining: number;
  sockets: number; in_flight: number;
  share_set_permille: number | null; share_observed_permille: number | null;
}
export interface Instance {
  id: string; pool: string; release: string; state: string; reason: string; address: string;
  since: string; in_flight: number; sockets: number; restarts: number;
}
export interface Step {
  id: string; stage: string; reason: string; place: "ahead" | "current" | "passed" | "undone";
  entered: string | null; passed: string | null;
}
/** crossfade.status/1 */
export interface Status {
  application: string; active_pool: string; serving: string; open: string;
  run: string; from: string; to: string; strategy: string; state: string;
  headline: string; sentence: string; actor: string; driver: string;
  since: string | null; over: string | null; ending: string | null; cause: string; reason: string;
  stage: string | null; step: number; steps: Step[]; next: string; when: string | null;
  pools: Pool[]; instances: Instance[];
  verdict: { word: string; metric: string; reason: string };
  harm: { requests: number; budget: number };
  way_back: { feasible: boolean; sentence: string; until: string | null };
  journal: { records: number; head: string };
  unseen: string[];
}
export type Verb = "pause" | "resume" | "promote" | "abort" | "rollback";
export interface Deed { verb: Verb; possible: boolean; consequence: string; why_not: string }
export interface State { status: Status; deeds: Deed[] }
export interface Release {
  id: string; version: string; from: string | null; strategy: string; rollback: boolean;
  ending: string | null; cause: string; reason: string; harm: number; actor: string;
  begun: string; ended: string | null; serves: boolean; back: boolean;
}
export interface Line { index: number; at: string; run: string; actor: string; kind: string; text: string }
/** Release, requests, errors, p50 µs, p99 µs, sockets, set ‰, observed ‰. */
export type PoolTick = [string, number, number, number, number, number, number | null, number | null];
/** When (ms), over how long (ms), blue, green. */
export type Tick = [number, number, PoolTick | null, PoolTick | null];
export interface Objective {
  target_ppm: number; window_days: number; requests: number; errors: number;
  measured_seconds: number; since: string | null;
}
export interface Caller { token: string; name: string; role: "view" | "operate"; until: string }
export interface Overview {
  schema: string; at: string; cursor: string; caller: Caller | null; state: State | null;
  releases: Release[] | null; objective: Objective | null; ticks: Tick[]; trouble: string;
}
