import { ChangeSet, type Text } from '@codemirror/state';
import type { CellWire, Op, OpEvent, ServerFrame, Snapshot } from '../../../api/types.ts';
import { textOf } from '../text.ts';

interface Held {
  wire: CellWire;
  text: Text;
  deleted: boolean;
  history: { ver: number; changes: ChangeSet }[];
}

/** The server's side of section 10 of docs/contracts.md, in memory and without a network. */
export class Authority {
  rev = 1;
  readonly cells = new Map<string, Held>();
  readonly log: OpEvent[] = [];
  readonly #seen = new Map<string, ServerFrame>();
  readonly #listeners = new Set<(frame: ServerFrame) => void>();

  constructor(cells: { id: string; src: string; pos: string }[]) {
    for (const { id, src, pos } of cells) {
      const wire: CellWire = { id, type: 'code', lang: null, src, ver: 1, pos, meta: {} };
      this.cells.set(id, { wire, text: textOf(src), deleted: false, history: [] });
    }
  }

  listen(listener: (frame: ServerFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): CellWire[] {
    return [...this.cells.values()]
      .filter((c) => !c.deleted)
      .map((c) => ({ ...c.wire, src: c.text.toString() }))
      .sort((a, b) => (a.pos !== b.pos ? (a.pos < b.pos ? -1 : 1) : a.id < b.id ? -1 : 1));
  }

  snapshot(): Snapshot {
    return {
      rev: this.rev,
      name: 'Test',
      path: '/Test',
      language: 'JAVA',
      permission: 'CAN_MANAGE',
      cells: this.list(),
      runs: [],
      outputs: {},
      compute: { cluster_id: null, data_state: 'off' },
      kernel: { state: 'none' },
    };
  }

  subscribe(rev: number): ServerFrame {
    const { compute, kernel } = this.snapshot();
    if (rev === 0) return { t: 'snapshot', ...this.snapshot() };
    const ops = this.log.filter((e) => e.rev > rev);
    return { t: 'resume', rev: this.rev, ops, runs: [], outputs: {}, compute, kernel };
  }

  commit(cid: string, seq: number, op: Op): ServerFrame {
    const key = `${cid}:${seq}`;
    const known = this.#seen.get(key);
    if (known) return known;
    const applied = this.#apply(op);
    if (!applied)
      return { t: 'nack', cid, seq, error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'The cell was deleted' };
    this.rev++;
    const event: OpEvent = { rev: this.rev, cid, seq, op: applied };
    this.log.push(event);
    const ack: ServerFrame = { t: 'ack', cid, seq, rev: this.rev };
    this.#seen.set(key, ack);
    for (const listener of [...this.#listeners])
      listener(structuredClone({ t: 'op', ...event } as ServerFrame));
    return ack;
  }

  #apply(op: Op): Op | null {
    if (op.kind === 'insert') {
      const wire: CellWire = {
        id: op.cell,
        type: op.type,
        lang: op.lang ?? null,
        src: '',
        ver: 0,
        pos: op.pos,
        meta: op.meta ?? {},
      };
      this.cells.set(op.cell, { wire, text: textOf(op.src ?? ''), deleted: false, history: [] });
      return op;
    }
    if (op.kind === 'language' || op.kind === 'replace') return op;
    const cell = this.cells.get(op.cell);
    if (!cell || (cell.deleted && op.kind !== 'restore')) return null;
    if (op.kind === 'text') {
      let changes = ChangeSet.fromJSON(op.changes);
      for (const h of cell.history) if (h.ver > op.ver) changes = changes.map(h.changes);
      cell.text = changes.apply(cell.text);
      cell.wire.ver++;
      cell.history.push({ ver: cell.wire.ver, changes });
      return { ...op, ver: cell.wire.ver, changes: changes.toJSON() };
    }
    if (op.kind === 'delete') cell.deleted = true;
    else if (op.kind === 'restore') cell.deleted = false;
    else if (op.kind === 'move') cell.wire.pos = op.pos;
    else if (op.kind === 'type') Object.assign(cell.wire, { type: op.type, lang: op.lang });
    else if (op.val === null) delete cell.wire.meta[op.key];
    else cell.wire.meta[op.key] = op.val;
    return op;
  }
}
