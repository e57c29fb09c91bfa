import { Copy, Download, ListFilter } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { part } from '../api/client.ts';
import { useChanges } from '../api/observable.ts';
import type { ResultRef } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { bytes, plural } from '../design/format.ts';
import { toasts } from '../design/toast.tsx';
import { FilterBar } from './FilterBar.tsx';
import { GridView } from './grid.ts';
import { Profile } from './Profile.tsx';
import { fetcher, ResultPages, type Sort, toTsv } from './pages.ts';
import './results.css';

const ChartTab = lazy(() => import('./chart/index.ts').then((m) => ({ default: m.ChartTab })));

const TABS = ['Table', 'Chart', 'Profile'] as const;
type Tab = (typeof TABS)[number];

interface Props {
  result: ResultRef;
  chart: unknown;
  onChart: ((chart: unknown) => void) | undefined;
}

export function ResultView({ result, chart, onChart }: Props) {
  const [tab, setTab] = useState<Tab>('Table');
  const id = useId();
  const fetch = useMemo(() => fetcher(result.result_id), [result.result_id]);
  const pages = useMemo(() => new ResultPages(result.rows, fetch), [result.rows, fetch]);
  const [filtering, setFiltering] = useState(false);
  return (
    <div role="group" className="result" aria-label="Result">
      <div className="result-bar">
        <div
          role="tablist"
          aria-label="Result"
          className="result-tabs"
          onKeyDown={(e) => arrows(e, tab, setTab)}
        >
          {TABS.map((t) => (
            <button
              key={t}
              type="button"
              role="tab"
              id={`${id}${t}`}
              aria-selected={t === tab}
              aria-controls={`${id}panel`}
              tabIndex={t === tab ? 0 : -1}
              onClick={() => setTab(t)}
            >
              {t}
            </button>
          ))}
        </div>
        <Size result={result} pages={pages} />
        {tab === 'Table' && (
          <>
            <Button
              small
              icon={<ListFilter size={13} aria-hidden="true" />}
              aria-pressed={filtering}
              onClick={() => setFiltering(!filtering)}
            >
              Filter
            </Button>
            <CopyAll result={result} pages={pages} />
          </>
        )}
        <a
          className="btn btn-small"
          href={`/api/campanile/v1/results/${part(result.result_id)}/download?format=csv`}
          download
        >
          <Download size={13} aria-hidden="true" />
          Download CSV
        </a>
      </div>
      {tab === 'Table' && filtering && <FilterBar columns={result.columns} pages={pages} />}
      <div role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}${tab}`}>
        {tab === 'Table' && <Table result={result} pages={pages} />}
        {tab === 'Chart' && (
          <Suspense fallback={<div className="chart-wait muted">Loading the chart…</div>}>
            <ChartTab result={result} fetch={fetch} saved={chart} onSave={onChart} />
          </Suspense>
        )}
        {tab === 'Profile' && <Profile resultId={result.result_id} rows={result.rows} />}
      </div>
    </div>
  );
}

function arrows(e: KeyboardEvent<HTMLElement>, tab: Tab, set: (tab: Tab) => void): void {
  const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  e.preventDefault();
  e.stopPropagation();
  const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!;
  set(next);
  (e.currentTarget.children[TABS.indexOf(next)] as HTMLElement | undefined)?.focus();
}

function Size({ result, pages }: { result: ResultRef; pages: ResultPages }) {
  useChanges(pages);
  const some = pages.filter.length > 0 ? `${plural(pages.matching, 'row')} of ` : '';
  return (
    <span className="result-size num">
      {some}
      {plural(result.rows, 'row')}
      {result.bytes ? <span className="result-bytes"> · {bytes(result.bytes)}</span> : null}
      {result.truncated && (
        <span
          className="result-cut"
          title="The result has more rows than were kept. Use a filter or a limit in the query."
        >
          Truncated
        </span>
      )}
    </span>
  );
}

const COPIED = 10_000;

function CopyAll({ result, pages }: { result: ResultRef; pages: ResultPages }) {
  const copy = async (): Promise<void> => {
    try {
      const fetch = fetcher(result.result_id);
      const rows: unknown[][] = [result.columns.map((c) => c.name)];
      for (let offset = 0; offset < Math.min(pages.matching, COPIED); offset += 5000) {
        rows.push(...(await fetch(offset, Math.min(5000, COPIED - offset), pages.sort, pages.filter)).rows);
      }
      await navigator.clipboard.writeText(toTsv(rows));
      const cut = pages.matching > COPIED ? `, the first of ${plural(pages.matching, 'row')}` : '';
      toasts.show(`${plural(rows.length - 1, 'row')} copied${cut}`);
    } catch (error) {
      toasts.show(error instanceof Error ? error.message : 'The browser refused to copy');
    }
  };
  return (
    <Button small icon={<Copy size={13} aria-hidden="true" />} onClick={() => void copy()}>
      Copy
    </Button>
  );
}

function Table({ result, pages }: { result: ResultRef; pages: ResultPages }) {
  useChanges(pages);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const grid = new GridView(result.columns, pages, `Result with ${plural(result.rows, 'row')}`);
    grid.onSort = (column) => pages.order(nextSort(pages.sort, column));
    grid.onCopied = (cells) => toasts.show(`${plural(cells, 'cell')} copied`);
    host.current.append(grid.dom);
    pages.want(0, 1);
    return () => grid.dispose();
  }, [result, pages]);
  const lines = Math.min(Math.max(pages.matching, 1), 12);
  return (
    <>
      <div ref={host} className="grid-host" style={{ height: 42 + lines * 26 + 14 }} />
      {pages.matching === 0 && (
        <p className="muted">No rows{pages.filter.length > 0 ? ' match the filter' : ''}.</p>
      )}
      {pages.failure && (
        <p className="notice notice-err">
          {pages.failure}
          <Button small onClick={() => pages.retry()}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}

/** Ascending, descending, as stored. */
export function nextSort(sort: Sort[], column: string): Sort[] {
  const now = sort.find((s) => s.column === column);
  if (!now) return [{ column, descending: false }];
  return now.descending ? [] : [{ column, descending: true }];
}
