import { CircleAlert, Copy } from 'lucide-react';
import type { ErrorFrame } from '../../api/types.ts';
import { Button } from '../../design/Button.tsx';
import { plural } from '../../design/format.ts';
import { toasts } from '../../design/toast.tsx';
import type { Block } from '../model/run.ts';
import { stripAnsi } from './ansi.ts';

type ErrorBlock = Extract<Block, { kind: 'error' }>;

/** The message first; then where; what libraries did in between is folded. */
export function ErrorOutput({ block, onLine }: { block: ErrorBlock; onLine: (line: number) => void }) {
  const { detail } = block;
  const message = stripAnsi(detail?.message ?? block.evalue ?? '');
  const trace = stripAnsi(block.traceback.join('\n'));
  const frames = detail?.frames ?? [];
  const line = detail?.cell_line ?? null;
  const copy = (): void => {
    const text = trace || `${block.ename}: ${message}`;
    navigator.clipboard.writeText(text).then(
      () => toasts.show('Error copied'),
      () => toasts.show('The browser refused to copy'),
    );
  };
  return (
    <div role="group" className="error" aria-label="Error">
      <div className="error-head">
        <CircleAlert size={15} aria-hidden="true" />
        <div className="error-text">
          <strong className="error-name">{block.ename}</strong>
          <pre className="error-message">{message}</pre>
        </div>
        <Button small icon={<Copy size={13} aria-hidden="true" />} onClick={copy}>
          Copy
        </Button>
      </div>
      {line !== null && (
        <button type="button" className="error-line" onClick={() => onLine(line)}>
          Line {line}
          {detail?.cell_column ? `, column ${detail.cell_column}` : ''} of this cell
        </button>
      )}
      {frames.length > 0 ? (
        <ol className="frames">
          {grouped(frames).map((group, i) =>
            group.library ? (
              <li key={i}>
                <details>
                  <summary>{plural(group.frames.length, 'library frame')}</summary>
                  <pre>{group.frames.map((f) => f.text).join('\n')}</pre>
                </details>
              </li>
            ) : (
              group.frames.map((frame, j) => <Frame key={`${i}.${j}`} frame={frame} onLine={onLine} />)
            ),
          )}
        </ol>
      ) : (
        trace !== '' &&
        trace.trim() !== message.trim() && (
          <details className="trace">
            <summary>Stack trace</summary>
            <pre>{trace}</pre>
          </details>
        )
      )}
    </div>
  );
}

function Frame({ frame, onLine }: { frame: ErrorFrame; onLine: (line: number) => void }) {
  const line = frame.line ?? null;
  if (line === null) return <li className="frame">{frame.text}</li>;
  return (
    <li className="frame">
      <button type="button" className="frame-link" onClick={() => onLine(line)}>
        {frame.text}
      </button>
    </li>
  );
}

interface Group {
  library: boolean;
  frames: ErrorFrame[];
}

export function grouped(frames: ErrorFrame[]): Group[] {
  const groups: Group[] = [];
  for (const frame of frames) {
    const library = frame.library === true;
    const last = groups.at(-1);
    if (last && last.library === library) last.frames.push(frame);
    else groups.push({ library, frames: [frame] });
  }
  return groups;
}
