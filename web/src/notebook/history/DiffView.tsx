import { ArrowLeft, Bookmark, EllipsisVertical } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { messageOf } from '../../api/client.ts';
import { useSlow } from '../../api/resource.ts';
import { navigate } from '../../app/router.ts';
import { signIn } from '../../app/session.ts';
import { Button } from '../../design/Button.tsx';
import { exactly, plural } from '../../design/format.ts';
import { Menu } from '../../design/Menu.tsx';
import { CellDiffView } from './CellDiffView.tsx';
import type { Against, HistoryModel, Row } from './model.ts';
import { historyAt } from './place.ts';
import type { CellDiff, Diff } from './wire.ts';
import { person, summary } from './words.ts';

/** As in history.css. */
const NARROW = '(max-width: 720px)';

const BEFORE: [string, string] = ['Before', 'After'];
const NOW: [string, string] = ['This version', 'Now'];

export type Question = 'restore' | 'name' | 'unname';

interface Props {
  notebook: string;
  model: HistoryModel;
  row: Row;
  against: Against;
  /** The notebook's newest revision: it is compared anew when that moves on. */
  newest: number;
  canEdit: boolean;
  onAsk: (question: Question) => void;
}

type State = { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'ready'; diff: Diff };

/** One version in place of the cells: what it changed, or how it differs from now. */
export function DiffView(props: Props) {
  const { model, row, against } = props;
  const [attempt, setAttempt] = useState(0);
  const state = useDiff(props, attempt);
  const slow = useSlow(state.kind === 'loading');
  return (
    <section className="diff" aria-label="Version" data-testid="history-diff" onKeyDown={onEscape}>
      <Head {...props} />
      <div className="diff-scroll" tabIndex={0} role="region" aria-label="Differences">
        {state.kind === 'loading' && slow && (
          <div className="notebook-skeleton" aria-hidden="true">
            <div className="skeleton" />
            <div className="skeleton" />
          </div>
        )}
        {state.kind === 'failed' && (
          <div className="history-note" role="alert">
            <p>The differences could not be loaded. {state.message}</p>
            <Button look="outline" small onClick={() => setAttempt(attempt + 1)}>
              Try again
            </Button>
          </div>
        )}
        {state.kind === 'ready' && (
          <Cells diff={state.diff} against={against} key={`${row.key} ${against}`} />
        )}
      </div>
      <p className="visually-hidden" role="status">
        {state.kind === 'ready' ? `${title(model, row)}: ${tally(state.diff)}` : ''}
      </p>
    </section>
  );

  function onEscape(e: KeyboardEvent): void {
    if (e.key !== 'Escape' || e.defaultPrevented) return;
    e.preventDefault();
    back(props.notebook);
  }
}

/** To the cells again, with the list still open and the keys in it. */
function back(notebook: string): void {
  navigate(historyAt(notebook));
  setTimeout(() => document.querySelector<HTMLElement>('.history-row[tabindex="0"]')?.focus(), 0);
}

/** What is on the screen stays while the same question is asked anew; another question begins empty. */
function useDiff({ model, row, against, newest }: Props, attempt: number): State {
  const question = `${row.key} ${against} ${attempt}`;
  const [answer, setAnswer] = useState<{ question: string; state: State } | null>(null);
  const now = against === 'now' ? newest : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question and the revision are what the row says.
  useEffect(() => {
    const stop = new AbortController();
    model.diff(row, against, stop.signal).then(
      (diff) => setAnswer({ question, state: { kind: 'ready', diff } }),
      (error: unknown) => {
        if (!stop.signal.aborted)
          setAnswer({ question, state: { kind: 'failed', message: messageOf(error) } });
      },
    );
    return () => stop.abort();
  }, [model, question, row.revision, now]);
  return answer?.question === question ? answer.state : { kind: 'loading' };
}

function title(model: HistoryModel, row: Row): string {
  return row.kind === 'version' ? row.version.name : summary(row.entry, model.versions);
}

function tally(diff: Diff): string {
  const changed = diff.cells.filter((cell) => cell.change !== 'unchanged').length;
  return changed === 0
    ? 'no differences'
    : `${plural(changed, 'cell')} differ`.replace(/^1 cell differ$/, '1 cell differs');
}

