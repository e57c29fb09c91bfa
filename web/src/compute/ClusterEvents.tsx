import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useSlow } from '../api/resource.ts';
import type { ClusterEvent } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { count, exactly } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import {
  CAUSE_WORDS,
  causeOf,
  EVENT_WORDS,
  type EventPage,
  loadEvents,
  whoOf,
  withLatest,
  wordsOf,
} from './events.ts';

const LOOK_AGAIN_MS = 5000;

type State =
  | { kind: 'loading' }
  | { kind: 'failed'; message: string }
  | { kind: 'ready'; events: ClusterEvent[]; next: string; total: number };

const shownOf = (page: EventPage): State => ({
  kind: 'ready',
  events: page.events,
  next: page.next_page_token ?? '',
  total: page.total_count,
});

/** What happened to a cluster: the latest first, older ones as one scrolls, by kind and by cause. */
export function ClusterEvents({ id }: { id: string }) {
  const [type, setType] = useState('');
  const [cause, setCause] = useState('');
  return (
    <>
      <div className="event-filters">
        <Choice label="Event" value={type} any="All events" words={EVENT_WORDS} onChange={setType} />
        <Choice label="Cause" value={cause} any="Any cause" words={CAUSE_WORDS} onChange={setCause} />
      </div>
      <Events key={`${id}/${type}`} id={id} type={type} cause={cause} />
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  any: string;
  words: Record<string, string>;
  onChange: (value: string) => void;
}

export function Choice({ label, value, any, words, onChange }: ChoiceProps) {
  return (
    <select className="select" aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">{any}</option>
      {Object.entries(words).map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

function Events({ id, type, cause }: { id: string; type: string; cause: string }) {
  const [state, setState] = useState<State>({ kind: 'loading' });
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    let looking = false;
    const look = (): void => {
      // One at a time: an answer that is overtaken by a newer one would begin the list anew.
      if (looking || document.visibilityState !== 'visible') return;
      looking = true;
      loadEvents(id, type)
        .then(
          (page) => !gone && setState((before) => latest(before, page)),
          // What is shown stays: the banner says that the server is away.
          (error: unknown) =>
            !gone &&
            setState((before) =>
              before.kind === 'ready' ? before : { kind: 'failed', message: messageOf(error) },
            ),
        )
        .finally(() => {
          looking = false;
        });
    };
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id, type]);
  const slow = useSlow(state.kind === 'loading');
  if (state.kind === 'failed')
    return (
      <p className="notice notice-err" role="alert">
        {state.message}
      </p>
    );
  if (state.kind === 'loading') return slow ? <p className="muted">Loading…</p> : null;
  const rows = state.events.filter((event) => cause === '' || causeOf(event) === cause);
  const more = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      const page = await loadEvents(id, type, state.next);
      setState((before) =>
        before.kind === 'ready' && before.next === state.next
          ? { ...before, events: [...before.events, ...page.events], next: page.next_page_token ?? '' }
          : before,
      );
    } catch (error) {
      setTrouble(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {rows.length === 0 ? (
        <p className="empty">
          {type === '' && cause === '' ? 'Nothing happened yet.' : 'Nothing matches these filters.'}
        </p>
      ) : (
        <Table
          label="Events"
          columns={COLUMNS}
          rows={rows.map((event, index) => ({ event, index: rows.length - index }))}
          keyOf={(row) => row.index}
          still
        />
      )}
      <p className="list-count num">
        {count(state.events.length)} of {count(state.total)}
      </p>
      {trouble !== null && (
        <p className="notice notice-err" role="alert">
          {trouble}
        </p>
      )}
      {state.next !== '' && (
        <More key={state.next} busy={busy} paused={trouble !== null} onMore={() => void more()} />
      )}
    </>
  );
}

function latest(before: State, page: EventPage): State {
  if (before.kind !== 'ready') return shownOf(page);
  const events = withLatest(page.events, before.events);
  return events === null ? shownOf(page) : { ...before, events, total: page.total_count };
}

/** Asks for older events when it comes into view; whoever does not scroll presses it. */
function More({ busy, paused, onMore }: { busy: boolean; paused: boolean; onMore: () => void }) {
  const here = useRef<HTMLDivElement>(null);
  const ask = useRef(onMore);
  ask.current = onMore;
  useEffect(() => {
    if (paused || here.current === null) return;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) ask.current();
    });
    seen.observe(here.current);
    return () => seen.disconnect();
  }, [paused]);
  return (
    <div ref={here}>
      <Button look="outline" disabled={busy} onClick={onMore}>
        {paused ? 'Try again' : 'Show older ones'}
      </Button>
    </div>
  );
}

interface Row {
  event: ClusterEvent;
  index: number;
}

const COLUMNS: Column<Row>[] = [
  { name: 'Time', className: 'num muted', cell: ({ event }) => exactly(event.timestamp) },
  {
    name: 'Event',
    title: ({ event }) => event.type,
    cell: ({ event }) => EVENT_WORDS[event.type] ?? event.type,
  },
  { name: 'By', cell: ({ event }) => whoOf(event) },
  {
    name: 'Details',
    className: 'muted event-details',
    title: ({ event }) => JSON.stringify(event.details, null, 1),
    cell: ({ event }) => wordsOf(event),
  },
];
