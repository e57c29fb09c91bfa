import { useEffect, useLayoutEffect, useRef } from 'react';
import { useNotebook } from '../context.ts';
import { languageOf } from '../languages.ts';
import type { CellModel } from '../model/cell.ts';

type Highlighter = typeof import('../editor/index.ts');
let highlighter: Highlighter | null = null;

export function setHighlighter(module: Highlighter): void {
  highlighter = module;
}

const near = new WeakMap<Element, () => void>();
const observer =
  typeof IntersectionObserver === 'undefined'
    ? null
    : new IntersectionObserver(
        (entries) => {
          for (const entry of entries) if (entry.isIntersecting) near.get(entry.target)?.();
        },
        { rootMargin: '1200px 0px' },
      );

/** Source as plain nodes: text at once, colours when the cell comes near the screen and its language has arrived. */
export function StaticSource({ cell, ready }: { cell: CellModel; ready: boolean }) {
  const { controller } = useNotebook();
  const code = useRef<HTMLElement>(null);
  const source = cell.source;
  const language = languageOf(cell, controller.doc);
  useLayoutEffect(() => {
    const host = code.current;
    if (!host) return;
    host.textContent = source === '' || source.endsWith('\n') ? `${source}\u200b` : source;
  }, [source]);
  useEffect(() => {
    const host = code.current;
    const tool = highlighter;
    if (!host || !ready || !tool || !observer || source.length > 200_000) return;
    let gone = false;
    near.set(host, () => {
      observer.unobserve(host);
      if (tool.highlightInto(host, source, language)) return;
      void tool.loadLanguage(language).then((support) => {
        if (support && !gone) tool.highlightInto(host, source, language);
      });
    });
    observer.observe(host);
    return () => {
      gone = true;
      observer.unobserve(host);
    };
  }, [source, language, ready]);
  const numbers = cell.flag('line_numbers');
  return (
    <div className="source-static">
      {numbers && (
        <span className="line-numbers" aria-hidden="true">
          {Array.from({ length: cell.text.doc.lines }, (_, i) => i + 1).join('\n')}
        </span>
      )}
      <pre>
        <code ref={code} />
      </pre>
    </div>
  );
}

/** The place where the live editor is put while this cell is the active one. */
export function LiveSource({ cell, focusTick, edit }: { cell: CellModel; focusTick: number; edit: boolean }) {
  const { controller, editor } = useNotebook();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!editor || !host.current) return;
    editor.mount(cell, host.current);
    return () => editor.unmount(cell);
  }, [editor, cell]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a raised tick asks for the focus again.
  useLayoutEffect(() => {
    if (!editor || !edit || focusTick === 0) return;
    editor.focus();
    if (controller.line !== null) editor.goToLine(controller.line);
    controller.line = null;
  }, [editor, edit, focusTick]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changed on the cell, the editor looks.
  useEffect(() => {
    editor?.refresh();
  }, [editor, cell.lang, cell.type, cell.meta, controller.session.permission, controller.doc.language]);
  return <div ref={host} className="source-live" />;
}
