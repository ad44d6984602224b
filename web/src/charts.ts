// Both releases on one axis: share, requests, failures, latency, sockets, with the stages behind.
import uPlot from "uplot";
import { fill, h, say } from "./dom";
import type { Model } from "./model";
import type { PoolTick, Status, Tick } from "./types";
import { count, latency, millis, percent } from "./words";

interface Band { stage: string; from: number; to: number }
interface Side { of(tick: Tick): PoolTick | null; name: string }
type Row = (number | null)[];

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const QUIET_SPAN = 15 * 60;
const LEAD = 30;

/** Stages by when they were entered and left, in seconds. */
export function bands(status: Status, now: number): Band[] {
  const out: Band[] = [];
  for (const step of status.steps) {
    const from = millis(step.entered);
    if (from === null) continue;
    const to = millis(step.passed) ?? millis(status.over) ?? now;
    const last = out[out.length - 1];
    if (last && last.stage === step.stage) last.to = Math.max(last.to, to / 1000);
    else out.push({ stage: step.stage, from: from / 1000, to: to / 1000 });
  }
  return out;
}

/** The pool that runs the old release, and the one that runs the new one, tick by tick. */
function sides(model: Model): [Side, Side] {
  const status = model.status;
  const isNew = (release: string): boolean => !!status && release !== "" && (release === status.run
    || (status.strategy === "rollback" && model.version(release) === status.to));
  const pick = (tick: Tick, wanted: boolean): PoolTick | null => {
    const pools = [tick[2], tick[3]];
    return pools.find((pool) => pool && pool[0] !== "" && isNew(pool[0]) === wanted) ?? null;
  };
  const old = status?.from || "before";
  return [{ of: (tick) => pick(tick, false), name: old }, { of: (tick) => pick(tick, true), name: status?.to || "now" }];
}

interface Kind {
  id: string; title: string; unit: string;
  /** One or two values of a side. */
  values(pool: PoolTick, seconds: number): (number | null)[];
  show(value: number): string;
  /** Of the second value. */
  second?: string;
  min: number;
}
const KINDS: Kind[] = [
  { id: "share", title: "Share of new requests", unit: "%", second: "observed", min: 100,
    values: (pool) => [pool[6] === null ? null : pool[6] / 10, pool[7] === null ? null : pool[7] / 10],
    show: (value) => percent(Math.round(value * 10)) },
  { id: "requests", title: "Requests a second", unit: "", min: 1,
    values: (pool, seconds) => [pool[1] / seconds], show: (value) => count(Math.round(value)) },
  { id: "errors", title: "Failed requests", unit: "%", min: 1,
    values: (pool) => [pool[1] ? (100 * pool[2]) / pool[1] : null], show: (value) => `${value.toFixed(value < 1 && value > 0 ? 2 : 1)} %` },
  { id: "latency", title: "Latency: p99, and p50 thin", unit: "ms", second: "p50", min: 1,
    values: (pool) => [pool[4] ? pool[4] / 1000 : null, pool[3] ? pool[3] / 1000 : null],
    show: (value) => latency(Math.round(value * 1000)) },
  { id: "sockets", title: "WebSockets open", unit: "", min: 1,
    values: (pool) => [pool[5]], show: (value) => count(Math.round(value)) },
];

/** A value between two gaps is no line; it is seen as a point. */
function alone(plot: uPlot, series: number): number[] {
  const row = plot.data[series] as Row;
  const is = (at: number): boolean => row[at] !== null && row[at] !== undefined;
  return row.flatMap((_, at) => (is(at) && !is(at - 1) && !is(at + 1) ? [at] : []));
}

class Chart {
  private readonly summary = h("p", { class: "chart-now" });
  private readonly box = h("div", { class: "chart-box", "aria-hidden": "true" });
  readonly element: HTMLElement;
  private plot: uPlot | null = null;
  private bands: Band[] = [];

  constructor(readonly kind: Kind) {
    this.element = h("figure", { class: "chart", id: `chart-${kind.id}` },
      h("figcaption", {}, h("h3", {}, kind.title), this.summary), this.box);
    new ResizeObserver(() => {
      if (this.plot && this.box.clientWidth) this.plot.setSize({ width: this.box.clientWidth, height: HEIGHT });
    }).observe(this.box);
  }

