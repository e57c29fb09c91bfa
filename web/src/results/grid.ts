import type { ResultColumn } from '../api/types.ts';
import { isNumeric, type ResultPages, shown, toTsv } from './pages.ts';

const ROW = 26;
const HEAD = 42;
const OVERSCAN = 8;
/** Firefox stops near 17.9 million pixels; above this the scroll position is scaled. */
const TALLEST = 15_000_000;
const SETTLE_MS = 60;

interface Spot {
  row: number;
  column: number;
}

let grids = 0;

/** A virtual grid drawn by hand: rows are reused elements, and only those on the screen exist. */
export class GridView {
  readonly dom = document.createElement('div');
  onSort: (column: string) => void = () => undefined;
  onCopied: (cells: number) => void = () => undefined;
  readonly #columns: ResultColumn[];
  readonly #pages: ResultPages;
  readonly #widths: number[];
  readonly #id = `grid${++grids}`;
  readonly #numberWidth: number;
  #head = document.createElement('div');
  #sizer = document.createElement('div');
  #layer = document.createElement('div');
  #pool: HTMLElement[] = [];
  #first = 0;
  #frame = 0;
  #settle: ReturnType<typeof setTimeout> | null = null;
  #at: Spot = { row: 0, column: 0 };
  #anchor: Spot = { row: 0, column: 0 };
  #dragging = false;
  #sized = false;
  readonly #unsubscribe: () => void;
  readonly #resized: ResizeObserver;

  constructor(columns: ResultColumn[], pages: ResultPages, label: string) {
    this.#columns = columns;
    this.#pages = pages;
    this.#widths = columns.map((c) =>
      Math.max(72, Math.min(220, 28 + Math.max(c.name.length, c.type.length) * 8)),
    );
    this.#numberWidth = 26 + 8 * Math.max(3, String(pages.total).length);
    this.#build(label);
    this.#unsubscribe = pages.subscribe(() => this.#changed());
    this.#resized = new ResizeObserver(() => this.#later());
    this.#resized.observe(this.dom);
    this.#changed();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
    if (this.#settle) clearTimeout(this.#settle);
    this.dom.remove();
  }

  #build(label: string): void {
    const { dom } = this;
    dom.className = 'grid';
    dom.tabIndex = 0;
    dom.dataset['testid'] = 'result-grid';
    dom.setAttribute('role', 'grid');
    dom.setAttribute('aria-label', label);
    dom.setAttribute('aria-multiselectable', 'true');
    dom.setAttribute('aria-colcount', String(this.#columns.length + 1));
    this.#head.className = 'grid-head';
    this.#head.setAttribute('role', 'row');
    this.#head.setAttribute('aria-rowindex', '1');
    this.#layer.className = 'grid-layer';
    this.#layer.setAttribute('role', 'rowgroup');
    this.#sizer.className = 'grid-sizer';
    this.#sizer.setAttribute('role', 'presentation');
    const headGroup = document.createElement('div');
    headGroup.setAttribute('role', 'rowgroup');
    headGroup.className = 'grid-head-group';
    headGroup.append(this.#head);
    this.#sizer.append(headGroup, this.#layer);
    dom.append(this.#sizer);
    dom.addEventListener('scroll', () => this.#later(), { passive: true });
    dom.addEventListener('keydown', (e) => this.#key(e));
    dom.addEventListener('copy', (e) => this.#copyEvent(e));
    dom.addEventListener('focus', () => this.#draw());
    this.#layer.addEventListener('pointerdown', (e) => this.#press(e));
    this.#layer.addEventListener('pointermove', (e) => this.#drag(e));
    this.#layer.addEventListener('pointerup', () => {
      this.#dragging = false;
    });
    this.#drawHead();
  }

  #drawHead(): void {
    const corner = document.createElement('div');
    corner.className = 'grid-th grid-number';
    corner.setAttribute('role', 'columnheader');
    corner.setAttribute('aria-colindex', '1');
    corner.setAttribute('aria-label', 'Row');
    corner.textContent = '#';
    const heads = this.#columns.map((column, i) => this.#headCell(column, i));
    this.#head.replaceChildren(corner, ...heads);
    this.#layout();
  }

  #headCell(column: ResultColumn, i: number): HTMLElement {
    const th = document.createElement('div');
    th.className = `grid-th ${isNumeric(column.type) ? 'grid-right' : ''}`;
    th.setAttribute('role', 'columnheader');
    th.setAttribute('aria-colindex', String(i + 2));
    const sort = this.#pages.sort.find((s) => s.column === column.name);
    th.setAttribute('aria-sort', sort ? (sort.descending ? 'descending' : 'ascending') : 'none');
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.title = `Sort by ${column.name}`;
    const name = document.createElement('span');
    name.className = 'grid-name';
    name.textContent = `${column.name}${sort ? (sort.descending ? ' ↓' : ' ↑') : ''}`;
    const type = document.createElement('span');
    type.className = 'grid-type';
    type.textContent = column.type;
    button.append(name, type);
    button.addEventListener('click', () => this.onSort(column.name));
    const handle = document.createElement('span');
    handle.className = 'grid-resize';
    handle.addEventListener('pointerdown', (e) => this.#resize(e, i));
    handle.addEventListener('dblclick', () => {
      this.#fit(i);
      this.#layout();
    });
    th.append(button, handle);
    return th;
  }

  #resize(start: PointerEvent, i: number): void {
    start.preventDefault();
    start.stopPropagation();
    const handle = start.currentTarget as HTMLElement;
    const before = this.#widths[i] ?? 100;
    handle.setPointerCapture(start.pointerId);
    const move = (e: PointerEvent): void => {
      this.#widths[i] = Math.max(48, before + e.clientX - start.clientX);
      this.#layout();
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), {
      once: true,
    });
  }

  #fit(i: number): void {
    const column = this.#columns[i];
    if (!column) return;
    let longest = Math.max(column.name.length + 2, column.type.length);
    for (let r = this.#first; r < this.#first + this.#pool.length; r++) {
      const row = this.#pages.row(r);
      if (row) longest = Math.max(longest, Math.min(60, shown(row[i]).length));
    }
    this.#widths[i] = Math.max(64, Math.min(420, 24 + longest * 8.2));
  }

  #layout(): void {
    const template = `${this.#numberWidth}px ${this.#widths.map((w) => `${w}px`).join(' ')}`;
    const width = this.#widths.reduce((a, b) => a + b, this.#numberWidth);
    this.#sizer.style.setProperty('--columns', template);
    this.#sizer.style.width = `${width}px`;
  }

