// What is compressed: five kinds of data like Autobahn's (prose, a picture, a PDF, JSON, HTML), made here from a
// seed, since those files are not ours to copy.
const BYTES = 400_000;

/// A small generator of numbers, the same in every run.
function numbers(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function repeated(make, bytes = BYTES) {
  const parts = [];
  for (let size = 0; size < bytes; ) {
    const part = Buffer.from(make());
    parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts);
}

function prose() {
  const pick = numbers(1), words = "Habe nun ach Philosophie Juristerei und Medizin durchaus studiert mit heissem Bemuehn".split(" ");
  return repeated(() => `${words[pick(words.length)]}${pick(9) ? " " : ".\r\n"}`);
}

function picture() {
  const pick = numbers(2);
  let grey = 128;
  return repeated(() => [(grey = (grey + pick(7) - 3) & 0xff)]);
}

function noise() {
  const pick = numbers(3);
  return repeated(() => Array.from({ length: 64 }, () => pick(256)));
}

function json() {
  const pick = numbers(4);
  return repeated(() => JSON.stringify({ id: pick(1e6), name: `user ${pick(500)}`, tags: ["a", "b", pick(9)], ok: !pick(2) }) + ",\n");
}

function html() {
  const pick = numbers(5);
  return repeated(() => `<tr class="row-${pick(2)}"><td>${pick(1e4)}</td><td><a href="/item/${pick(1e4)}">item</a></td></tr>\n`);
}

export const CORPORA = [
  { text: prose(), binary: true }, { text: picture(), binary: true }, { text: noise(), binary: true },
  { text: json(), binary: false }, { text: html(), binary: false },
];

/// `length` bytes from `from`, going round.
export function slice(text, from, length) {
  const at = from % text.length;
  return at + length <= text.length ? text.subarray(at, at + length)
    : Buffer.concat([text.subarray(at), text.subarray(0, at + length - text.length)]);
}