  private make(data: uPlot.AlignedData): uPlot {
    const { kind } = this;
    const stepped = uPlot.paths.stepped!({ align: -1 });
    const line = (side: "old" | "new", second: boolean): uPlot.Series => ({
      stroke: colour(`--${side}`),
      width: second ? 1 : side === "new" ? 2.5 : 1.5,
      ...(kind.id === "share" && second ? { paths: () => null, points: { show: true, size: 3.5, fill: colour(`--${side}`) } }
        : { points: { show: true, size: second ? 3 : 6, fill: colour(`--${side}`), filter: alone }, ...(kind.id === "share" ? { paths: stepped } : {}) }),
      ...(kind.id === "share" && !second && side === "new" ? { fill: colour("--new-wash") } : {}),
      ...(side === "old" && !second ? { dash: [5, 3] } : {}),
      spanGaps: false,
    });
    const both = kind.second !== undefined;
    const series: uPlot.Series[] = [{}, line("old", false), ...(both ? [line("old", true)] : []),
      line("new", false), ...(both ? [line("new", true)] : [])];
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    return new uPlot({
      width: this.box.clientWidth || 400, height: HEIGHT, series, legend: { show: false }, padding: [8, 6, 0, 0],
      cursor: { points: { show: false }, y: false, drag: { x: false, y: false }, sync: { key: "console" } },
      scales: { y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, kind.min)] } },
      axes: [{ ...axis, grid: { show: false }, space: 70, size: 24, values: "{HH}:{mm}:{ss}" }, { ...axis, size: 44, space: 26 }],
      hooks: { drawClear: [(plot) => this.drawBands(plot)], setCursor: [(plot) => this.tell(plot.cursor.idx ?? null)] },
    }, data, this.box);
  }

  private drawBands(plot: uPlot): void {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    this.bands.forEach((band, at) => {
      const left = plot.valToPos(band.from, "x", true), right = plot.valToPos(band.to, "x", true);
      if (at % 2 === 0) {
        ctx.fillStyle = colour("--wash");
        ctx.fillRect(left, plot.bbox.top, Math.max(right - left, 1), plot.bbox.height);
      }
      if (this.kind.id !== "share" || right - left < 34 * ratio) return;
      ctx.fillStyle = colour("--soft");
      ctx.font = `${9.5 * ratio}px system-ui, sans-serif`;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, plot.bbox.top, right - left, 14 * ratio);
      ctx.clip();
      ctx.fillText(band.stage.replaceAll("_", " "), left + 3 * ratio, plot.bbox.top + 10 * ratio);
      ctx.restore();
    });
    ctx.restore();
  }

  private rows: Row[] = [];
  private names: [string, string] = ["", ""];

  draw(times: number[], rows: Row[], names: [string, string], stages: Band[], range: [number, number]): void {
    this.bands = stages;
    this.rows = rows;
    this.names = names;
    const data = [times, ...rows] as uPlot.AlignedData;
    this.plot ??= this.make(data);
    this.plot.batch(() => {
      this.plot!.setData(data, false);
      this.plot!.setScale("x", { min: range[0], max: range[1] });
    });
    if ((this.plot.cursor.idx ?? null) === null) this.tell(null);
  }

  restyle(): void {
    this.plot?.destroy();
    this.plot = null;
  }

  /** In words, for everyone: the values under the cursor, or the last ones. */
  private tell(at: number | null): void {
    const step = this.kind.second ? 2 : 1;
    const value = (row: Row | undefined): number | null => {
      if (!row) return null;
      if (at !== null) return row[at] ?? null;
      for (let i = row.length - 1; i >= Math.max(0, row.length - 3); i--) if (row[i] !== null && row[i] !== undefined) return row[i]!;
      return null;
    };
    const text = (side: number): HTMLElement => {
      const first = value(this.rows[side * step]);
      return h("span", { class: side ? "of-new" : "of-old" }, `${side ? "━" : "┅"} ${this.names[side]} `,
        h("b", {}, first === null ? "–" : this.kind.show(first)));
    };
    const both = [text(0), text(1)].filter((_, side) => this.names[side] !== "");
    const words = both.map((each) => each.textContent).join();
    if (this.summary.dataset.words === words) return;
    this.summary.dataset.words = words;
    fill(this.summary, ...both);
  }
}
const HEIGHT = 132;

export class Charts {
  private readonly charts = KINDS.map((kind) => new Chart(kind));
  private readonly empty = h("p", { class: "note" }, "Nothing was measured yet.");
  readonly element = h("section", { class: "card charts", "aria-labelledby": "charts-title" },
    h("h2", { id: "charts-title" }, "Both releases over time"), this.empty,
    h("div", { class: "chart-grid" }, ...this.charts.map((chart) => chart.element)));
  private drawn = "";

  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const chart of this.charts) chart.restyle();
      this.drawn = "";
    });
  }

  update(model: Model): void {
    const status = model.status;
    const last = model.ticks[model.ticks.length - 1];
    const key = `${last?.[0]}/${status?.run}/${status?.state}/${status?.step}/${model.releases.length}`;
    if (key === this.drawn || !status) return;
    this.drawn = key;
    this.empty.hidden = !!last;
    const now = model.now();
    const range = this.range(status, now);
    const ticks = model.ticks.filter((tick) => tick[0] / 1000 >= range[0] && tick[0] / 1000 <= range[1] + 1);
    const both = sides(model);
    const times = ticks.map((tick) => tick[0] / 1000);
    const stages = bands(status, now);
    const isShown = both.map((side) => ticks.some((tick) => side.of(tick) !== null));
    const names = both.map((side, at) => (isShown[at] ? side.name : "")) as [string, string];
    for (const chart of this.charts) {
      const width = chart.kind.second ? 2 : 1;
      const rows: Row[] = Array.from({ length: 2 * width }, () => []);
      for (const tick of ticks) both.forEach((side, at) => {
        const pool = side.of(tick);
        const values = pool ? chart.kind.values(pool, Math.max(tick[1], 1) / 1000) : [];
        for (let i = 0; i < width; i++) rows[at * width + i]!.push(values[i] ?? null);
      });
      chart.draw(times, rows, names, stages, range);
    }
    say(this.empty, "Nothing was measured yet.");
  }

  /** The release with a little before it; when it is long over, the last quarter of an hour. */
  private range(status: Status, now: number): [number, number] {
    const since = millis(status.since), over = millis(status.over);
    const end = now / 1000;
    if (since === null || (over !== null && end - over / 1000 > QUIET_SPAN)) return [end - QUIET_SPAN, end];
    return [Math.max(since / 1000 - LEAD, end - 3600), Math.max(end, since / 1000 + LEAD)];
  }
}
