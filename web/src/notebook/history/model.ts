import { ApiError, call, messageOf } from '../../api/client.ts';
import { uuid } from '../../api/ids.ts';
import { Observable } from '../../api/observable.ts';
import type { Diff, Entry, HistoryPage, Restored, Version } from './wire.ts';
import { dayName } from './words.ts';

export type Row =
  | { kind: 'entry'; key: string; revision: number; at: number; entry: Entry }
  | { kind: 'version'; key: string; revision: number; at: number; version: Version };

export interface Day {
  name: string;
  rows: Row[];
}

export type Phase = { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'ready' };
export type Against = 'before' | 'now';

const PAGE = 50;
const TRIES = 4;

type Call = typeof call;

/** Entries and named versions as one list, newest first. Knows no React and no page. */
export class HistoryModel extends Observable {
  phase: Phase = { kind: 'loading' };
  entries: Entry[] = [];
  versions: Version[] = [];
  next: string | null = null;
  loadingMore = false;
  onlyNamed = false;
  /** The notebook's revision that the list was last asked for. */
  seen = -1;
  readonly #base: string;
  readonly #call: Call;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(
    notebook: string,
    ask: Call = call,
    wait: (ms: number) => Promise<void> = (ms) => new Promise((go) => setTimeout(go, ms)),
  ) {
    super();
    this.#base = `/api/campanile/v1/notebooks/${encodeURIComponent(notebook)}`;
    this.#call = ask;
    this.#wait = wait;
  }

  /** The newest page and all names. What was loaded of older pages stays: the past does not change. */
  async load(revision: number): Promise<void> {
    this.seen = revision;
    try {
      const [page, named] = await Promise.all([
        this.#call<HistoryPage>(`${this.#base}/history`, { query: { limit: PAGE } }),
        this.#call<{ versions: Version[] }>(`${this.#base}/versions`),
      ]);
      this.#newest(page);
      this.versions = named.versions;
      this.phase = { kind: 'ready' };
    } catch (error) {
      // A list on the screen stays there: it is asked for again when something changes.
      if (this.phase.kind !== 'ready') this.phase = { kind: 'failed', message: messageOf(error) };
    }
    this.changed();
  }

  #newest(page: HistoryPage): void {
    const oldest = page.entries.at(-1);
    const older = oldest ? this.entries.filter((e) => e.revision < oldest.first_revision) : [];
    const joins = older[0] !== undefined && older[0].revision === (oldest?.first_revision ?? 0) - 1;
    if (joins) this.entries = [...page.entries, ...older];
    else {
      this.entries = page.entries;
      this.next = page.next_page_token ?? null;
    }
  }

  async more(): Promise<void> {
    if (this.next === null || this.loadingMore) return;
    this.loadingMore = true;
    this.changed();
    try {
      const query = { limit: PAGE, page_token: this.next };
      const page = await this.#call<HistoryPage>(`${this.#base}/history`, { query });
      this.entries = [...this.entries, ...page.entries];
      this.next = page.next_page_token ?? null;
    } finally {
      this.loadingMore = false;
      this.changed();
    }
  }

  /** The list may know of more than the tab has heard of, and the other way round. */
  newest(heard: number): number {
    return Math.max(heard, this.entries[0]?.revision ?? 0);
  }

  /** A name stands above what led to it; names of revisions that are not loaded yet wait for their page. */
  get rows(): Row[] {
    const named = this.versions.map(
      (version): Row => ({
        kind: 'version',
        key: `v${version.version_id}`,
        revision: version.revision,
        at: version.revision_at,
        version,
      }),
    );
    if (this.onlyNamed) return named;
    const reached = this.next === null ? 0 : (this.entries.at(-1)?.first_revision ?? 0);
    const entries = this.entries.map(
      (entry): Row => ({
        kind: 'entry',
        key: `e${entry.first_revision}`,
        revision: entry.revision,
        at: entry.at,
        entry,
      }),
    );
    return [...named.filter((row) => row.revision >= reached), ...entries].sort(
      (a, b) => b.revision - a.revision,
    );
  }

  days(now = Date.now()): Day[] {
    const days: Day[] = [];
    for (const row of this.rows) {
      const name = dayName(row.at, now);
      if (days.at(-1)?.name === name) days.at(-1)!.rows.push(row);
      else days.push({ name, rows: [row] });
    }
    return days;
  }

  row(key: string | null): Row | undefined {
    return key === null ? undefined : this.rows.find((row) => row.key === key);
  }

  /** What a row is compared with when it is asked what it changed: for a name, the name before it. */
  before(row: Row): number {
    if (row.kind === 'entry') return row.entry.first_revision - 1;
    return Math.max(0, ...this.versions.map((v) => v.revision).filter((r) => r < row.revision));
  }

  diff(row: Row, against: Against, signal: AbortSignal): Promise<Diff> {
    const query = against === 'now' ? { from: row.revision } : { from: this.before(row), to: row.revision };
    return this.#call<Diff>(`${this.#base}/diff`, { query, signal });
  }

  /** Sent again under the same number when nobody answers: it is done once. */
  async restore(revision: number): Promise<Restored> {
    const body = { revision, request_id: uuid() };
    for (let tries = 1; ; tries++) {
      try {
        return await this.#call<Restored>(`${this.#base}/restore`, { method: 'POST', body });
      } catch (error) {
        const away = error instanceof ApiError && (error.status === 0 || error.status >= 502);
        if (!away || tries === TRIES) throw error;
        await this.#wait(500 * 2 ** tries);
      }
    }
  }

  async name(row: Row, name: string, description: string): Promise<void> {
    if (row.kind === 'version') {
      const path = `${this.#base}/versions/${row.version.version_id}`;
      await this.#call(path, { method: 'PATCH', body: { name, description } });
    } else {
      const body = { name, description, revision: row.revision };
      await this.#call(`${this.#base}/versions`, { method: 'POST', body });
    }
    await this.load(this.seen);
  }

  async unname(version: Version): Promise<void> {
    await this.#call(`${this.#base}/versions/${version.version_id}`, { method: 'DELETE' });
    await this.load(this.seen);
  }

  showOnlyNamed(only: boolean): void {
    this.onlyNamed = only;
    this.changed();
  }
}
