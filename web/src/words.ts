// Numbers and times for people.

export const percent = (permille: number): string => `${(permille / 10).toFixed(permille % 10 ? 1 : 0)} %`;

export const count = (n: number): string => n.toLocaleString("en-GB");

export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export function relative(ms: number, now: number): string {
  const seconds = (ms - now) / 1000;
  return seconds >= 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`;
}

export const clock = (ms: number): string => new Date(ms).toLocaleTimeString("en-GB");

export const clockMs = (ms: number): string => clock(ms) + "." + String(Math.floor(ms % 1000)).padStart(3, "0");

export const date = (ms: number): string =>
  new Date(ms).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const millis = (instant: string | null): number | null => (instant ? Date.parse(instant) : null);

/** Microseconds. */
export function latency(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 10_000) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  return `${(us / 1e6).toFixed(1)} s`;
}

export const sentence = (text: string): string =>
  text ? text[0]!.toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".") : "";
