import { useEffect, useLayoutEffect, useRef, useState } from 'react';

type Render = typeof import('../outputs/markdown.ts')['renderMarkdown'];
let render: Render | null = null;
let loading: Promise<void> | null = null;

function load(): Promise<void> {
  loading ??= import('../outputs/markdown.ts').then((m) => {
    render = m.renderMarkdown;
  });
  return loading;
}

/** Markdown as sanitised nodes; the source stands there until the renderer has arrived. */
export function MarkdownView({ source }: { source: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState(render !== null);
  useEffect(() => {
    if (!ready) void load().then(() => setReady(true));
  }, [ready]);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    if (source.trim() === '') element.textContent = 'Empty text cell. Double-click or press Enter to write.';
    else if (ready && render) element.replaceChildren(render(source));
    else element.textContent = source;
  }, [source, ready]);
  const look = source.trim() === '' ? 'markdown muted' : ready ? 'markdown' : 'markdown markdown-raw';
  return <div ref={host} className={look} />;
}
