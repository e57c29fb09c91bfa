import { ChangeSet } from '@codemirror/state';
import { uuid } from '../api/ids.ts';
import { Observable } from '../api/observable.ts';
import type { CellType, Op } from '../api/types.ts';
import type { CellModel } from './model/cell.ts';
import { between } from './model/order.ts';
import type { NotebookSession } from './model/session.ts';
import { textOf } from './model/text.ts';

export type Mode = 'command' | 'edit';

interface Copied {
  type: CellType;
  lang: string | null;
  src: string;
  meta: Record<string, unknown>;
}

/** What a person does with cells: selection, modes, and commands over the session. Knows no React. */
export class NotebookController extends Observable {
  readonly session: NotebookSession;
  active: string | null = null;
  mode: Mode = 'command';
  /** The other end of a selection of several cells. */
  anchor: string | null = null;
  /** Raised when the focus must follow; zero as long as nobody did anything. */
  focusTick = 0;
  /** A line of the active cell to go to, from a link in an error. */
  line: number | null = null;
  /** Where the live editor's cursor is; the editor says. */
  cursorOffset: (id: string) => number | null = () => null;
  #clipboard: Copied[] = [];
  #undo: Op[][] = [];

  constructor(session: NotebookSession) {
    super();
    this.session = session;
  }

  get doc() {
    return this.session.doc;
  }

  get activeIndex(): number {
    return this.active === null ? -1 : this.doc.order.indexOf(this.active);
  }

  get cell(): CellModel | undefined {
    return this.active === null ? undefined : this.doc.cell(this.active);
  }

  get selected(): string[] {
    const a = this.activeIndex;
    if (a < 0) return [];
    const b = this.anchor === null ? a : this.doc.order.indexOf(this.anchor);
    return b < 0 ? [this.active!] : this.doc.order.slice(Math.min(a, b), Math.max(a, b) + 1);
  }

  isSelected(id: string): boolean {
    return id === this.active || (this.anchor !== null && this.selected.includes(id));
  }

  select(id: string, mode: Mode, options: { extend?: boolean; quiet?: boolean } = {}): void {
    const cell = this.doc.cell(id);
    if (!cell) return;
    this.anchor = options.extend ? (this.anchor ?? this.active) : null;
    this.active = id;
    this.mode = mode === 'edit' && !this.session.canEdit ? 'command' : mode;
    if (!options.quiet) this.focusTick++;
    this.changed();
  }

  /** The first cell is active from the start; an empty new notebook is ready to type into. */
  start(wanted: string | null): void {
    if (this.active !== null && this.doc.cell(this.active)) return;
    const id = wanted && this.doc.cell(wanted) ? wanted : this.doc.order[0];
    if (id === undefined) return;
    const empty = this.doc.order.length === 1 && this.doc.cell(id)?.text.doc.length === 0;
    this.select(id, empty ? 'edit' : 'command', { quiet: !empty && !wanted });
  }

  goTo(id: string, line: number): void {
    this.line = line;
    this.select(id, 'edit');
  }

  step(by: number, extend = false): void {
    const id = this.doc.order[this.activeIndex + by];
    if (id !== undefined) this.select(id, 'command', { extend });
  }

  toCommand(): void {
    if (this.active) this.select(this.active, 'command');
  }

  edit(): void {
    if (this.active) this.select(this.active, 'edit');
  }

  // ---- structure

