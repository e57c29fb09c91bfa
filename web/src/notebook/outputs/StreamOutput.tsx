import { lazy, Suspense, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../../design/Button.tsx';
import { bytes, count, plural } from '../../design/format.ts';
import { AnsiReader, type Span } from './ansi.ts';
import type { StreamFold } from './fold.ts';

const WholeOutput = lazy(() => import('./WholeOutput.tsx').then((m) => ({ default: m.WholeOutput })));

interface Props {
  fold: StreamFold;
  name: 'stdout' | 'stderr';
  notebook: string;
  runId: string;
}

export function StreamOutput({ fold, name, notebook, runId }: Props) {
  const [whole, setWhole] = useState(false);
  const head = fold.folded ? fold.head : [];
  const tail = fold.tail;
  const lines = head.length + tail.length;
  return (
    <div className={`stream stream-${name} ${lines > 24 ? 'stream-tall' : ''}`}>
      <Lines lines={head} follow={false} tall={lines > 24}>
        {fold.folded && (
          <div className="stream-fold">
            <span className="num">
              {plural(fold.hidden, 'line')} hidden ({bytes(fold.hiddenBytes)})
            </span>
            <Button small look="outline" onClick={() => setWhole(true)}>
              Show all {count(fold.total)} lines
            </Button>
          </div>
        )}
        <Text lines={tail} />
      </Lines>
      {whole && (
        <Suspense fallback={null}>
          <WholeOutput notebook={notebook} runId={runId} onClose={() => setWhole(false)} />
        </Suspense>
      )}
    </div>
  );
}

interface LinesProps {
  lines: string[];
  follow: boolean;
  tall: boolean;
  children: React.ReactNode;
}

/** The box of a long output scrolls by itself and stays at the end as long as the reader is there. */
function Lines({ lines, tall, children }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && tall && atEnd.current) element.scrollTop = element.scrollHeight;
  });
  return (
    <div
      ref={box}
      role="group"
      className="stream-box"
      aria-label="Printed output"
      tabIndex={tall ? 0 : undefined}
      onScroll={(e) => {
        const t = e.currentTarget;
        atEnd.current = t.scrollHeight - t.scrollTop - t.clientHeight < 24;
      }}
    >
      {lines.length > 0 && <Text lines={lines} />}
      {children}
    </div>
  );
}

/** A program chose its colour for a terminal, not for this theme: the hue stays, the lightness is held readable. */
function readable({ color, background }: Span): string | undefined {
  if (!color || background || color.startsWith('var(')) return color;
  return `light-dark(oklch(from ${color} min(l, 0.5) c h), oklch(from ${color} max(l, 0.72) c h))`;
}

const ESC = '\u001b';

function Text({ lines }: { lines: string[] }) {
  const text = (lines.at(-1) === '' && lines.length > 1 ? lines.slice(0, -1) : lines).join('\n');
  if (!text.includes(ESC)) return <pre className="stream-text">{text}</pre>;
  return (
    <pre className="stream-text">
      {new AnsiReader().read(text).map((span, i) => (
        <span
          key={i}
          className={span.classes || undefined}
          style={
            span.color || span.background ? { color: readable(span), background: span.background } : undefined
          }
        >
          {span.text}
        </span>
      ))}
    </pre>
  );
}
