// Autobahn's case list (groups 1 to 7, 9, 10), by its numbers, as data: what the fuzzer sends and what must
// come back. Written from the published descriptions; see README.md.
import { BINARY, CLOSE, PING, PONG, TEXT, close, frame } from "./frames.js";

const HELLO = "Hello, world!";
const BYTES = Buffer.from([0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0, 0xff]);
const KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5";
const NORMAL = 1000, PROTOCOL = 1002, PAYLOAD = 1007;
const FRAME = "frame"; // a cut after every frame; a number: after so many bytes; 0: none

/// `send`: frames; `cut`: how the bytes are written; `back`: what must come back before the close;
/// `fails`: the close code with which the other side must end it (a missing close frame is allowed);
/// `mayLack`: how many of `back`, from the end, may be missing, as failing at once is allowed to drop them.
const good = (id, send, back, cut = 0) => ({ id, send, back, cut });
const bad = (id, send, { back = [], code = PROTOCOL, cut = 0 } = {}) =>
  ({ id, send, back, cut, fails: code, mayLack: back.length });
const echo = (id, send, cut = 0) => good(id, send, joined(send), cut);

/// What an echo of these frames is: messages whole, pings as pongs.
function joined(frames) {
  const back = [];
  let message = null;
  for (const each of frames) {
    if (each.opcode === PING) back.push(frame(PONG, each.payload));
    if (each.opcode === TEXT || each.opcode === BINARY) message = { opcode: each.opcode, parts: [] };
    if (each.opcode <= BINARY) message.parts.push(each.payload);
    if (each.opcode <= BINARY && each.fin) back.push(frame(message.opcode, Buffer.concat(message.parts)));
  }
  return back;
}

/// A message in frames of `size` bytes.
function fragmented(opcode, payload, size) {
  const bytes = Buffer.from(payload), frames = [];
  for (let at = 0; at < bytes.length; at += size)
    frames.push(frame(at ? 0 : opcode, bytes.subarray(at, at + size), { fin: at + size >= bytes.length }));
  return frames;
}

const first = (payload) => frame(TEXT, payload, { fin: false });
const middle = (payload) => frame(0, payload, { fin: false });
const last = (payload) => frame(0, payload);

function framing() {
  const lengths = [0, 125, 126, 127, 128, 65535, 65536];
  const of = (opcode, filler, group) => [
    ...lengths.map((length, i) => echo(`1.${group}.${i + 1}`, [frame(opcode, Buffer.alloc(length, filler))])),
    echo(`1.${group}.8`, [frame(opcode, Buffer.alloc(65536, filler))], 997)];
  return [...of(TEXT, "*", 1), ...of(BINARY, 0xfe, 2)];
}

function pings() {
  const ten = Array.from({ length: 10 }, (_, i) => frame(PING, `payload-${i}`));
  return [
    echo("2.1", [frame(PING)]), echo("2.2", [frame(PING, HELLO)]), echo("2.3", [frame(PING, BYTES)]),
    echo("2.4", [frame(PING, Buffer.alloc(125, 0xfe))]), bad("2.5", [frame(PING, Buffer.alloc(126, 0xfe))]),
    echo("2.6", [frame(PING, Buffer.alloc(125, 0xfe))], 1),
    echo("2.7", [frame(PONG)]), echo("2.8", [frame(PONG, "unsolicited pong payload")]),
    echo("2.9", [frame(PONG, "unsolicited pong payload"), frame(PING, "ping payload")]),
    echo("2.10", ten), echo("2.11", ten, 1)];
}

/// A good message, then something bad, then a ping that must not be answered.
const spoiled = (id, wrong, cut) => bad(id, [frame(TEXT, HELLO), wrong, frame(PING)], { back: [frame(TEXT, HELLO)], cut });

function reserved() {
  const text = (rsv) => frame(TEXT, HELLO, { rsv });
  return [
    bad("3.1", [text(1)]), spoiled("3.2", text(2), 0), spoiled("3.3", text(3), FRAME), spoiled("3.4", text(4), 1),
    bad("3.5", [frame(BINARY, BYTES, { rsv: 5 })]), bad("3.6", [frame(PING, HELLO, { rsv: 6 })]),
    bad("3.7", [{ ...close(NORMAL), rsv: 7 }]),
    ...[[1, 3], [2, 11]].flatMap(([group, opcode]) => [
      bad(`4.${group}.1`, [frame(opcode)]), bad(`4.${group}.2`, [frame(opcode + 1, "reserved opcode payload")]),
      spoiled(`4.${group}.3`, frame(opcode + 2), FRAME), spoiled(`4.${group}.4`, frame(opcode + 3, HELLO), FRAME),
      spoiled(`4.${group}.5`, frame(opcode + 4, HELLO), 1)])];
}

