import { ArrowDown, ArrowUp, Download, Pause, Play } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client.ts';
import { useResource, useSlow } from '../api/resource.ts';
import { Button, IconButton } from '../design/Button.tsx';
import { bytes, count, exactly } from '../design/format.ts';
import {
  appended,
  type Block,
  begun,
  canPrecede,
  chosen,
  downloadOf,
  type Found,
  find,
  foundIn,
  keyOf,
  type LogInfo,
  loadLogs,
  MOST_FOUND,
  NOTHING,
  onNode,
  preceded,
  readLog,
  type Shown,
  startsOf,
} from './logs.ts';

const LIST_MS = 5000;
const FOLLOW_MS = 2000;
/** So close to the end somebody is at the end. */
const AT_END = 24;

/** What the processes of a cluster's nodes printed: of its present start as it comes, of earlier ones as it was kept. */
export function ClusterLogs({ id }: { id: string }) {
  const { state } = useResource(`cluster-logs/${id}`, () => loadLogs(id), { pollMs: LIST_MS });
  const [key, setKey] = useState('');
  const slow = useSlow(state.kind === 'loading');
  if (state.kind === 'failed') {
    const refused = state.error instanceof ApiError && state.error.status === 403;
    return (
      <p className="notice notice-err" role="alert">
        {refused ? 'Logs are shown to those who can manage the cluster.' : state.message}
      </p>
    );
  }
  if (state.kind === 'loading') return slow ? <p className="muted">Loading…</p> : null;
  const logs = state.value;
  const log = chosen(logs, key);
  if (log === undefined)
    return <p className="empty">There are no logs yet. They come a few seconds after the cluster starts.</p>;
  const choose = (next: LogInfo | undefined): void => setKey(next ? keyOf(next) : '');
  return (
    <LogView key={keyOf(log)} id={id} log={log} choice={<Choice logs={logs} log={log} onChoose={choose} />} />
  );
}