  #changed(): void {
    const rows = this.#pages.matching;
    this.dom.setAttribute('aria-rowcount', String(rows + 1));
    this.#sizer.style.height = `${HEAD + Math.min(rows * ROW, TALLEST)}px`;
    if (this.#at.row >= rows) this.#at = this.#anchor = { row: 0, column: 0 };
    if (!this.#sized && this.#pages.row(0)) {
      this.#sized = true;
      this.#pool.length = 0;
      this.#layer.replaceChildren();
      this.#columns.forEach((_, i) => this.#fitFirst(i));
    }
    this.#drawHead();
    this.#draw();
  }

  #fitFirst(i: number): void {
    let longest = Math.max((this.#columns[i]?.name.length ?? 0) + 2, this.#columns[i]?.type.length ?? 0);
    for (let r = 0; r < 40; r++) {
      const row = this.#pages.row(r);
      if (row) longest = Math.max(longest, Math.min(44, shown(row[i]).length));
    }
    this.#widths[i] = Math.max(64, 24 + longest * 8.2);
  }

  #later(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** Scroll position in rows' pixels; larger than the element's when that had to be scaled. */
  #virtualTop(): number {
    const real = this.#pages.matching * ROW;
    const height = this.dom.clientHeight - HEAD;
    const tall = Math.min(real, TALLEST);
    return real > tall
      ? (this.dom.scrollTop * (real - height)) / Math.max(1, tall - height)
      : this.dom.scrollTop;
  }

