import { ChangeSet, Text } from '@codemirror/state';

/** Split on "\n" alone: offsets must be those of the server's string, carriage returns included. */
export function textOf(source: string): Text {
  return Text.of(source.split('\n'));
}

export interface PendingText {
  ver: number;
  base: string;
  inflight: { seq: number; changes: unknown } | null;
  buffer: unknown | null;
}

/**
 * One cell's text against the server's authority. The server's document at `ver`, then at most one operation
 * that was sent, then everything typed since, composed into one.
 */
export class CellText {
  ver: number;
  doc: Text;
  #server: Text;
  #inflight: { seq: number; changes: ChangeSet } | null = null;
  #buffer: ChangeSet | null = null;

  constructor(source: string, ver: number) {
    this.#server = textOf(source);
    this.doc = this.#server;
    this.ver = ver;
  }

  get inflight(): { seq: number; changes: ChangeSet } | null {
    return this.#inflight;
  }

  get hasBuffer(): boolean {
    return this.#buffer !== null;
  }

  get pending(): boolean {
    return this.#inflight !== null || this.#buffer !== null;
  }

  local(changes: ChangeSet): void {
    if (changes.empty) return;
    this.doc = changes.apply(this.doc);
    this.#buffer = this.#buffer ? this.#buffer.compose(changes) : changes;
  }

  /** Moves what was typed into flight, unless an operation is there already. */
  take(seq: number): { ver: number; changes: ChangeSet } | null {
    if (this.#inflight || !this.#buffer) return null;
    this.#inflight = { seq, changes: this.#buffer };
    this.#buffer = null;
    return { ver: this.ver, changes: this.#inflight.changes };
  }

  /** Somebody else's committed change; answers what the screen must apply, or null when it was known. */
  remote(changes: ChangeSet, ver: number): ChangeSet | null {
    if (ver <= this.ver) return null;
    this.#server = changes.apply(this.#server);
    this.ver = ver;
    let seen = changes;
    if (this.#inflight) {
      const mine = this.#inflight.changes;
      this.#inflight = { seq: this.#inflight.seq, changes: mine.map(seen) };
      seen = seen.map(mine, true);
    }
    if (this.#buffer) {
      const mine = this.#buffer;
      this.#buffer = mine.map(seen);
      seen = seen.map(mine, true);
    }
    this.doc = seen.apply(this.doc);
    return seen;
  }

  /** Our own operation came back committed. */
  confirmed(seq: number, ver: number): boolean {
    if (this.#inflight?.seq !== seq) return false;
    this.#server = this.#inflight.changes.apply(this.#server);
    this.#inflight = null;
    this.ver = ver;
    return true;
  }

  /** What the outbox must remember to bring this text back without us. */
  toPending(): PendingText | null {
    if (!this.pending) return null;
    return {
      ver: this.ver,
      base: this.#server.toString(),
      inflight: this.#inflight ? { seq: this.#inflight.seq, changes: this.#inflight.changes.toJSON() } : null,
      buffer: this.#buffer ? this.#buffer.toJSON() : null,
    };
  }
}

/** The smallest single replacement that turns one text into the other. */
export function difference(from: Text, to: Text): ChangeSet {
  const a = from.toString();
  const b = to.toString();
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const change =
    start === endA && start === endB ? [] : [{ from: start, to: endA, insert: textOf(b.slice(start, endB)) }];
  return ChangeSet.of(change, a.length);
}

/** Changes made on `base`, carried over to `current` when the operations between them are not known. */
export function rebase(base: Text, current: Text, changes: ChangeSet): ChangeSet {
  return changes.map(difference(base, current));
}