function Choice(props: { logs: LogInfo[]; log: LogInfo; onChoose: (log: LogInfo | undefined) => void }) {
  const { logs, log, onChoose } = props;
  const starts = startsOf(logs);
  const node = starts.flatMap((start) => start.nodes).find((one) => one.id === log.node_id);
  return (
    <>
      <select
        className="select"
        aria-label="Node"
        value={log.node_id}
        onChange={(e) => onChoose(onNode(logs, e.target.value, log.stream))}
      >
        {starts.map((start, earlier) => (
          <optgroup
            key={start.epoch}
            label={`${start.live ? 'Running since' : 'Start of'} ${exactly(start.firstAt)}`}
          >
            {start.nodes.map((one) => (
              <option key={one.id} value={one.id}>
                {earlier === 0 ? one.name : `${one.name}, ${exactly(start.firstAt)}`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <select
        className="select"
        aria-label="Log"
        value={log.stream}
        onChange={(e) => onChoose(onNode(logs, log.node_id, e.target.value))}
      >
        {node?.logs.map((one) => (
          <option key={one.stream} value={one.stream}>
            {one.stream} ({bytes(one.size)})
          </option>
        ))}
      </select>
    </>
  );
}

/** Reads a log from its end on, and what is added to it for as long as it is followed. */
function useLog(id: string, log: LogInfo, following: boolean) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const now = useRef<Shown | null>(null);
  const busy = useRef(false);
  const stop = useRef<AbortController | null>(null);
  const latest = useRef(log);
  latest.current = log;
  const step = useRef<(where: { offset?: number; before?: number }) => Promise<boolean>>(async () => false);
  step.current = async (where) => {
    if (busy.current || stop.current === null) return false;
    busy.current = true;
    const { signal } = stop.current;
    try {
      const page = await readLog(id, latest.current, where, signal);
      const before = now.current;
      const after =
        before === null
          ? begun(page)
          : where.before === undefined
            ? appended(before, page)
            : preceded(before, page);
      now.current = after;
      setShown(after);
      setTrouble(null);
      return !page.end && page.next > page.offset && where.before === undefined;
    } catch (error) {
      if (!signal.aborted) setTrouble(messageOf(error));
      return false;
    } finally {
      busy.current = false;
    }
  };
  useEffect(() => {
    stop.current = new AbortController();
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      let more = await step.current(now.current === null ? {} : { offset: now.current.next });
      while (more && now.current !== null) more = await step.current({ offset: now.current.next });
    };
    if (following || now.current === null) void look();
    const timer = following ? setInterval(() => void look(), FOLLOW_MS) : undefined;
    return () => {
      clearInterval(timer);
      stop.current?.abort();
      stop.current = null;
      busy.current = false;
    };
  }, [following]);
  return { shown, trouble, earlier: (before: number) => void step.current({ before }) };
}

function LogView({ id, log, choice }: { id: string; log: LogInfo; choice: React.ReactNode }) {
  const [following, setFollowing] = useState(true);
  const [wrap, setWrap] = useState(true);
  const [words, setWords] = useState('');
  const { shown, trouble, earlier } = useLog(id, log, following);
  const box = useRef<HTMLDivElement>(null);
  const { blocks } = shown ?? NOTHING;
  const places = useMemo(() => find(blocks, words), [blocks, words]);
  const [at, setAt] = useState(-1);
  const place = places[at];
  useEffect(() => {
    const view = box.current;
    if (following && view !== null && blocks.length > 0) view.scrollTop = view.scrollHeight;
  }, [following, blocks]);
  const go = (by: number): void => {
    if (places.length === 0) return;
    // The end is where somebody reads: the first look back is at the last one.
    const next =
      place === undefined && by < 0 ? places.length - 1 : (at + by + places.length) % places.length;
    setFollowing(false);
    setAt(next);
    const found = places[next];
    if (found)
      box.current?.querySelector(`#log-${found.block}-${found.nth}`)?.scrollIntoView({ block: 'center' });
  };
  const scrolled = (): void => {
    const view = box.current;
    if (view === null) return;
    const end = view.scrollHeight - view.scrollTop - view.clientHeight <= AT_END;
    // Whoever scrolls up reads: what comes meanwhile would take the line away.
    if (!end && following && view.scrollTop > 0 && view.dataset['moved'] === 'yes') setFollowing(false);
  };
  const moved = (): void => {
    if (box.current) box.current.dataset['moved'] = 'yes';
  };
  return (
    <>
      <div className="log-tools">
        {choice}
        <Button
          look="outline"
          icon={following ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
          onClick={() => {
            if (box.current) box.current.dataset['moved'] = 'no';
            setFollowing(!following);
          }}
        >
          {following ? 'Pause' : 'Follow'}
        </Button>
        <label className="check">
          <input type="checkbox" checked={wrap} onChange={(e) => setWrap(e.target.checked)} />
          Wrap lines
        </label>
        <Search
          words={words}
          places={places}
          at={place === undefined ? -1 : at}
          onWords={setWords}
          onGo={go}
        />
        <a className="btn btn-outline" href={downloadOf(id, log)} download>
          <Download size={14} aria-hidden="true" />
          Download
        </a>
      </div>
      {trouble !== null && (
        <p className="notice notice-err" role="alert">
          {trouble}
        </p>
      )}
      <div
        ref={box}
        className={`log-text ${wrap ? 'log-wrap' : ''}`}
        role="region"
        aria-label={`Log ${log.stream}`}
        tabIndex={0}
        onScroll={scrolled}
        onWheel={moved}
        onPointerDown={moved}
        onKeyDown={moved}
      >
        {shown !== null && canPrecede(shown, log) && (
          <Button small look="outline" onClick={() => earlier(shown.first)}>
            Show earlier lines
          </Button>
        )}
        {shown !== null && shown.size === 0 && <p className="muted">Nothing was printed yet.</p>}
        {blocks.map((block) => (
          <BlockText
            key={block.key}
            block={block}
            words={words}
            current={place?.block === block.key ? place.nth : -1}
          />
        ))}
      </div>
      <p className="muted num log-state" role="status">
        {following ? (log.live ? 'Following' : 'Kept: the node has ended') : 'Paused'}
      </p>
    </>
  );
}

interface SearchProps {
  words: string;
  places: Found[];
  at: number;
  onWords: (words: string) => void;
  onGo: (by: number) => void;
}

function Search({ words, places, at, onWords, onGo }: SearchProps) {
  const many = places.length === MOST_FOUND ? `${count(MOST_FOUND)} or more` : count(places.length);
  return (
    <div className="log-search">
      <input
        className="input"
        type="search"
        aria-label="Search in the lines shown"
        placeholder="Search"
        value={words}
        onChange={(e) => onWords(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'Enter') onGo(e.shiftKey ? -1 : 1);
        }}
      />
      <IconButton
        label="Previous match"
        icon={<ArrowUp size={14} aria-hidden="true" />}
        disabled={places.length === 0}
        onClick={() => onGo(-1)}
      />
      <IconButton
        label="Next match"
        icon={<ArrowDown size={14} aria-hidden="true" />}
        disabled={places.length === 0}
        onClick={() => onGo(1)}
      />
      <span className="muted num" role="status">
        {words === '' ? '' : at < 0 ? `${many} found` : `${count(at + 1)} of ${many}`}
      </span>
    </div>
  );
}

/** Text and nothing else, whatever a process printed. The browser draws it when it comes into view. */
const BlockText = memo(function BlockText(props: { block: Block; words: string; current: number }) {
  const { block, words, current } = props;
  const places = foundIn(block.text, words);
  const height = { containIntrinsicSize: `auto ${18 * Math.max(1, block.text.split('\n').length - 1)}px` };
  if (places.length === 0)
    return (
      <pre className="log-block" style={height}>
        {block.text}
      </pre>
    );
  const parts: React.ReactNode[] = [];
  let from = 0;
  places.slice(0, MOST_FOUND).forEach((place, nth) => {
    const end = place + words.length;
    parts.push(
      block.text.slice(from, place),
      <mark key={nth} id={`log-${block.key}-${nth}`} className={nth === current ? 'log-current' : undefined}>
        {block.text.slice(place, end)}
      </mark>,
    );
    from = end;
  });
  parts.push(block.text.slice(from));
  return (
    <pre className="log-block" style={height}>
      {parts}
    </pre>
  );
});
