// Frames as they are on the wire, good and bad ones, and a reader of them.

export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

/// A frame yet to be masked: any opcode, any reserved bits, any payload.
export function frame(opcode, payload = "", { fin = true, rsv = 0 } = {}) {
  return { opcode, payload: Buffer.from(payload), fin, rsv };
}

export function close(code, reason = "") {
  const body = Buffer.alloc(2);
  body.writeUInt16BE(code);
  return frame(CLOSE, Buffer.concat([body, Buffer.from(reason)]));
}

/// The bytes of a frame; clients mask.
export function bytesOf({ opcode, payload, fin, rsv }, masked) {
  const length = payload.length;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = [0x37, 0xfa, 0x21, 0x3d];
  mask.forEach((byte, i) => (head[2 + extended + i] = byte));
  const body = Buffer.alloc(length);
  for (let i = 0; i < length; ++i) body[i] = payload[i] ^ mask[i & 3];
  return Buffer.concat([head, body]);
}

/// Takes bytes in any cut, gives whole frames, unmasked.
export class FrameReader {
  #parts = [];
  #size = 0;

  * take(bytes) {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    for (;;) {
      if (this.#size < 2 || this.#size < this.#need()) return;
      const all = this.#joined();
      const masked = all[1] >> 7, short = all[1] & 0x7f;
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      const length = short === 126 ? all.readUInt16BE(2) : short === 127 ? Number(all.readBigUInt64BE(2)) : short;
      const from = 2 + extended + masked * 4;
      const payload = Buffer.from(all.subarray(from, from + length));
      if (masked) for (let i = 0; i < length; ++i) payload[i] ^= all[2 + extended + (i & 3)];
      this.#parts = [all.subarray(from + length)];
      this.#size = this.#parts[0].length;
      yield { opcode: all[0] & 15, fin: all[0] >> 7 === 1, rsv: (all[0] >> 4) & 7, payload };
    }
  }

  /// Bytes until the frame at the front is whole, as far as can be told.
  #need() {
    const head = this.#parts[0].length >= 14 ? this.#parts[0] : this.#joined();
    const masked = head[1] >> 7, short = head[1] & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (head.length < 2 + extended) return this.#size + 1;
    const length = short === 126 ? head.readUInt16BE(2) : short === 127 ? Number(head.readBigUInt64BE(2)) : short;
    return 2 + extended + masked * 4 + length;
  }

  #joined() {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0];
  }
}
