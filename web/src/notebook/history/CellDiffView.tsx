import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../design/Button.tsx';
import { languageName } from '../languages.ts';
import type { CellDiff, Diff, Side } from './wire.ts';
import { changeWords } from './words.ts';

type Changed = Exclude<CellDiff, { change: 'unchanged' }>;

interface Props {
  cell: Changed;
  languages: Diff['language'];
  sideBySide: boolean;
  /** What stands left and right. */
  sides: [string, string];
}

function languageOf(side: Side, notebook: string): string {
  return side.type === 'markdown' ? 'MARKDOWN' : (side.lang ?? notebook);
}

/** One cell that differs, under a heading that says how. */
export function CellDiffView({ cell, languages, sideBySide, sides }: Props) {
  const id = useId();
  const side = cell.change === 'removed' ? cell.before : cell.after;
  const language = languageOf(side, cell.change === 'removed' ? languages.before : languages.after);
  const words = changeWords(cell);
  const label = `Cell ${side.place}, ${languageName(language)}`;
  return (
    <section className={`diff-cell diff-${cell.change}`} aria-labelledby={id} data-change={cell.change}>
      <h3 id={id}>
        Cell {side.place}
        <span className="muted"> · {languageName(language)}</span>
        <span className="diff-word">{words}</span>
      </h3>
      {cell.change === 'changed' && cell.fields.includes('language') && (
        <p className="diff-field">
          {languageName(languageOf(cell.before, languages.before))} → {languageName(language)}
        </p>
      )}
      {cell.change === 'changed' && cell.fields.includes('source') ? (
        <Merged
          before={cell.before.src}
          after={cell.after.src}
          language={language}
          label={label}
          sideBySide={sideBySide}
          sides={sides}
        />
      ) : (
        (cell.change === 'added' || cell.change === 'removed') && (
          <Whole source={side.src} language={language} label={`${label}, ${words.toLowerCase()}`} />
        )
      )}
    </section>
  );
}

/** A text that came or went as a whole. */
function Whole({ source, language, label }: { source: string; language: string; label: string }) {
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    let gone = false;
    void import('../editor/highlight.ts').then(async ({ highlightInto, loadLanguage }) => {
      await loadLanguage(language);
      if (!gone && code.current) highlightInto(code.current, source, language);
    });
    return () => {
      gone = true;
    };
  }, [source, language]);
  if (source === '') return <p className="diff-field muted">Empty</p>;
  return (
    <pre className="diff-whole" aria-label={label}>
      <code ref={code}>{source}</code>
    </pre>
  );
}

interface MergedProps {
  before: string;
  after: string;
  language: string;
  label: string;
  sideBySide: boolean;
  sides: [string, string];
}

const FOLDED_FROM = 24;

/** Made when it comes near the screen: a notebook may have thousands of changed cells. */
function Merged({ before, after, language, label, sideBySide, sides }: MergedProps) {
  const host = useRef<HTMLDivElement>(null);
  const near = useNear(host);
  const lines = Math.max(before.split('\n').length, after.split('\n').length);
  const [folded, setFolded] = useState(lines > FOLDED_FROM);
  useEffect(() => {
    const place = host.current;
    if (!near || !place) return;
    const stop = new AbortController();
    let remove: (() => void) | null = null;
    void import('./merge.ts')
      .then(({ showMerge }) =>
        showMerge(place, { before, after, language, label, sideBySide, folded }, stop.signal),
      )
      .then((done) => {
        if (stop.signal.aborted) done();
        else remove = done;
      });
    return () => {
      stop.abort();
      remove?.();
    };
  }, [near, before, after, language, label, sideBySide, folded]);
  return (
    <>
      <div className="diff-merge">
        {sideBySide && (
          <div className="diff-sides" aria-hidden="true">
            <span>{sides[0]}</span>
            <span>{sides[1]}</span>
          </div>
        )}
        <div ref={host} style={{ minHeight: Math.min(12, lines) * 20 }} />
      </div>
      {lines > FOLDED_FROM && (
        <Button small className="diff-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          {folded ? 'Show all lines' : 'Show only what changed'}
        </Button>
      )}
    </>
  );
}

function useNear(host: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!host.current || near) return;
    const watch = new IntersectionObserver((seen) => seen.some((e) => e.isIntersecting) && setNear(true), {
      rootMargin: '400px',
    });
    watch.observe(host.current);
    return () => watch.disconnect();
  }, [host, near]);
  return near;
}
