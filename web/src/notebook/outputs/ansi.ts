/** SGR colours of a line of terminal text; every other escape sequence is dropped. */

export interface Span {
  text: string;
  /** Space separated class names of outputs.css, empty for plain text. */
  classes: string;
  /** Inline colour of 256-colour and true-colour sequences. */
  color?: string;
  background?: string;
}

interface Style {
  fg: string | null;
  bg: string | null;
  color: string | null;
  background: string | null;
  flags: Set<string>;
}

const ESCAPE = /\u001b(?:\[([0-9;:?]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function blank(): Style {
  return { fg: null, bg: null, color: null, background: null, flags: new Set() };
}

/** Splits text into spans; `carry` keeps the style from one line to the next. */
export class AnsiReader {
  #style = blank();

  read(text: string): Span[] {
    const spans: Span[] = [];
    let at = 0;
    for (const match of text.matchAll(ESCAPE)) {
      this.#push(spans, text.slice(at, match.index));
      at = match.index + match[0].length;
      if (match[2] === 'm') this.#apply(match[1] ?? '');
    }
    this.#push(spans, text.slice(at));
    return spans;
  }

  #push(spans: Span[], text: string): void {
    if (text === '') return;
    const s = this.#style;
    const classes = [...s.flags];
    if (s.fg) classes.push(`ansi-${s.fg}`);
    if (s.bg) classes.push(`ansi-bg-${s.bg}`);
    const span: Span = { text, classes: classes.join(' ') };
    if (s.color) span.color = s.color;
    if (s.background) span.background = s.background;
    spans.push(span);
  }

  #apply(parameters: string): void {
    const codes = parameters.split(/[;:]/).map((x) => (x === '' ? 0 : Number(x)));
    const s = this.#style;
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i]!;
      if (code === 0) this.#style = Object.assign(s, blank());
      else if (code === 38 || code === 48) i += this.#extended(code, codes.slice(i + 1));
      else this.#simple(code);
    }
  }

  #simple(code: number): void {
    const s = this.#style;
    const flag = { 1: 'ansi-bold', 2: 'ansi-faint', 3: 'ansi-italic', 4: 'ansi-underline', 9: 'ansi-strike' }[
      code
    ];
    if (flag) s.flags.add(flag);
    else if (code === 22) for (const f of ['ansi-bold', 'ansi-faint']) s.flags.delete(f);
    else if (code === 23) s.flags.delete('ansi-italic');
    else if (code === 24) s.flags.delete('ansi-underline');
    else if (code === 29) s.flags.delete('ansi-strike');
    else if (code >= 30 && code <= 37) [s.fg, s.color] = [NAMES[code - 30]!, null];
    else if (code >= 90 && code <= 97) [s.fg, s.color] = [NAMES[code - 90]!, null];
    else if (code === 39) [s.fg, s.color] = [null, null];
    else if (code >= 40 && code <= 47) [s.bg, s.background] = [NAMES[code - 40]!, null];
    else if (code >= 100 && code <= 107) [s.bg, s.background] = [NAMES[code - 100]!, null];
    else if (code === 49) [s.bg, s.background] = [null, null];
  }

  /** Answers how many further codes were used. */
  #extended(code: number, rest: number[]): number {
    const s = this.#style;
    let value: string | null = null;
    let used = 0;
    if (rest[0] === 5 && rest.length >= 2) {
      value = palette(rest[1]!);
      used = 2;
    } else if (rest[0] === 2 && rest.length >= 4) {
      value = `rgb(${rest[1]} ${rest[2]} ${rest[3]})`;
      used = 4;
    }
    if (code === 38) [s.fg, s.color] = [null, value];
    else [s.bg, s.background] = [null, value];
    return used;
  }
}

function palette(n: number): string {
  if (n < 8) return `var(--ansi-${NAMES[n]})`;
  if (n < 16) return `var(--ansi-${NAMES[n - 8]})`;
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const i = n - 16;
  const level = (x: number): number => (x === 0 ? 0 : 55 + x * 40);
  return `rgb(${level(Math.floor(i / 36))} ${level(Math.floor(i / 6) % 6)} ${level(i % 6)})`;
}

export function stripAnsi(text: string): string {
  return text.replace(ESCAPE, '');
}
