import type { ChangeSet } from '@codemirror/state';
import { uuid } from '../../api/ids.ts';
import { Observable } from '../../api/observable.ts';
import type { Channel, Socket } from '../../api/socket.ts';
import type { Compute, Kernel, Op, OpEvent, Resume, ServerFrame, Snapshot } from '../../api/types.ts';
import type { CellModel } from './cell.ts';
import { NotebookDocument } from './document.ts';
import { between } from './order.ts';
import type { Outbox, OutboxRecord } from './outbox.ts';
import { Pending } from './pending.ts';
import { type RecoveryPort, recover, type Verdict } from './recovery.ts';
import { Requests } from './requests.ts';
import type { RunModel } from './run.ts';

export type Phase = { kind: 'loading' } | { kind: 'live' } | { kind: 'gone' | 'too-large'; message: string };
export type SaveState = 'saved' | 'saving' | 'unsaved';

const FLUSH_MS = 120;
const GAP_MS = 3000;

/** One open notebook: the document, the operations on their way, and the frames of its channel. */
export class NotebookSession extends Observable implements Channel {
  readonly id: string;
  readonly cid = uuid();
  readonly doc = new NotebookDocument();
  readonly pending: Pending;
  readonly requests: Requests;
  phase: Phase = { kind: 'loading' };
  name = '';
  path = '';
  permission = 'CAN_READ';
  compute: Compute = { cluster_id: null, data_state: 'off' };
  kernel: Kernel = { state: 'none' };
  /** Server time minus ours, so that elapsed times agree with the server's. */
  skew = 0;
  onNotice: (message: string) => void = () => undefined;
  readonly channel: string;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  #subscribed = false;
  #flush: ReturnType<typeof setTimeout> | null = null;
  #orphansSought = false;
  #verdicts = new Map<string, (verdict: Verdict) => void>();
  #awaitedRevs: { rev: number; go: () => void }[] = [];
  #recoveries: OutboxRecord[] = [];
  #gaps = new Set<string>();

  constructor(id: string, socket: Socket, outbox: Outbox) {
    super();
    this.id = id;
    this.channel = `nb:${id}`;
    this.#socket = socket;
    this.#outbox = outbox;
    this.pending = new Pending(id, this.cid, outbox);
    this.requests = new Requests(this);
  }

  get canEdit(): boolean {
    return this.permission === 'CAN_EDIT' || this.permission === 'CAN_MANAGE';
  }

  get canRun(): boolean {
    return this.canEdit || this.permission === 'CAN_RUN';
  }

  get connected(): boolean {
    return this.#subscribed;
  }

  get saveState(): SaveState {
    if (this.pending.empty) return 'saved';
    return this.#subscribed ? 'saving' : 'unsaved';
  }

  // ---- the channel

  onOpen(): void {
    const runs: Record<string, number> = {};
    for (const run of this.doc.runs.values()) runs[run.id] = run.last;
    this.send({ t: 'sub', rev: this.doc.rev, runs });
  }

  onClose(): void {
    this.#subscribed = false;
    for (const p of this.pending.ops) p.sent = false;
    this.requests.lostConnection();
    this.pending.changed();
    this.changed();
  }

  send(frame: object): boolean {
    return this.#socket.send(this.channel, frame);
  }

  onFrame(frame: ServerFrame): void {
    switch (frame.t) {
      case 'snapshot':
        return this.applySnapshot(frame, true);
      case 'resume':
        return this.#resume(frame);
      case 'op':
        this.#committed(frame);
        return this.pump();
      case 'ack':
        return this.#verdict(frame.cid, frame.seq, { kind: 'ack', rev: frame.rev });
      case 'nack':
        return this.#refused(frame);
      case 'outputs':
        return this.#outputs(frame);
      case 'compute':
        return this.#compute(frame.compute);
      case 'kernel':
        this.kernel = frame.kernel;
        return this.changed();
      case 'gone':
        return this.refused(frame.error_code ?? '', frame.message);
      default:
        this.requests.onFrame(frame);
    }
  }

  /** There is nothing to show, now or at the next try. */
  refused(code: string, message: string): void {
    this.phase = { kind: code === 'MAX_NOTEBOOK_SIZE_EXCEEDED' ? 'too-large' : 'gone', message };
    this.changed();
  }

  applySnapshot(s: Snapshot, live: boolean): void {
    if (!this.pending.empty && this.pending.since !== null) this.#setAside();
    Object.assign(this, { name: s.name, path: s.path, permission: s.permission, kernel: s.kernel });
    this.doc.rev = s.rev;
    this.doc.language = s.language;
    this.doc.load(s.cells);
    this.#runs(s);
    this.phase = { kind: 'live' };
    if (live) this.#live();
    else this.changed();
  }