function fragmentation() {
  const two = [first("fragment1"), last("fragment2")];
  const pinged = [two[0], frame(PING, "ping payload"), two[1]];
  const stray = (fin) => frame(0, "non-continuation payload", { fin });
  const thrice = (id, send) => [0, FRAME, 1].map((cut, i) => bad(`5.${id + i}`, send, { cut }));
  const five = [first("fragment1"), middle("fragment2"), frame(PING, "pongme 1!"), middle("fragment3"),
    middle("fragment4"), frame(PING, "pongme 2!"), last("fragment5")];
  return [
    ...[[1, PING], [2, PONG]].map(([id, opcode]) =>
      bad(`5.${id}`, [frame(opcode, "fragment1", { fin: false }), last("fragment2")])),
    ...[0, FRAME, 1].map((cut, i) => echo(`5.${3 + i}`, two, cut)),
    ...[0, FRAME, 1].map((cut, i) => echo(`5.${6 + i}`, pinged, cut)),
    ...thrice(9, [stray(true), frame(TEXT, HELLO)]), ...thrice(12, [stray(false), frame(TEXT, HELLO)]),
    bad("5.15", [...two, stray(false), frame(TEXT, HELLO)], { back: joined(two) }),
    bad("5.16", [middle("fragment1"), first("fragment2"), last("fragment3"), middle("fragment4"), first("fragment5"), last("fragment6")]),
    bad("5.17", [last("fragment1"), first("fragment2"), last("fragment3"), last("fragment4"), first("fragment5"), last("fragment6")]),
    bad("5.18", [first("fragment1"), frame(TEXT, "fragment2")]),
    echo("5.19", five, FRAME), echo("5.20", five)];
}

/// Of Markus Kuhn's UTF-8 test, as Autobahn numbers it from 6.5 on: hexadecimal, `!` before what is not UTF-8.
const UTF8 = [
  "68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64 68656c6c6fe282ac776f726c64 68656c6c6ff0a4ada2776f726c64 cebae1bdb9cf83cebcceb5",
  "!ce ceba !cebae1 !cebae1bd cebae1bdb9 !cebae1bdb9cf cebae1bdb9cf83 !cebae1bdb9cf83ce cebae1bdb9cf83cebc !cebae1bdb9cf83cebcce cebae1bdb9cf83cebcceb5",
  "00 c280 e0a080 f0908080", "!f888808080 !fc8480808080", "7f dfbf efbfbf f48fbfbf", "!f7bfbfbf !fbbfbfbfbf !fdbfbfbfbfbf",
  "ed9fbf ee8080 efbfbd f48fbfbf !f4908080",
  `!80 !bf !80bf !80bf80 !80bf80bf !80bf80bf80 !80bf80bf80bf !${hex(0x80, 0xbf)}`,
  `!${hex(0xc0, 0xdf, "20")} !${hex(0xe0, 0xef, "20")} !${hex(0xf0, 0xf7, "20")} !${hex(0xf8, 0xfb, "20")} !${hex(0xfc, 0xfd, "20")}`,
  "!c0 !e080 !f08080 !f8808080 !fc80808080 !df !efbf !f7bfbf !fbbfbfbf !fdbfbfbfbf",
  "!c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf", "!fe !ff !fefeffff",
  "!c0af !e080af !f08080af !f8808080af !fc80808080af", "!c1bf !e09fbf !f08fbfbf !f887bfbfbf !fc83bfbfbfbf",
  "!c080 !e08080 !f0808080 !f880808080 !fc8080808080",
  "!eda080 !edadbf !edae80 !edafbf !edb080 !edbe80 !edbfbf",
  "!eda080edb080 !eda080edbfbf !edadbfedb080 !edadbfedbfbf !edae80edb080 !edae80edbfbf !edafbfedb080 !edafbfedbfbf",
  nonCharacters(), "efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf",
];

/// The bytes from `low` up to, not including, `high`, each followed by `after`.
function hex(low, high, after = "") {
  return Array.from({ length: high - low }, (_, i) => (low + i).toString(16) + after).join("");
}

function nonCharacters() {
  const found = ["efbfbe", "efbfbf"];
  for (const lead of ["f0", "f1", "f2", "f3", "f4"])
    for (const second of ["8f", "9f", "af", "bf"])
      for (const end of ["be", "bf"])
        if (!(lead === "f4" && second !== "8f") && !(lead === "f0" && second === "8f")) found.push(`${lead}${second}bf${end}`);
  return found.join(" ");
}

