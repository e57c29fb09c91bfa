/** Positions are base-62 fractions written without "0."; between two of them there is always another one. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A position strictly between `a` and `b`; null means the start or the end. Never ends in the digit 0. */
export function between(a: string | null, b: string | null): string {
  const low = a ?? '';
  let out = '';
  for (let i = 0; ; i++) {
    const x = i < low.length ? DIGITS.indexOf(low[i]!) : 0;
    const y = b !== null && i < b.length ? DIGITS.indexOf(b[i]!) : DIGITS.length;
    if (x === y) {
      out += DIGITS[x];
      continue;
    }
    const middle = Math.floor((x + y) / 2);
    if (middle > x) return out + DIGITS[middle];
    out += DIGITS[x];
    // `low` and `b` differ by one here, so anything after `low`'s rest stays below `b`.
    return out + after(low.slice(i + 1));
  }
}

function after(rest: string): string {
  let out = '';
  for (let i = 0; ; i++) {
    const x = i < rest.length ? DIGITS.indexOf(rest[i]!) : 0;
    const middle = Math.floor((x + DIGITS.length) / 2);
    if (middle > x) return out + DIGITS[middle];
    out += DIGITS[x];
  }
}

export function compare(a: { pos: string; id: string }, b: { pos: string; id: string }): number {
  if (a.pos !== b.pos) return a.pos < b.pos ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