  #draw(): void {
    const rows = this.#pages.matching;
    const top = this.#virtualTop();
    const visible = Math.ceil(Math.max(0, this.dom.clientHeight - HEAD) / ROW) || 12;
    const first = Math.max(0, Math.floor(top / ROW) - OVERSCAN);
    const last = Math.min(rows, first + visible + 2 * OVERSCAN);
    this.#first = first;
    while (this.#pool.length < last - first) this.#pool.push(this.#newRow());
    this.#pool.forEach((element, i) => this.#fill(element, first + i, first + i < last));
    const scaled = rows * ROW > TALLEST;
    const offset = scaled ? this.dom.scrollTop - (top - first * ROW) : first * ROW;
    this.#layer.style.transform = `translateY(${offset}px)`;
    const active = `${this.#id}-${this.#at.row}-${this.#at.column}`;
    if (this.#at.row >= first && this.#at.row < last) this.dom.setAttribute('aria-activedescendant', active);
    else this.dom.removeAttribute('aria-activedescendant');
    this.#ask(first, last);
  }

  /** While somebody throws the scroll bar, nothing is asked for; the first page comes at once. */
  #ask(first: number, last: number): void {
    if (this.#settle) clearTimeout(this.#settle);
    if (first === 0) this.#pages.want(first, last);
    else this.#settle = setTimeout(() => this.#pages.want(first, last), SETTLE_MS);
  }

  #newRow(): HTMLElement {
    const row = document.createElement('div');
    row.className = 'grid-row';
    row.setAttribute('role', 'row');
    const number = document.createElement('div');
    number.className = 'grid-td grid-number';
    number.setAttribute('role', 'rowheader');
    number.setAttribute('aria-colindex', '1');
    row.append(number);
    this.#columns.forEach((column, i) => {
      const cell = document.createElement('div');
      cell.className = `grid-td ${isNumeric(column.type) ? 'grid-right' : ''}`;
      cell.setAttribute('role', 'gridcell');
      cell.setAttribute('aria-colindex', String(i + 2));
      row.append(cell);
    });
    this.#layer.append(row);
    return row;
  }

  #fill(element: HTMLElement, index: number, used: boolean): void {
    element.hidden = !used;
    if (!used) return;
    const values = this.#pages.row(index);
    element.setAttribute('aria-rowindex', String(index + 2));
    element.classList.toggle('grid-waiting', values === undefined);
    const cells = element.children;
    cells[0]!.textContent = String(index + 1);
    for (let i = 0; i < this.#columns.length; i++) {
      const cell = cells[i + 1] as HTMLElement;
      const value = values?.[i];
      const text = values === undefined ? '' : shown(value);
      if (cell.textContent !== text) cell.textContent = text;
      cell.classList.toggle('grid-null', values !== undefined && (value === null || value === undefined));
      cell.id = `${this.#id}-${index}-${i}`;
      const chosen = this.#chosen(index, i);
      cell.setAttribute('aria-selected', String(chosen));
      cell.classList.toggle('grid-at', index === this.#at.row && i === this.#at.column);
    }
  }

  #chosen(row: number, column: number): boolean {
    const [a, b] = [this.#anchor, this.#at];
    return (
      row >= Math.min(a.row, b.row) &&
      row <= Math.max(a.row, b.row) &&
      column >= Math.min(a.column, b.column) &&
      column <= Math.max(a.column, b.column)
    );
  }

  #spot(e: PointerEvent): Spot | null {
    const cell = (
      document.elementFromPoint(e.clientX, e.clientY) as HTMLElement | null
    )?.closest<HTMLElement>('[role="gridcell"]');
    const [, row, column] = /-(\d+)-(\d+)$/.exec(cell?.id ?? '') ?? [];
    return row === undefined || !this.#layer.contains(cell ?? null)
      ? null
      : { row: Number(row), column: Number(column) };
  }

  #press(e: PointerEvent): void {
    const spot = this.#spot(e);
    if (!spot || e.button !== 0) return;
    this.#dragging = true;
    this.#at = spot;
    if (!e.shiftKey) this.#anchor = spot;
    this.#draw();
  }

  #drag(e: PointerEvent): void {
    if (!this.#dragging || e.buttons === 0) return;
    const spot = this.#spot(e);
    if (!spot || (spot.row === this.#at.row && spot.column === this.#at.column)) return;
    e.preventDefault();
    this.#at = spot;
    this.#draw();
  }

  #key(e: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((this.dom.clientHeight - HEAD) / ROW) - 1);
    const jump = e.ctrlKey || e.metaKey;
    const rows = this.#pages.matching;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [jump ? rows : 1, 0],
      ArrowUp: [jump ? -rows : -1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [page, 0],
      PageUp: [-page, 0],
      Home: [jump ? -rows : 0, -this.#columns.length],
      End: [jump ? rows : 0, this.#columns.length],
    };
    const move = e.altKey ? undefined : moves[e.key];
    if (move) this.#go(move, e.shiftKey);
    else if (e.key === 'Enter' && !jump && !e.shiftKey)
      this.onSort(this.#columns[this.#at.column]?.name ?? '');
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  #go([down, right]: [number, number], extend: boolean): void {
    const clamp = (x: number, max: number): number => Math.max(0, Math.min(max, x));
    this.#at = {
      row: clamp(this.#at.row + down, this.#pages.matching - 1),
      column: clamp(this.#at.column + right, this.#columns.length - 1),
    };
    if (!extend) this.#anchor = this.#at;
    this.#reveal();
    this.#draw();
  }

  #reveal(): void {
    const height = this.dom.clientHeight - HEAD;
    const real = this.#pages.matching * ROW;
    const tall = Math.min(real, TALLEST);
    const scale = real > tall ? (tall - height) / Math.max(1, real - height) : 1;
    const top = this.#virtualTop();
    const y = this.#at.row * ROW;
    if (y < top) this.dom.scrollTop = y * scale;
    else if (y + ROW > top + height) this.dom.scrollTop = Math.ceil((y + ROW - height) * scale);
    const left = this.#numberWidth + this.#widths.slice(0, this.#at.column).reduce((a, b) => a + b, 0);
    const width = this.#widths[this.#at.column] ?? 0;
    if (left - this.#numberWidth < this.dom.scrollLeft) this.dom.scrollLeft = left - this.#numberWidth;
    else if (left + width > this.dom.scrollLeft + this.dom.clientWidth)
      this.dom.scrollLeft = left + width - this.dom.clientWidth;
  }

  /** What is selected, as far as it has been loaded. */
  selection(): string {
    const [a, b] = [this.#anchor, this.#at];
    const rows: unknown[][] = [];
    for (let r = Math.min(a.row, b.row); r <= Math.max(a.row, b.row); r++) {
      const row = this.#pages.row(r);
      if (row) rows.push(row.slice(Math.min(a.column, b.column), Math.max(a.column, b.column) + 1));
    }
    return toTsv(rows);
  }

  #copyEvent(e: ClipboardEvent): void {
    const text = this.selection();
    e.clipboardData?.setData('text/plain', text);
    e.preventDefault();
    this.onCopied(text === '' ? 0 : text.split(/[\t\n]/).length);
  }
}
