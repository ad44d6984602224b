// Talking to the console: documents, the event stream, deeds. A token is kept for this tab alone and
// leaves it in one header only.
import type { Caller, Deed, Line, Overview } from "./types";

const KEY = "crossfade.token";

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, what: string) { super(what); }
}

export const token = {
  read: (): string => sessionStorage.getItem(KEY) ?? "",
  keep: (secret: string): void => sessionStorage.setItem(KEY, secret),
  drop: (): void => sessionStorage.removeItem(KEY),
};

function headers(more: Record<string, string> = {}): Record<string, string> {
  const secret = token.read();
  return secret ? { ...more, Authorization: `Bearer ${secret}` } : more;
}

async function refusal(answer: Response): Promise<Refused> {
  const body = await answer.json().catch(() => null) as { errors?: { code: string; what: string; why?: string; fix?: string }[] } | null;
  const first = body?.errors?.[0];
  const words = first ? [first.what, first.why, first.fix].filter(Boolean).join(". ") : `the console answered ${answer.status}`;
  return new Refused(answer.status, first?.code ?? "", words);
}

async function read<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: headers() });
  if (!answer.ok) throw await refusal(answer);
  return await answer.json() as T;
}

export const overview = (ticksAfter: number): Promise<Overview> => read(`/api/v1/overview?ticks_after=${ticksAfter}`);
export const lines = (before: number, limit: number): Promise<{ lines: Line[]; before: number | null }> =>
  read(`/api/v1/journal?limit=${limit}${before ? `&before=${before}` : ""}`);
export const record = (index: number): Promise<unknown> => read(`/api/v1/journal/${index}`);
export const log = (instance: string): Promise<{ lines: string[] }> => read(`/api/v1/logs/${encodeURIComponent(instance)}`);

/** Who the secret belongs to; refused where it does not hold. */
export async function caller(secret: string): Promise<Caller | null> {
  const answer = await fetch("/api/v1/overview?ticks_after=9007199254740991", { headers: { Authorization: `Bearer ${secret}` } });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json() as Overview).caller;
}

export async function act(deed: Deed["verb"], about: { run: string; state: string; reason: string; release?: string }): Promise<boolean> {
  const answer = await fetch("/api/v1/deeds", {
    method: "POST", headers: headers({ "Content-Type": "application/json", "X-Crossfade": "1" }),
    body: JSON.stringify({ verb: deed, ...about }),
  });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json() as { done: boolean }).done;
}

export interface Listener {
  event(name: string, json: string, id: string): void;
  connected(): void;
  lost(why: string): void;
  refused(refused: Refused): void;
}

/** Follows the console's events; what breaks off goes on behind the last id. */
export class Stream {
  private leave: AbortController | null = null;
  private timer = 0;
  private patience = 0;
  private pause = FIRST_PAUSE;
  id = "";

  constructor(private readonly listener: Listener) {}

  start(): void {
    this.stop();
    void this.follow();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.leave?.abort();
    this.leave = null;
  }

  private async follow(): Promise<void> {
    const leave = new AbortController();
    this.leave = leave;
    try {
      const more: Record<string, string> = this.id ? { "Last-Event-ID": this.id } : {};
      this.expect(leave);
      const answer = await fetch("/api/v1/events", { headers: headers(more), signal: leave.signal, cache: "no-store" });
      if (!answer.ok || !answer.body) throw await refusal(answer);
      this.pause = FIRST_PAUSE;
      this.listener.connected();
      await this.read(answer.body.getReader(), leave);
      throw new Error("the console ended the stream");
    } catch (error) {
      if (this.leave !== leave) return;
      clearTimeout(this.patience);
      if (error instanceof Refused && error.status === 401) return this.listener.refused(error);
      this.listener.lost(error instanceof Error ? error.message : String(error));
      this.timer = window.setTimeout(() => void this.follow(), this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, LAST_PAUSE);
    }
  }

  /** A tick comes each second: a stream without a byte for so long is dead, whatever TCP thinks. */
  private expect(leave: AbortController): void {
    clearTimeout(this.patience);
    this.patience = window.setTimeout(() => leave.abort(), SILENCE);
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>, leave: AbortController): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.expect(leave);
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    let name = "message", data = "", id = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
      else if (line.startsWith("id: ")) id = line.slice(4);
    }
    if (id) this.id = id;
    if (data) this.listener.event(name, data, id);
  }
}

const FIRST_PAUSE = 400;
const LAST_PAUSE = 8000;
const SILENCE = 12_000;
