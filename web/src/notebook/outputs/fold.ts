/**
 * What a program printed, as lines: carriage returns overwrite, backspaces erase, and of more than `LIMIT` lines only
 * the first and the last stay in memory. A million lines cost as much as two thousand.
 */
export const LIMIT = 2000;
const HEAD = LIMIT / 2;
const LONGEST = 20_000;

export class StreamFold {
  /** All lines while they are few; the first `HEAD` once folded. The last entry of the tail is the open line. */
  readonly head: string[] = [];
  tail: string[] = [''];
  total = 1;
  hidden = 0;
  hiddenBytes = 0;
  /** Where the next character goes; null is the end of the line. */
  #column: number | null = null;

  append(text: string): void {
    let start = 0;
    while (start <= text.length) {
      const end = text.indexOf('\n', start);
      if (end < 0) {
        this.#write(text.slice(start));
        break;
      }
      this.#write(text.slice(start, end));
      this.#newline();
      start = end + 1;
    }
    this.#trim();
  }

  /** A middle that the server left out. */
  skip(lines: number, bytes: number): void {
    while (this.tail.length > 1) this.head.push(this.tail.shift()!);
    this.hidden += lines;
    this.hiddenBytes += bytes;
    this.total += lines;
    this.tail = [''];
  }

  get folded(): boolean {
    return this.hidden > 0;
  }

  #newline(): void {
    this.#column = null;
    this.tail.push('');
    this.total++;
  }

  /** As a terminal does: "\r" goes to the start of the line, what follows overwrites it. */
  #write(piece: string): void {
    if (piece === '') return;
    const last = this.tail.length - 1;
    let line = this.tail[last] ?? '';
    if (this.#column === null && !piece.includes('\r') && !piece.includes('\b')) line += piece;
    else line = this.#overwrite(line, piece);
    this.tail[last] = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  }

  #overwrite(start: string, piece: string): string {
    let line = start;
    let column = this.#column ?? line.length;
    for (const [part] of piece.matchAll(/\r|\u0008|\u001b\[0?K|[^\r\u0008\u001b]+|\u001b/g)) {
      if (part === '\r') column = 0;
      else if (part === '\b') column = Math.max(0, column - 1);
      else if (part.startsWith('\u001b[') && part.endsWith('K')) line = line.slice(0, column);
      else {
        line = line.slice(0, column) + part + line.slice(column + part.length);
        column += part.length;
      }
    }
    this.#column = column;
    return line;
  }

  #trim(): void {
    if (this.hidden === 0 && this.tail.length <= LIMIT + 1) return;
    if (this.hidden === 0) this.head.push(...this.tail.splice(0, HEAD));
    const over = this.tail.length - (LIMIT - HEAD) - 1;
    if (over <= 0) return;
    for (const line of this.tail.splice(0, over)) {
      this.hidden++;
      this.hiddenBytes += line.length + 1;
    }
  }
}