function Head({ notebook, model, row, against, newest, canEdit, onAsk }: Props) {
  const me = signIn.identity.kind === 'in' ? signIn.identity.me.user_name : null;
  const version = row.kind === 'version' ? row.version : null;
  const heading = useRef<HTMLHeadingElement>(null);
  const actor = row.kind === 'version' ? row.version.created_by : row.entry.actor;
  useEffect(() => {
    // Where the version takes the place of the list, the focus must not stay behind in it.
    if (matchMedia(NARROW).matches) heading.current?.focus();
  }, []);
  return (
    <header className="diff-head">
      <Button small icon={<ArrowLeft size={14} aria-hidden="true" />} onClick={() => back(notebook)}>
        Back
      </Button>
      <div className="diff-title">
        <h2 ref={heading} tabIndex={-1}>
          {version && <Bookmark size={14} aria-hidden="true" />}
          {title(model, row)}
        </h2>
        <p className="muted">
          {person(actor, me)} · <time dateTime={new Date(row.at).toISOString()}>{exactly(row.at)}</time>
        </p>
      </div>
      <div className="diff-tools">
        <div className="history-filter" role="group" aria-label="Compare">
          <Choice
            {...{ notebook, row, against }}
            value="before"
            label={
              !version
                ? 'This change'
                : model.before(row) === 0
                  ? 'Since the beginning'
                  : 'Since the last name'
            }
          />
          <Choice {...{ notebook, row, against }} value="now" label="Everything since" />
        </div>
        {canEdit && (
          <div className="diff-actions">
            {version ? (
              <Menu
                label="Actions for this version"
                className="btn btn-icon"
                trigger={<EllipsisVertical size={15} aria-hidden="true" />}
                align="end"
                entries={[
                  { label: 'Rename', action: () => onAsk('name') },
                  { label: 'Remove the name', danger: true, action: () => onAsk('unname') },
                ]}
              />
            ) : (
              <Button look="outline" onClick={() => onAsk('name')}>
                Name this version
              </Button>
            )}
            <Button
              look="primary"
              disabled={row.revision === newest}
              title={row.revision === newest ? 'The notebook is at this version' : undefined}
              onClick={() => onAsk('restore')}
            >
              Restore this version
            </Button>
          </div>
        )}
      </div>
    </header>
  );
}

function Choice(props: { notebook: string; row: Row; against: Against; value: Against; label: string }) {
  const { notebook, row, against, value, label } = props;
  return (
    <button
      type="button"
      className="history-choice"
      aria-pressed={against === value}
      onClick={() => navigate(historyAt(notebook, { row: row.key, against: value }), { replace: true })}
    >
      {label}
    </button>
  );
}

type Part =
  | { kind: 'cell'; cell: Exclude<CellDiff, { change: 'unchanged' }> }
  | { kind: 'same'; count: number };

/** Cells that did not change are one line together. */
function parts(cells: CellDiff[]): Part[] {
  const out: Part[] = [];
  for (const cell of cells) {
    const last = out.at(-1);
    if (cell.change !== 'unchanged') out.push({ kind: 'cell', cell });
    else if (last?.kind === 'same') last.count++;
    else out.push({ kind: 'same', count: 1 });
  }
  return out;
}

function Cells({ diff, against }: { diff: Diff; against: Against }) {
  const all = parts(diff.cells);
  const [scope, sideBySide] = useWide();
  const languages = diff.language;
  if (!all.some((part) => part.kind === 'cell') && languages.before === languages.after) {
    return (
      <div className="history-note">
        <p>{against === 'now' ? 'The notebook is the same now.' : 'Nothing that shows was changed.'}</p>
      </div>
    );
  }
  return (
    <div className="diff-cells" ref={scope}>
      {languages.before !== languages.after && (
        <p className="diff-same">
          The notebook’s language changed from {languages.before} to {languages.after}.
        </p>
      )}
      {all.map((part, i) =>
        part.kind === 'same' ? (
          <p key={`same ${i}`} className="diff-same">
            {plural(part.count, 'unchanged cell')}
          </p>
        ) : (
          <CellDiffView
            key={part.cell.cell}
            cell={part.cell}
            languages={languages}
            sideBySide={sideBySide}
            sides={against === 'now' ? NOW : BEFORE}
          />
        ),
      )}
    </div>
  );
}

/** Two texts beside each other need room for both. */
function useWide(): [RefObject<HTMLDivElement | null>, boolean] {
  const ref = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(true);
  useEffect(() => {
    if (!ref.current) return;
    const watch = new ResizeObserver(([seen]) => seen && setWide(seen.contentRect.width >= 760));
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, wide];
}
