import { Observable } from '../../api/observable.ts';
import type { ErrorDetail, MimeBundle, Output, Progress, RunWire } from '../../api/types.ts';
import { StreamFold } from '../outputs/fold.ts';

export type Block =
  /** Outputs the server did not send: the notebook has more of them than a page should hold. */
  | { kind: 'left-out'; key: number; bytes: number }
  | { kind: 'stream'; key: number; name: 'stdout' | 'stderr'; fold: StreamFold; version: number }
  | {
      kind: 'display';
      key: number;
      data: MimeBundle;
      metadata: Record<string, unknown>;
      displayId: string | null;
      version: number;
    }
  | {
      kind: 'error';
      key: number;
      ename: string;
      evalue: string;
      traceback: string[];
      detail: ErrorDetail | null;
    };

/** Records of other kinds (a run's own news) take a number and show nothing. */
const SHOWN = { display: 1, result: 1, update_display: 1 };

/** One execution of a cell and what it has shown so far. */
export class RunModel extends Observable {
  readonly id: string;
  wire: RunWire;
  blocks: Block[] = [];
  progress: Progress | null = null;
  /** Number of the last output applied; what a resume asks from. */
  last = 0;
  cleared = false;
  #waiting = new Map<number, Output>();
  #clearNext = false;

  constructor(wire: RunWire) {
    super();
    this.id = String(wire.run_id);
    this.wire = wire;
  }

  get live(): boolean {
    const s = this.wire.state;
    return s === 'queued' || s === 'starting' || s === 'running';
  }

  /** A late frame of an ended run must not bring it back to life. */
  update(wire: RunWire): void {
    const ended = !this.live;
    const asks = wire.state === 'queued' || wire.state === 'starting' || wire.state === 'running';
    if (ended && asks) return;
    this.wire = wire;
    if (!this.live) this.progress = null;
    this.changed();
  }

  /** What a snapshot, a resume or the answer to a fetch holds: there is nothing in between. */
  load(items: Output[]): void {
    for (const item of [...items].sort((a, b) => a.n - b.n)) if (item.n > this.last) this.#apply(item);
    this.#drain();
    this.changed();
  }

  /**
   * Live items. Number 1 is the run's start and never an output, so the first may be 2. Answers true when something
   * in between is missing and must be fetched.
   */
  merge(items: Output[]): boolean {
    let applied = false;
    for (const item of [...items].sort((a, b) => a.n - b.n)) {
      if (item.n <= this.last) continue;
      if (item.n > Math.max(this.last, 1) + 1 && item.kind !== 'elided') {
        this.#waiting.set(item.n, item);
        continue;
      }
      this.#apply(item);
      applied = true;
    }
    if (this.#drain() || applied) this.changed();
    return this.#waiting.size > 0;
  }

  /** The missing numbers do not exist (they were no outputs): show what waited. */
  force(): void {
    if (this.#waiting.size === 0) return;
    for (const n of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      const item = this.#waiting.get(n);
      if (item && n > this.last) this.#apply(item);
    }
    this.#waiting.clear();
    this.changed();
  }

  clear(): void {
    this.blocks = [];
    this.cleared = true;
    this.changed();
  }

  /** `update_display` may come from another run of the notebook. */
  updateDisplay(displayId: string, data: MimeBundle, metadata: Record<string, unknown>): boolean {
    let found = false;
    this.blocks = this.blocks.map((block) => {
      if (block.kind !== 'display' || block.displayId !== displayId) return block;
      found = true;
      return { ...block, data, metadata, version: block.version + 1 };
    });
    if (found) this.changed();
    return found;
  }

  #drain(): boolean {
    let any = false;
    for (let next = this.#waiting.get(this.last + 1); next; next = this.#waiting.get(this.last + 1)) {
      this.#waiting.delete(next.n);
      this.#apply(next);
      any = true;
    }
    for (const n of [...this.#waiting.keys()]) if (n <= this.last) this.#waiting.delete(n);
    return any;
  }

  #apply(item: Output): void {
    this.last = item.kind === 'elided' ? Math.max(item.n, item.to) : item.n;
    if (item.kind === 'clear') {
      if (item.wait) this.#clearNext = true;
      else this.blocks = [];
      return;
    }
    if (this.#clearNext) {
      this.#clearNext = false;
      this.blocks = [];
    }
    this.cleared = false;
    if (item.kind === 'stream') this.#stream(item.name, item.n).append(item.text);
    else if (item.kind === 'elided' && item.lines === 0) this.#leftOut(item.n, item.bytes);
    else if (item.kind === 'elided') this.#stream('stdout', item.n).skip(item.lines, item.bytes);
    else if (item.kind === 'error') this.#error(item);
    else if (item.kind in SHOWN) this.#display(item);
  }

  #stream(name: 'stdout' | 'stderr', n: number): StreamFold {
    const last = this.blocks.at(-1);
    if (last?.kind === 'stream' && last.name === name) {
      last.version++;
      return last.fold;
    }
    const fold = new StreamFold();
    this.blocks = [...this.blocks, { kind: 'stream', key: n, name, fold, version: 0 }];
    return fold;
  }

  #leftOut(n: number, bytes: number): void {
    const last = this.blocks.at(-1);
    const before = last?.kind === 'left-out' ? last : null;
    const block: Block = { kind: 'left-out', key: before?.key ?? n, bytes: bytes + (before?.bytes ?? 0) };
    this.blocks = [...(before ? this.blocks.slice(0, -1) : this.blocks), block];
  }

  #error(item: Extract<Output, { kind: 'error' }>): void {
    const block: Block = {
      kind: 'error',
      key: item.n,
      ename: item.ename,
      evalue: item.evalue,
      traceback: item.traceback ?? [],
      detail: item.campanile ?? null,
    };
    this.blocks = [...this.blocks, block];
  }

  #display(item: Extract<Output, { kind: 'display' | 'result' | 'update_display' }>): void {
    const metadata = item.metadata ?? {};
    const id = item.display_id ?? null;
    if (item.kind === 'update_display' && id !== null) {
      this.updateDisplay(id, item.data, metadata);
      return;
    }
    const block: Block = {
      kind: 'display',
      key: item.n,
      data: item.data,
      metadata,
      displayId: id,
      version: 0,
    };
    this.blocks = [...this.blocks, block];
  }
}
