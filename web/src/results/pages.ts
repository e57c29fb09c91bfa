import { call } from '../api/client.ts';
import { Observable } from '../api/observable.ts';
import type { ResultPage } from '../api/types.ts';

export interface Sort {
  column: string;
  descending: boolean;
}

export type FilterOp = 'contains' | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'is_null' | 'not_null';

export interface Filter {
  column: string;
  op: FilterOp;
  value?: string;
}

export type FetchPage = (
  offset: number,
  limit: number,
  sort: Sort[],
  filter: Filter[],
) => Promise<ResultPage>;

export const PAGE = 500;
const KEPT = 40;
const AT_ONCE = 2;
/** Rows in another order take about as long; until then those that were there look better than nothing. */
const PATIENCE_MS = 200;

/** The rows of a stored result, by pages from the server. At most `KEPT` pages stay in memory. */
export class ResultPages extends Observable {
  sort: Sort[] = [];
  filter: Filter[] = [];
  matching: number;
  failure: string | null = null;
  readonly total: number;
  readonly #fetch: FetchPage;
  #pages = new Map<number, unknown[][]>();
  /** What was shown before the order or the filter changed. */
  #before: Map<number, unknown[][]> | null = null;
  #wanted: number[] = [];
  #running = new Set<number>();
  #generation = 0;

  constructor(total: number, fetch: FetchPage) {
    super();
    this.total = total;
    this.matching = total;
    this.#fetch = fetch;
  }

  row(index: number): unknown[] | undefined {
    const number = Math.floor(index / PAGE);
    const page = this.#pages.get(number);
    if (page) {
      // The most recently used page is the last one of the map.
      this.#pages.delete(number);
      this.#pages.set(number, page);
    }
    return (page ?? this.#before?.get(number))?.[index - number * PAGE];
  }

  /** What the screen shows now comes first; what it showed before and never got is dropped. */
  want(first: number, last: number): void {
    const wanted: number[] = [];
    for (let n = Math.floor(first / PAGE); n <= Math.floor(Math.max(first, last - 1) / PAGE); n++)
      wanted.push(n);
    this.#wanted = wanted.filter((n) => !this.#pages.has(n) && !this.#running.has(n));
    this.#pump();
  }

  order(sort: Sort[]): void {
    this.sort = sort;
    this.#restart();
  }

  narrow(filter: Filter[]): void {
    this.filter = filter;
    this.#restart();
  }

  retry(): void {
    this.failure = null;
    this.#restart();
  }

  get pagesInMemory(): number {
    return this.#pages.size;
  }

  #restart(): void {
    const generation = ++this.#generation;
    this.#before = this.#pages.size > 0 ? this.#pages : this.#before;
    this.#pages = new Map();
    setTimeout(() => {
      if (generation !== this.#generation || !this.#before) return;
      this.#before = null;
      this.changed();
    }, PATIENCE_MS);
    this.#running.clear();
    this.#wanted = [0];
    this.failure = null;
    this.#pump();
    this.changed();
  }

  #pump(): void {
    while (this.#running.size < AT_ONCE) {
      const number = this.#wanted.shift();
      if (number === undefined) return;
      void this.#load(number);
    }
  }

  async #load(number: number): Promise<void> {
    const generation = this.#generation;
    this.#running.add(number);
    try {
      const page = await this.#fetch(number * PAGE, PAGE, this.sort, this.filter);
      if (generation !== this.#generation) return;
      this.#before = null;
      this.#pages.set(number, page.rows);
      this.matching = page.matching;
      this.failure = null;
      for (const old of [...this.#pages.keys()].slice(0, Math.max(0, this.#pages.size - KEPT)))
        this.#pages.delete(old);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#before = null;
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      if (generation === this.#generation) {
        this.#running.delete(number);
        this.changed();
        this.#pump();
      }
    }
  }
}

export function fetcher(resultId: string): FetchPage {
  return (offset, limit, sort, filter) =>
    call<ResultPage>(`/api/campanile/v1/results/${encodeURIComponent(resultId)}/rows`, {
      query: {
        offset,
        limit,
        format: 'json',
        sort:
          sort.length > 0
            ? sort.map((s) => (s.descending ? `${s.column}:desc` : s.column)).join(',')
            : undefined,
        filter: filter.length > 0 ? JSON.stringify(filter) : undefined,
      },
    });
}

export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** One line a row; tabs and line ends inside values would break the table they are pasted into. */
export function toTsv(rows: unknown[][]): string {
  return rows
    .map((row) =>
      row.map((v) => (v === null || v === undefined ? '' : shown(v).replace(/[\t\r\n]+/g, ' '))).join('\t'),
    )
    .join('\n');
}

export function isNumeric(type: string): boolean {
  return /^(tinyint|smallint|int|integer|bigint|long|float|double|decimal|numeric|short|byte)/i.test(type);
}