  #apply(op: Op, inverse: Op[]): void {
    this.session.apply(op);
    if (inverse.length > 0) this.#undo.push(inverse);
  }

  insert(index: number, type: CellType = 'code', copy?: Copied): string | null {
    if (!this.session.canEdit) return null;
    const before = this.doc.at(index - 1)?.pos ?? null;
    const after = this.doc.at(index)?.pos ?? null;
    const id = uuid();
    const op: Op = {
      kind: 'insert',
      cell: id,
      type: copy?.type ?? type,
      lang: copy ? copy.lang : type === 'markdown' ? 'MARKDOWN' : null,
      pos: between(before, after),
      ...(copy ? { src: copy.src, meta: copy.meta } : {}),
    };
    this.#apply(op, [{ kind: 'delete', cell: id }]);
    return id;
  }

  insertAbove(): void {
    const id = this.insert(Math.max(0, this.activeIndex));
    if (id) this.select(id, 'command');
  }

  insertBelow(type: CellType = 'code', mode: Mode = 'command'): void {
    const id = this.insert(this.activeIndex + 1, type);
    if (id) this.select(id, mode);
  }

  delete(ids = this.selected): void {
    if (!this.session.canEdit || ids.length === 0) return;
    const at = this.doc.order.indexOf(ids[0]!);
    const rest = this.doc.order.filter((id) => !ids.includes(id));
    const inverse: Op[] = ids.map((cell) => ({ kind: 'restore', cell }));
    for (const cell of ids) this.session.apply({ kind: 'delete', cell });
    this.#undo.push(inverse);
    if (rest.length === 0) {
      const id = this.insert(0);
      if (id) this.select(id, 'command');
      return;
    }
    this.select(rest[Math.min(at, rest.length - 1)]!, 'command');
  }

  undo(): void {
    const ops = this.#undo.pop();
    if (!ops || !this.session.canEdit) return;
    for (const op of ops) this.session.apply(op);
    const last = ops.at(-1);
    if (last?.kind === 'restore' || last?.kind === 'move') this.select(last.cell, 'command');
    else if (last?.kind === 'delete' && this.active === last.cell) this.active = this.doc.order[0] ?? null;
    this.changed();
  }

  copy(): void {
    this.#clipboard = this.selected.flatMap((id) => {
      const cell = this.doc.cell(id);
      return cell ? [{ type: cell.type, lang: cell.lang, src: cell.source, meta: { ...cell.meta } }] : [];
    });
  }

  cut(): void {
    this.copy();
    this.delete();
  }

  paste(): void {
    let index = this.activeIndex + 1;
    let last: string | null = null;
    for (const copy of this.#clipboard) last = this.insert(index++, copy.type, copy) ?? last;
    if (last) this.select(last, 'command');
  }

  move(by: -1 | 1): void {
    const at = this.activeIndex;
    if (this.active === null || at < 0 || at + by < 0 || at + by >= this.doc.order.length) return;
    this.moveTo(this.active, by < 0 ? at - 1 : at + 2);
  }

  /** Before the cell that is now at `index`. */
  moveTo(id: string, index: number): void {
    const cell = this.doc.cell(id);
    const at = this.doc.order.indexOf(id);
    if (!cell || !this.session.canEdit || index === at || index === at + 1) return;
    const before = this.doc.at(index - 1)?.pos ?? null;
    const after = this.doc.at(index)?.pos ?? null;
    this.#apply({ kind: 'move', cell: id, pos: between(before, after) }, [
      { kind: 'move', cell: id, pos: cell.pos },
    ]);
    this.select(id, 'command');
  }

  setType(type: CellType, lang: string | null, ids = this.selected): void {
    if (!this.session.canEdit) return;
    for (const id of ids) {
      const cell = this.doc.cell(id);
      if (!cell || (cell.type === type && cell.lang === lang)) continue;
      this.#apply({ kind: 'type', cell: id, type, lang }, [
        { kind: 'type', cell: id, type: cell.type, lang: cell.lang },
      ]);
    }
  }

  setMeta(id: string, key: string, val: unknown): void {
    if (this.session.canEdit) this.session.apply({ kind: 'meta', cell: id, key, val });
  }

  toggle(key: 'collapsed_output' | 'collapsed_input' | 'line_numbers', id = this.active): void {
    const cell = id === null ? undefined : this.doc.cell(id);
    if (cell) this.setMeta(cell.id, key, cell.flag(key) ? null : true);
  }

  merge(): void {
    const ids =
      this.selected.length > 1 ? this.selected : this.doc.order.slice(this.activeIndex, this.activeIndex + 2);
    const [first, ...rest] = ids.map((id) => this.doc.cell(id)).filter((c) => c !== undefined);
    if (!first || rest.length === 0 || !this.session.canEdit) return;
    const end = first.text.doc.length;
    const more = rest.map((cell) => `\n${cell.source}`).join('');
    this.session.editAndShow(first, ChangeSet.of({ from: end, insert: textOf(more) }, end));
    this.delete(rest.map((cell) => cell.id));
    this.select(first.id, 'command');
  }

  split(): void {
    const cell = this.cell;
    const offset = cell ? this.cursorOffset(cell.id) : null;
    if (!cell || offset === null || !this.session.canEdit) return;
    const source = cell.source;
    const tail = source.slice(offset).replace(/^\n/, '');
    const cutAt = source[offset - 1] === '\n' ? offset - 1 : offset;
    this.session.editAndShow(cell, ChangeSet.of({ from: cutAt, to: source.length }, source.length));
    const copy: Copied = { type: cell.type, lang: cell.lang, src: tail, meta: {} };
    const id = this.insert(this.activeIndex + 1, cell.type, copy);
    if (id) this.select(id, 'edit');
  }

  // ---- running

  run(ids = this.selected): void {
    if (!this.session.canRun) return;
    this.session.requests.run({ cells: ids });
    const cell = this.cell;
    if (cell?.type === 'markdown' && ids.includes(cell.id)) this.select(cell.id, 'command');
  }

  runAndAdvance(): void {
    this.run();
    const last = this.selected.at(-1);
    const next = last ? this.doc.order[this.doc.order.indexOf(last) + 1] : undefined;
    if (next !== undefined) this.select(next, 'command');
    else this.insertBelow('code', 'edit');
  }

  runInPlace(): void {
    this.run();
    this.toCommand();
  }

  runAndInsert(): void {
    this.run();
    this.insertBelow('code', 'edit');
  }

  runMany(mode: 'all' | 'above' | 'below'): void {
    if (!this.session.canRun) return;
    const cell = this.active ?? this.doc.order[0];
    this.session.requests.run(mode === 'all' || !cell ? { mode: 'all' } : { mode, cell });
  }
}
