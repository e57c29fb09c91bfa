import { Observable } from '../../api/observable.ts';
import type { Op } from '../../api/types.ts';
import type { CellModel } from './cell.ts';
import type { Outbox, OutboxRecord } from './outbox.ts';
import type { PendingText } from './text.ts';

export interface PendingOp {
  seq: number;
  op: Op;
  sent: boolean;
}

const PERSIST_MS = 40;

/** Everything this tab did that the server has not committed, and its copy in the outbox. */
export class Pending extends Observable {
  ops: PendingOp[] = [];
  readonly dirty = new Set<CellModel>();
  /** Records of earlier tabs being brought back. */
  recovering = 0;
  since: number | null = null;
  readonly notebook: string;
  readonly cid: string;
  readonly #outbox: Outbox;
  #seq = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stored = false;

  constructor(notebook: string, cid: string, outbox: Outbox) {
    super();
    this.notebook = notebook;
    this.cid = cid;
    this.#outbox = outbox;
  }

  next(): number {
    return ++this.#seq;
  }

  get empty(): boolean {
    return this.ops.length === 0 && this.dirty.size === 0 && this.recovering === 0;
  }

  push(op: Op): void {
    this.ops.push({ seq: this.next(), op, sent: false });
    this.touch();
  }

  settle(seq: number): PendingOp | undefined {
    const i = this.ops.findIndex((p) => p.seq === seq);
    return i < 0 ? undefined : this.ops.splice(i, 1)[0];
  }

  /** A remote operation on the same thing, committed before ours, is overruled by ours. */
  overrules(op: Op): boolean {
    const slot = slotOf(op);
    return slot !== null && this.ops.some((p) => slotOf(p.op) === slot);
  }

  touch(): void {
    const wasEmpty = this.since === null;
    this.since = this.empty ? null : (this.since ?? Date.now());
    this.#timer ??= setTimeout(() => this.persist(), PERSIST_MS);
    if (wasEmpty !== (this.since === null)) this.changed();
  }

  record(rev = 0): OutboxRecord {
    const texts: Record<string, PendingText> = {};
    for (const cell of this.dirty) {
      const pending = cell.text.toPending();
      if (pending) texts[cell.id] = pending;
    }
    return {
      key: `${this.notebook}/${this.cid}`,
      notebook: this.notebook,
      cid: this.cid,
      rev,
      savedAt: Date.now(),
      ops: this.ops.map(({ seq, op }) => ({ seq, op })),
      texts,
    };
  }

  /** Issued before the frames it covers are sent; IndexedDB keeps the order of the writes. */
  persist(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const nothing = this.ops.length === 0 && this.dirty.size === 0;
    if (nothing && !this.#stored) return;
    this.#stored = !nothing;
    const record = this.record();
    const write = nothing ? this.#outbox.drop(record.key) : this.#outbox.put(record);
    // A browser that refuses storage (private windows) still edits; leaving the page then asks first.
    write.catch((error: unknown) => console.warn('The outbox cannot be written', error));
  }

  reset(): void {
    this.ops = [];
    this.dirty.clear();
    this.touch();
  }
}

function slotOf(op: Op): string | null {
  switch (op.kind) {
    case 'move':
      return `move/${op.cell}`;
    case 'meta':
      return `meta/${op.cell}/${op.key}`;
    case 'type':
      return `type/${op.cell}`;
    case 'delete':
    case 'restore':
      return `life/${op.cell}`;
    case 'language':
      return 'language';
    default:
      return null;
  }
}
