import { Bookmark, RotateCcw, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useChanges } from '../../api/observable.ts';
import { useSlow } from '../../api/resource.ts';
import { navigate } from '../../app/router.ts';
import { signIn } from '../../app/session.ts';
import { Button, IconButton } from '../../design/Button.tsx';
import { exactly, when } from '../../design/format.ts';
import type { HistoryModel, Row } from './model.ts';
import { historyAt, toggleHistory } from './place.ts';
import { person, summary } from './words.ts';

interface Props {
  notebook: string;
  model: HistoryModel;
  /** The row whose differences are open. */
  shown: string | null;
  newest: number;
}

/** The list of what was: one stop for Tab, arrows within, Enter opens. */
export function HistoryPanel({ notebook, model, shown, newest }: Props) {
  useChanges(model);
  return (
    <aside className="history" aria-label="History" onKeyDown={onEscape}>
      <header className="history-head">
        <h2>History</h2>
        <IconButton
          small
          label="Close history"
          icon={<X size={15} />}
          onClick={() => toggleHistory(notebook)}
        />
      </header>
      <div className="history-filter" role="group" aria-label="Show">
        <FilterButton model={model} only={false} label="All changes" />
        <FilterButton model={model} only={true} label="Named versions" />
      </div>
      <Body notebook={notebook} model={model} shown={shown} newest={newest} />
    </aside>
  );

  function onEscape(e: KeyboardEvent): void {
    if (e.key !== 'Escape' || e.defaultPrevented) return;
    e.preventDefault();
    if (shown !== null) navigate(historyAt(notebook));
    else toggleHistory(notebook);
  }
}

function FilterButton({ model, only, label }: { model: HistoryModel; only: boolean; label: string }) {
  return (
    <button
      type="button"
      className="history-choice"
      aria-pressed={model.onlyNamed === only}
      onClick={() => model.showOnlyNamed(only)}
    >
      {label}
    </button>
  );
}

function Body({ notebook, model, shown, newest }: Props) {
  const slow = useSlow(model.phase.kind === 'loading');
  if (model.phase.kind === 'loading') return slow ? <Skeleton /> : null;
  if (model.phase.kind === 'failed') {
    return (
      <div className="history-note" role="alert">
        <p>The history could not be loaded. {model.phase.message}</p>
        <Button look="outline" small onClick={() => void model.load(newest)}>
          Try again
        </Button>
      </div>
    );
  }
  if (model.rows.length === 0) {
    return (
      <div className="history-note">
        {model.onlyNamed ? (
          <p>No named versions yet. Open a change and choose “Name this version” to find it again.</p>
        ) : (
          <p>Nothing was changed yet. Every change from now on is kept here.</p>
        )}
      </div>
    );
  }
  return <Rows notebook={notebook} model={model} shown={shown} />;
}

function Skeleton() {
  return (
    <div className="history-skeleton" aria-hidden="true">
      {[72, 54, 64, 48].map((width) => (
        <div key={width}>
          <div className="skeleton" style={{ width: `${width}%` }} />
          <div className="skeleton" style={{ width: `${width - 22}%` }} />
        </div>
      ))}
    </div>
  );
}

function Rows({ notebook, model, shown }: Omit<Props, 'newest'>) {
  const list = useRef<HTMLDivElement>(null);
  const rows = model.rows;
  const [at, setAt] = useState<string | null>(shown);
  const current = rows.find((row) => row.key === at)?.key ?? rows[0]?.key ?? null;
  useEffect(() => {
    // Who opened the panel goes on in it; who types already, or is in it, keeps the focus.
    const busy = document.activeElement?.closest('.cm-editor, input, textarea, dialog, .history, .diff');
    if (!busy) {
      list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className="history-scroll">
      <div
        ref={list}
        role="listbox"
        aria-label="Changes, newest first"
        data-testid="history-list"
        onKeyDown={keys}
      >
        {model.days().map((day) => (
          <div key={day.rows[0]!.key} role="group" aria-label={day.name}>
            <p className="history-day" aria-hidden="true">
              {day.name}
            </p>
            {day.rows.map((row) => (
              <RowView
                key={row.key}
                row={row}
                model={model}
                current={row.key === current}
                open={row.key === shown}
                newest={row.kind === 'entry' && row.entry === model.entries[0]}
                onOpen={() => open(row.key)}
              />
            ))}
          </div>
        ))}
      </div>
      {model.next !== null && !model.onlyNamed && (
        <Button className="history-more" disabled={model.loadingMore} onClick={() => void model.more()}>
          {model.loadingMore ? 'Loading…' : 'Show older changes'}
        </Button>
      )}
    </div>
  );

  function open(key: string): void {
    setAt(key);
    navigate(historyAt(notebook, { row: key }), { replace: shown !== null });
  }

  function keys(e: KeyboardEvent): void {
    const index = rows.findIndex((row) => row.key === current);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    };
    if ((e.key === 'Enter' || e.key === ' ') && current !== null) open(current);
    else if (steps[e.key] !== undefined) step(Math.max(0, Math.min(rows.length - 1, steps[e.key]!)));
    else return;
    e.preventDefault();
  }

  function step(to: number): void {
    const row = rows[to];
    if (!row) return;
    setAt(row.key);
    const option = list.current?.querySelector<HTMLElement>(`[data-row="${row.key}"]`);
    option?.focus({ preventScroll: true });
    option?.scrollIntoView({ block: 'nearest' });
    if (to === rows.length - 1) void model.more();
  }
}

interface RowProps {
  row: Row;
  model: HistoryModel;
  current: boolean;
  open: boolean;
  newest: boolean;
  onOpen: () => void;
}

function RowView({ row, model, current, open, newest, onOpen }: RowProps) {
  const me = signIn.identity.kind === 'in' ? signIn.identity.me.user_name : null;
  const named = row.kind === 'version';
  return (
    <div
      role="option"
      aria-selected={open}
      tabIndex={current ? 0 : -1}
      data-row={row.key}
      data-kind={row.kind}
      data-revision={row.revision}
      className={`history-row ${named ? 'history-named' : ''}`}
      onClick={onOpen}
      onKeyDown={() => undefined}
    >
      <span className="history-mark" aria-hidden="true">
        {named ? <Bookmark size={14} /> : row.entry.restored ? <RotateCcw size={13} /> : <i />}
      </span>
      <span className="history-text">
        <span className="history-what">
          {named && <span className="visually-hidden">Named version: </span>}
          {named ? row.version.name : summary(row.entry, model.versions)}
        </span>
        {named && row.version.description !== '' && (
          <span className="history-about">{row.version.description}</span>
        )}
        <span className="history-who">
          {person(named ? row.version.created_by : row.entry.actor, me)}
          {' · '}
          <time dateTime={new Date(row.at).toISOString()} title={exactly(row.at)}>
            {when(row.at)}
          </time>
          {newest && <span className="tag">Current</span>}
        </span>
      </span>
    </div>
  );
}
