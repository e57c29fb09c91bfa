import { useEffect, useMemo, useState } from 'react';
import { messageOf, part } from '../../api/client.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { plural } from '../../design/format.ts';
import { stripAnsi } from './ansi.ts';

const ROW = 18;
const OVERSCAN = 20;
/** Browsers cap the height of an element; above this the scroll position is scaled. */
const TALLEST = 12_000_000;

interface Props {
  notebook: string;
  runId: string;
  onClose: () => void;
}

/** All printed lines of a run, drawn only where the reader looks. */
export function WholeOutput({ notebook, runId, onClose }: Props) {
  const address = `/api/campanile/v1/notebooks/${part(notebook)}/runs/${part(runId)}/output.txt`;
  const [text, setText] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    fetch(address, { signal: stop.signal })
      .then((r) => (r.ok ? r.text() : Promise.reject(new Error(`The server answered ${r.status}`))))
      .then(setText, (error: unknown) => {
        if (!stop.signal.aborted) setFailure(messageOf(error));
      });
    return () => stop.abort();
  }, [address]);
  const lines = useMemo(() => (text === null ? [] : text.replace(/\n$/, '').split('\n')), [text]);
  return (
    <Dialog title="Printed output" onClose={onClose} wide>
      {failure && <p className="notice notice-err">{failure}</p>}
      {text === null && !failure ? <p className="muted">Loading…</p> : <Lines lines={lines} />}
      <div className="dialog-actions">
        <span className="muted num whole-count">{text === null ? '' : plural(lines.length, 'line')}</span>
        <a className="btn btn-outline" href={address} download={`output-${runId}.txt`}>
          Download
        </a>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

function Lines({ lines }: { lines: string[] }) {
  const [top, setTop] = useState(0);
  const height = Math.max(240, Math.min(innerHeight - 260, 640));
  const total = lines.length * ROW;
  const tall = Math.min(total, TALLEST);
  const scale = total > tall ? (total - height) / (tall - height) : 1;
  const first = Math.max(0, Math.floor((top * scale) / ROW) - OVERSCAN);
  const last = Math.min(lines.length, first + Math.ceil(height / ROW) + 2 * OVERSCAN);
  const offset = scale === 1 ? first * ROW : top - ((top * scale) / ROW - first) * ROW;
  return (
    <div
      role="group"
      className="whole"
      style={{ height }}
      tabIndex={0}
      aria-label="All lines"
      onScroll={(e) => setTop(e.currentTarget.scrollTop)}
    >
      <div style={{ height: tall, position: 'relative' }}>
        <pre className="stream-text" style={{ position: 'absolute', top: Math.max(0, offset), margin: 0 }}>
          {stripAnsi(lines.slice(first, last).join('\n'))}
        </pre>
      </div>
    </div>
  );
}