  #resume(r: Resume): void {
    for (const event of r.ops) this.#committed(event);
    this.doc.rev = Math.max(this.doc.rev, r.rev);
    this.kernel = r.kernel;
    this.#runs(r);
    this.#live();
  }

  #runs(from: Snapshot | Resume): void {
    for (const wire of from.runs) this.doc.applyRun(wire);
    for (const [id, items] of Object.entries(from.outputs)) this.doc.runs.get(id)?.load(items);
    this.#compute(from.compute);
  }

  #live(): void {
    this.#subscribed = true;
    this.changed();
    this.pending.changed();
    this.#resend();
    this.pump();
    if (!this.#orphansSought) void this.#seekOrphans();
    for (const record of this.#recoveries.splice(0)) void this.#recover(record);
  }

  // ---- operations

  edit(cell: CellModel, changes: ChangeSet): void {
    if (changes.empty) return;
    cell.text.local(changes);
    if (!this.pending.dirty.has(cell)) {
      this.pending.dirty.add(cell);
      cell.changed();
    }
    this.pending.touch();
    this.#flush ??= setTimeout(() => this.pump(), FLUSH_MS);
  }

  /** A change that somebody else than the editor made here (recovery, merging): the editor must follow. */
  editAndShow(cell: CellModel, changes: ChangeSet): void {
    this.edit(cell, changes);
    this.doc.onText(cell, changes);
    cell.changed();
  }

  apply(op: Op): void {
    this.doc.applyLocal(op);
    this.pending.push(op);
    this.pump();
  }

  /** Sends what can be sent: operations in order, at most one text operation of a cell, then runs that waited. */
  pump(): void {
    if (this.#flush) clearTimeout(this.#flush);
    this.#flush = null;
    if (!this.#subscribed) return;
    const frames: object[] = [];
    for (const p of this.pending.ops) {
      if (p.sent) continue;
      p.sent = true;
      frames.push(this.#opFrame(p.seq, p.op));
    }
    for (const cell of this.pending.dirty) {
      if (!cell.announced) continue;
      const seq = cell.text.inflight || !cell.text.hasBuffer ? null : this.pending.next();
      const taken = seq === null ? null : cell.text.take(seq);
      if (seq === null || !taken) continue;
      const op: Op = { kind: 'text', cell: cell.id, ver: taken.ver, changes: taken.changes.toJSON() };
      frames.push(this.#opFrame(seq, op));
    }
    if (frames.length > 0) this.pending.persist();
    for (const frame of frames) this.send(frame);
    this.requests.pump();
  }

  #opFrame(seq: number, op: Op): object {
    return { t: 'op', cid: this.cid, seq, base: this.doc.rev, op };
  }

  /** After a reconnect the server may or may not know what was in flight; the same numbers make it harmless. */
  #resend(): void {
    const again: { seq: number; op: Op }[] = [];
    for (const p of this.pending.ops) {
      p.sent = true;
      again.push(p);
    }
    for (const cell of this.pending.dirty) {
      const inflight = cell.text.inflight;
      if (!inflight) continue;
      const op: Op = {
        kind: 'text',
        cell: cell.id,
        ver: cell.text.ver,
        changes: inflight.changes.toJSON(),
      };
      again.push({ seq: inflight.seq, op });
    }
    for (const { seq, op } of again.sort((a, b) => a.seq - b.seq)) this.send(this.#opFrame(seq, op));
  }

  #committed(event: OpEvent): void {
    if (event.rev <= this.doc.rev) return;
    this.doc.rev = event.rev;
    const op = event.op;
    if (!(event.cid === this.cid && event.seq !== null && this.#own(event.seq, op))) {
      const known = this.pending.overrules(op) || this.doc.applyRemote(op);
      if (!known) this.send({ t: 'sub', rev: 0, runs: {} });
    }
    this.#awaitedRevs = this.#awaitedRevs.filter(({ rev, go }) => {
      if (rev > event.rev) return true;
      go();
      return false;
    });
  }

  #own(seq: number, op: Op): boolean {
    if (op.kind === 'text') {
      const cell = this.doc.cell(op.cell);
      if (!cell?.text.confirmed(seq, op.ver)) return false;
      this.#settled(cell);
      return true;
    }
    const mine = this.pending.settle(seq);
    if (!mine) return false;
    if (op.kind === 'insert') {
      const cell = this.doc.cell(op.cell);
      if (cell) {
        cell.announced = true;
        cell.text.ver = op.ver ?? cell.text.ver;
      }
    }
    this.pending.touch();
    return true;
  }

  #settled(cell: CellModel): void {
    if (!cell.text.pending) this.pending.dirty.delete(cell);
    this.pending.touch();
    cell.changed();
  }

  #verdict(cid: string, seq: number, verdict: Verdict): void {
    const key = `${cid}:${seq}`;
    this.#verdicts.get(key)?.(verdict);
    this.#verdicts.delete(key);
  }

  #refused(nack: Extract<ServerFrame, { t: 'nack' }>): void {
    const verdict: Verdict = {
      kind: 'nack',
      message: nack.message,
      recovered: Boolean(nack.recovered_cell),
    };
    if (this.#verdicts.has(`${nack.cid}:${nack.seq}`)) return this.#verdict(nack.cid, nack.seq, verdict);
    if (nack.cid !== this.cid) return;
    this.onNotice(nack.message);
    const structural = this.pending.settle(nack.seq);
    const cell = structural
      ? undefined
      : [...this.pending.dirty].find((c) => c.text.inflight?.seq === nack.seq);
    if (cell) {
      // The server kept the refused text in a cell of its own, if it could; anything typed after it is ours to keep.
      if (!nack.recovered_cell || cell.text.hasBuffer) this.insertRecovered(cell.source, cell.id);
      this.pending.dirty.delete(cell);
      this.doc.cells.delete(cell.id);
    }
    this.pending.touch();
    this.send({ t: 'sub', rev: 0, runs: {} });
  }

  // ---- recovery

  #setAside(): void {
    const record = this.pending.record(this.doc.rev);
    if (record.ops.length === 0 && Object.keys(record.texts).length === 0) return;
    this.pending.reset();
    this.pending.recovering++;
    this.#recoveries.push(record);
  }

  async #seekOrphans(): Promise<void> {
    this.#orphansSought = true;
    try {
      for (const record of await this.#outbox.orphans(this.id, this.cid)) {
        this.pending.recovering++;
        await this.#recover(record);
        await this.#outbox.drop(record.key);
        this.onNotice('Edits of an earlier tab were brought back.');
      }
    } catch (error) {
      console.warn('The outbox cannot be read', error);
    }
  }

  async #recover(record: OutboxRecord): Promise<void> {
    const port: RecoveryPort = {
      sendAs: (cid, seq, rev, op) => this.#sendAs(cid, seq, rev, op),
      reached: (rev) => this.#reached(rev),
      cell: (id) => this.doc.cell(id),
      edit: (cell, changes) => this.editAndShow(cell, changes),
      insertRecovered: (source, near) => this.insertRecovered(source, near),
    };
    try {
      await recover(record, port);
    } finally {
      this.pending.recovering--;
      this.pending.touch();
      this.pump();
    }
  }

  #sendAs(cid: string, seq: number, rev: number, op: Op): Promise<Verdict> {
    return new Promise((resolve) => {
      this.#verdicts.set(`${cid}:${seq}`, resolve);
      this.send({ t: 'op', cid, seq, base: rev, op });
    });
  }

  #reached(rev: number): Promise<void> {
    if (this.doc.rev >= rev) return Promise.resolve();
    return new Promise((go) => this.#awaitedRevs.push({ rev, go }));
  }

  insertRecovered(source: string, near: string): void {
    const at = this.doc.cell(near);
    const index = at ? this.doc.order.indexOf(near) : -1;
    const before = at && !at.deleted ? at.pos : (this.doc.at(this.doc.order.length - 1)?.pos ?? null);
    const after = index >= 0 ? (this.doc.at(index + 1)?.pos ?? null) : null;
    const op: Op = {
      kind: 'insert',
      cell: uuid(),
      type: at?.type ?? 'code',
      lang: at?.lang ?? null,
      pos: between(before, after),
      src: source,
      meta: { recovered: true },
    };
    this.apply(op);
  }

  // ---- runs and compute

  #outputs(frame: Extract<ServerFrame, { t: 'outputs' }>): void {
    const runId = String(frame.run_id);
    const run = this.doc.runs.get(runId);
    if (!run) return;
    for (const item of frame.items) {
      if (item.kind === 'update_display' && item.display_id)
        this.doc.updateDisplay(item.display_id, item.data, item.metadata ?? {});
    }
    // "more" marks the answer to a fetch: whatever it does not hold does not exist.
    if (frame.more !== undefined) {
      run.load(frame.items);
      this.#gaps.delete(runId);
      if (frame.more) this.#fetch(run);
      return;
    }
    if (run.merge(frame.items)) this.#fetch(run);
  }

  #fetch(run: RunModel): void {
    if (this.#gaps.has(run.id)) return;
    this.#gaps.add(run.id);
    this.send({ t: 'fetch', run_id: run.wire.run_id, after: run.last });
    setTimeout(() => {
      if (this.#gaps.delete(run.id)) run.force();
    }, GAP_MS);
  }

  #compute(compute: Compute): void {
    this.compute = compute;
    if (compute.server_time) this.skew = compute.server_time - Date.now();
    this.changed();
  }

  dispose(): void {
    this.pump();
    this.pending.persist();
    if (this.#flush) clearTimeout(this.#flush);
  }
}
