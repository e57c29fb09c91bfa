import { ChangeSet } from '@codemirror/state';
import { Observable } from '../../api/observable.ts';
import type { CellWire, Op, RunWire } from '../../api/types.ts';
import { CellModel } from './cell.ts';
import { compare } from './order.ts';
import { RunModel } from './run.ts';

/** What the screen must do beside re-reading the model. */
export type TextListener = (cell: CellModel, changes: ChangeSet) => void;

/**
 * The notebook as this tab sees it. `changed()` of the document means the list of cells or a notebook-wide property;
 * each cell and each run announce their own changes, so that typing renders one cell.
 */
export class NotebookDocument extends Observable {
  rev = 0;
  language = 'JAVA';
  readonly cells = new Map<string, CellModel>();
  readonly runs = new Map<string, RunModel>();
  order: readonly string[] = [];
  /** Changes when the first run begins to wait and when the last one ends. */
  readonly activity = new Observable();
  onText: TextListener = () => undefined;

  load(cells: CellWire[]): void {
    const known = new Map(this.cells);
    this.cells.clear();
    for (const wire of cells) {
      const old = known.get(wire.id);
      // The same version of the same cell keeps its object, and with it the editor, the undo history and the run.
      if (old && !old.deleted && old.text.ver === wire.ver && !old.text.pending && old.source === wire.src) {
        Object.assign(old, { type: wire.type, lang: wire.lang, pos: wire.pos, meta: wire.meta ?? {} });
        old.announced = true;
        this.cells.set(wire.id, old);
        old.changed();
      } else {
        const cell = new CellModel(wire);
        cell.run = old?.run ?? null;
        this.cells.set(wire.id, cell);
      }
    }
    this.#reorder();
  }

  /** Something waits or runs. */
  get busy(): boolean {
    for (const run of this.runs.values()) if (run.live) return true;
    return false;
  }

  cell(id: string): CellModel | undefined {
    return this.cells.get(id);
  }

  at(index: number): CellModel | undefined {
    const id = this.order[index];
    return id === undefined ? undefined : this.cells.get(id);
  }

  /** Own operations, before the server has seen them. Text is applied by the caller. */
  applyLocal(op: Op): void {
    this.#structure(op, false);
  }

  /** Somebody's committed operation. Answers false when it speaks of a cell we do not know. */
  applyRemote(op: Op): boolean {
    if (op.kind === 'text') {
      const cell = this.cells.get(op.cell);
      if (!cell) return false;
      const seen = cell.text.remote(ChangeSet.fromJSON(op.changes), op.ver);
      if (seen) {
        this.onText(cell, seen);
        cell.changed();
      }
      return true;
    }
    return this.#structure(op, true);
  }

  #structure(op: Op, remote: boolean): boolean {
    if (op.kind === 'language') {
      this.language = op.lang;
      this.changed();
      for (const cell of this.cells.values()) if (cell.lang === null) cell.changed();
      return true;
    }
    if (op.kind === 'replace') {
      this.load(op.cells);
      return true;
    }
    if (op.kind === 'insert') {
      this.#insert(op, remote);
      return true;
    }
    const cell = this.cells.get(op.cell);
    if (!cell) return false;
    if (op.kind === 'delete') cell.deleted = true;
    else if (op.kind === 'restore') cell.deleted = false;
    else if (op.kind === 'move') cell.pos = op.pos;
    else if (op.kind === 'type') Object.assign(cell, { type: op.type, lang: op.lang });
    else if (op.kind === 'meta') {
      const { [op.key]: _, ...rest } = cell.meta;
      cell.meta = op.val === null ? rest : { ...rest, [op.key]: op.val };
    }
    cell.changed();
    if (op.kind === 'delete' || op.kind === 'restore' || op.kind === 'move') this.#reorder();
    return true;
  }

  #insert(op: Extract<Op, { kind: 'insert' }>, remote: boolean): void {
    const known = this.cells.get(op.cell);
    if (known) {
      known.announced = known.announced || remote;
      return;
    }
    const cell = new CellModel({
      id: op.cell,
      type: op.type,
      lang: op.lang ?? null,
      src: op.src ?? '',
      ver: op.ver ?? 0,
      pos: op.pos,
      meta: op.meta ?? {},
    });
    cell.announced = remote;
    this.cells.set(op.cell, cell);
    this.#reorder();
  }

  #reorder(): void {
    this.order = [...this.cells.values()]
      .filter((cell) => !cell.deleted)
      .sort(compare)
      .map((cell) => cell.id);
    this.changed();
  }

  /** The latest run of a cell is the one its outputs are shown of. */
  applyRun(wire: RunWire): RunModel {
    const id = String(wire.run_id);
    const wasBusy = this.busy;
    let run = this.runs.get(id);
    if (run) run.update(wire);
    else {
      run = new RunModel(wire);
      this.runs.set(id, run);
    }
    const cell = this.cells.get(wire.cell);
    if (cell) {
      cell.asked = false;
      if (cell.run !== run && !(cell.run && newer(cell.run, run))) {
        const old = cell.run;
        cell.run = run;
        if (old) this.runs.delete(old.id);
      }
      cell.changed();
    }
    if (wasBusy !== this.busy) this.activity.changed();
    return run;
  }

  updateDisplay(displayId: string, data: Record<string, unknown>, metadata: Record<string, unknown>): void {
    for (const run of this.runs.values()) run.updateDisplay(displayId, data, metadata);
  }
}

function newer(a: RunModel, b: RunModel): boolean {
  const key = (run: RunModel): number => run.wire.queued_at ?? 0;
  if (key(a) !== key(b)) return key(a) > key(b);
  const [x, y] = [Number(a.id), Number(b.id)];
  return Number.isFinite(x) && Number.isFinite(y) && x > y;
}