function utf8() {
  const wrong = Buffer.concat([Buffer.from(KOSME), Buffer.from("eda080", "hex"), Buffer.from("edited")]);
  const valid = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";
  const parts = (...hexes) => hexes.map((each) => Buffer.from(each, "hex"));
  const kosme = Buffer.from(KOSME).toString("hex"), edited = Buffer.from("edited").toString("hex");
  const early = [parts(kosme, "f4908080", edited), parts(kosme + "f4", "90", "8080" + edited)];
  return [
    echo("6.1.1", [frame(TEXT)]), echo("6.1.2", [first(""), middle(""), last("")]),
    echo("6.1.3", [first(""), middle("middle frame payload"), last("")]),
    echo("6.2.1", [frame(TEXT, valid)]), echo("6.2.2", [first(valid.slice(0, 12)), last(valid.slice(12))]),
    echo("6.2.3", fragmented(TEXT, valid, 1)), echo("6.2.4", fragmented(TEXT, KOSME, 1)),
    bad("6.3.1", [frame(TEXT, wrong)], { code: PAYLOAD }), bad("6.3.2", fragmented(TEXT, wrong, 1), { code: PAYLOAD }),
    ...early.map(([a, b, c], i) => bad(`6.4.${i + 1}`, [first(a), middle(b), last(c)], { code: PAYLOAD, cut: FRAME })),
    ...early.map((all, i) => bad(`6.4.${i + 3}`, [frame(TEXT, Buffer.concat(all))],
      { code: PAYLOAD, cut: all[0].length })),
    ...UTF8.flatMap((line, i) => line.split(" ").map((word, j) => word[0] === "!"
      ? bad(`6.${i + 5}.${j + 1}`, [frame(TEXT, Buffer.from(word.slice(1), "hex"))], { code: PAYLOAD })
      : echo(`6.${i + 5}.${j + 1}`, [frame(TEXT, Buffer.from(word, "hex"))])))];
}

/// The fuzzer closes by itself: `closes` are the codes that may answer; none: the frame without a code.
const closing = (id, send, closes, back = []) => ({ id, send, back, cut: 0, closes });

function closes() {
  const raw = (payload) => frame(CLOSE, payload);
  const valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
  const invalid = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
  const big = frame(TEXT, Buffer.alloc(256 * 1024, "BAsd7&jh23"));
  return [
    echo("7.1.1", [frame(TEXT, HELLO)]), closing("7.1.2", [close(NORMAL), close(NORMAL)], [NORMAL]),
    closing("7.1.3", [close(NORMAL), frame(PING)], [NORMAL]), closing("7.1.4", [close(NORMAL), frame(TEXT, HELLO)], [NORMAL]),
    closing("7.1.5", [first("fragment1"), close(NORMAL), last("fragment2")], [NORMAL]),
    closing("7.1.6", [big, frame(TEXT, HELLO), close(NORMAL), frame(PING)], [NORMAL], joined([big, frame(TEXT, HELLO)])),
    closing("7.3.1", [raw("")], []), bad("7.3.2", [raw("a")]), closing("7.3.3", [close(NORMAL)], [NORMAL]),
    closing("7.3.4", [close(NORMAL, "Hello World!")], [NORMAL]), closing("7.3.5", [close(NORMAL, "*".repeat(123))], [NORMAL]),
    bad("7.3.6", [close(NORMAL, "*".repeat(124))]),
    bad("7.5.1", [close(NORMAL, Buffer.from("cebae1bdb9cf83cebcceb5eda080656469746564", "hex"))], { code: PAYLOAD }),
    ...valid.map((code, i) => closing(`7.7.${i + 1}`, [close(code)], [NORMAL, code])),
    ...invalid.map((code, i) => bad(`7.9.${i + 1}`, [close(code)])),
    bad("7.13.1", [close(5000)]), bad("7.13.2", [raw(Buffer.from([0, 1, 0, 0]))])];
}

function limits() {
  const found = [], mb = 1 << 20;
  for (const [opcode, shift] of [[TEXT, 0], [BINARY, 1]]) {
    const filler = opcode === TEXT ? "BAsd7&jh23" : Buffer.from([0, 0xfe, 0x21, 0xff, 0x7f]);
    const of = (size) => Buffer.alloc(size, filler);
    [1 / 16, 1 / 4, 1, 4, 8, 16].forEach((size, i) => found.push(echo(`9.${1 + shift}.${i + 1}`, [frame(opcode, of(size * mb))])));
    [64, 256, 1024, 4096, 16384, 65536, 262144, mb, 4 * mb].forEach((size, i) =>
      found.push(echo(`9.${3 + shift}.${i + 1}`, fragmented(opcode, of(4 * mb), size))));
    [64, 128, 256, 512, 1024, 2048].forEach((size, i) => found.push(echo(`9.${5 + shift}.${i + 1}`, [frame(opcode, of(mb))], size)));
    [0, 16, 64, 256, 1024, 4096].forEach((size, i) => found.push({
      ...echo(`9.${7 + shift}.${i + 1}`, Array.from({ length: 1000 }, () => frame(opcode, of(size))), FRAME), roundTrips: true }));
  }
  const order = (id) => id.split(".").map((part) => part.padStart(3, "0")).join(".");
  return found.sort((a, b) => (order(a.id) < order(b.id) ? -1 : 1));
}

export const CASES = [...framing(), ...pings(), ...reserved(), ...fragmentation(), ...utf8(), ...closes(), ...limits(),
  echo("10.1.1", fragmented(TEXT, Buffer.alloc(65536, "*"), 1300))];
