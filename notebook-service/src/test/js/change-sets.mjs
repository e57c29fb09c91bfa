// Random changes, composed and mapped by the real @codemirror/state: what ChangeSetVectorsTest compares Java with.
// Usage: npm ci && npm run generate
import { ChangeSet, Text } from '@codemirror/state';

let seed = 20260101;
function random(below) {
  // Mulberry32: the vectors are the same on every machine.
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

const pieces = ['a', 'b', 'xyz', '\n', '\n\n', ' ', '漢', '字漢', '😀', '👩‍💻', 'é', '\r\n', '0', 'end;'];

function text(most) {
  let out = '';
  for (let n = random(most + 1); n > 0; n--) out += pieces[random(pieces.length)];
  return out;
}

const textOf = (string) => Text.of(string.split('\n'));

function changes(length) {
  const specs = [];
  let at = 0;
  for (let n = random(5); n > 0 && at <= length; n--) {
    const from = at + random(length - at + 1);
    const to = random(2) === 0 ? from : Math.min(length, from + random(6));
    specs.push({ from, to, insert: textOf(random(3) === 0 ? '' : text(2)) });
    at = to + random(2);
  }
  return ChangeSet.of(specs, length);
}

/** Parts as no editor writes them: neighbours are not joined. Both sides must read them alike. */
function ragged(length) {
  const parts = [];
  let left = length;
  while (left > 0 || random(3) === 0) {
    const n = Math.min(left, random(4));
    left -= n;
    const kind = random(4);
    if (kind < 2 && n > 0) parts.push(n);
    else if (kind === 2 && n > 0) parts.push([n]);
    else parts.push([n, ...`${text(1)}x`.split('\n')]);
  }
  return ChangeSet.fromJSON(parts);
}

const some = (length) => (random(5) === 0 ? ragged(length) : changes(length));

for (let i = 0; i < 6000; i++) {
  const doc = textOf(text(12));
  const a = some(doc.length);
  const b = some(doc.length);
  const afterA = a.apply(doc);
  const c = some(afterA.length);
  const line = {
    doc: doc.toString(),
    a: a.toJSON(),
    b: b.toJSON(),
    c: c.toJSON(),
    a_doc: afterA.toString(),
    a_inverted: a.invert(doc).toJSON(),
    a_then_c: a.compose(c).toJSON(),
    a_over_b: a.map(b).toJSON(),
    b_over_a: b.map(a, true).toJSON(),
  };
  console.log(JSON.stringify(line));
}
