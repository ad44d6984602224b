// Plays one case over a socket, as client or as server, and says what is wrong with what came back.
import { CLOSE, FrameReader, bytesOf, close } from "./frames.js";

const DEADLINE_MS = 15_000;
const WRITES_IN_A_ROW = 64;

const breath = () => new Promise((resolve) => setImmediate(resolve));

/// What a library's end of the relay saw on its own socket.
export function tap(socket) {
  const seen = { got: [], sent: [], ended: new Promise((resolve) => socket.on("close", resolve)) };
  const write = socket.write;
  socket.prependListener("data", (bytes) => seen.got.push(Buffer.from(bytes))); // before it is unmasked in place
  socket.write = function (bytes, ...more) {
    seen.sent.push(Buffer.from(bytes));
    return write.call(this, bytes, ...more);
  };
  return seen;
}

export class Fuzzer {
  sent = [];
  got = [];
  frames = [];
  closed = null; // the close frame that came
  ended = false; // no more comes
  #socket;
  #masked;
  #reader = new FrameReader();
  #wake = () => {};

  constructor(socket, { masked, head = Buffer.alloc(0) }) {
    this.#socket = socket;
    this.#masked = masked;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#take(bytes));
    for (const event of ["end", "close", "error"])
      socket.on(event, () => { this.ended = true; this.#wake(); });
    if (head.length) this.#take(head);
  }

  #take(bytes) {
    this.got.push(Buffer.from(bytes));
    for (const each of this.#reader.take(bytes)) {
      if (each.opcode === CLOSE) this.closed = each;
      else this.frames.push(each);
    }
    this.#wake();
  }

  async #until(condition, what) {
    const late = setTimeout(() => { this.#wake(new Error(`waited in vain for ${what}`)); }, DEADLINE_MS);
    try {
      while (!condition()) {
        const error = await new Promise((resolve) => (this.#wake = resolve));
        if (error) throw error;
      }
    } finally {
      clearTimeout(late);
    }
  }

  #write(bytes) {
    if (!this.#socket.writable) return;
    this.sent.push(bytes);
    this.#socket.write(bytes);
  }

  async #send(frames, cut) {
    const each = frames.map((one) => bytesOf(one, this.#masked));
    const pieces = cut === "frame" ? each : cut ? [...this.#chopped(Buffer.concat(each), cut)] : [Buffer.concat(each)];
    for (let i = 0; i < pieces.length; ++i) {
      this.#write(pieces[i]);
      if (pieces.length < 2000 || i % WRITES_IN_A_ROW === 0) await breath();
    }
  }

  * #chopped(bytes, size) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  /// Resolves with nothing, or with what was wrong.
  async play(one) {
    if (one.roundTrips) {
      for (const [i, each] of one.send.entries()) {
        await this.#send([each], 0);
        await this.#until(() => this.frames.length > i || this.ended, `echo ${i + 1}`);
      }
    } else {
      await this.#send(one.send, one.cut);
    }
    if (one.fails === undefined && one.closes === undefined) {
      await this.#until(() => this.frames.length >= one.back.length || this.ended, "the echo");
      await this.#send([close(1000)], 0);
    }
    await this.#until(() => this.ended || (this.closed && !this.#masked), "the end");
    this.#socket.end();
    await this.#until(() => this.ended, "the other side's end");
    return this.#verdict(one);
  }

  #verdict(one) {
    const count = this.frames.length, least = one.back.length - (one.mayLack ?? 0);
    if (count < least || count > one.back.length) return `${count} frames came back instead of ${one.back.length}`;
    for (const [i, each] of this.frames.entries()) {
      const wanted = one.back[i];
      if (each.opcode !== wanted.opcode || !each.payload.equals(wanted.payload) || !each.fin || each.rsv)
        return `frame ${i + 1} is another: opcode ${each.opcode}, ${each.payload.length} bytes`;
    }
    const code = this.closed?.payload.length >= 2 ? this.closed.payload.readUInt16BE(0) : null;
    if (one.fails !== undefined) return this.closed && code !== one.fails ? `closed with ${code} instead of ${one.fails}` : "";
    if (!this.closed) return "no close frame came";
    const wanted = one.closes ?? [1000];
    const fine = wanted.length ? wanted.includes(code) : this.closed.payload.length === 0;
    return fine ? "" : `closed with ${code} instead of ${wanted}`;
  }
}

/// Bytes on both sides of the relay: what arrived must be what was sent, or, where an end was failed, its beginning.
export function compareWire(fuzzer, seen, whole) {
  const same = (sent, got, what, all) => {
    const from = Buffer.concat(sent), to = Buffer.concat(got);
    if (to.length > from.length || !to.equals(from.subarray(0, to.length))) return `${what}: other bytes arrived than were sent`;
    return all && to.length !== from.length ? `${what}: ${to.length} of ${from.length} bytes arrived` : "";
  };
  return same(fuzzer.sent, seen.got, "towards the library", whole) || same(seen.sent, fuzzer.got, "towards the fuzzer", whole);
}
