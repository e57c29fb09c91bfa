import { useEffect, useRef, useState } from 'react';
import { useNotebook } from './context.ts';
import type { CellState } from './model/cell.ts';

const PAUSE_MS = 700;
const WORDS: Partial<Record<CellState, string>> = { ok: 'finished', error: 'failed', canceled: 'stopped' };

/** Tells a screen reader how runs end, not more often than it can be heard. */
export function Announcer() {
  const { controller } = useNotebook();
  const [text, setText] = useState('');
  const told = useRef(new Map<string, string>());
  useEffect(() => {
    const look = (): void => {
      const news: string[] = [];
      controller.doc.order.forEach((id, i) => {
        const cell = controller.doc.cell(id);
        const run = cell?.run;
        if (!cell || !run) return;
        const now = `${run.id}/${run.wire.state}`;
        const before = told.current.get(id);
        told.current.set(id, now);
        const word = WORDS[cell.state];
        if (before !== undefined && before !== now && word) news.push(`Cell ${i + 1} ${word}`);
      });
      if (news.length > 0) setText(news.length > 3 ? `${news.length} cells ended` : news.join('. '));
    };
    look();
    const timer = setInterval(look, PAUSE_MS);
    return () => clearInterval(timer);
  }, [controller]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
