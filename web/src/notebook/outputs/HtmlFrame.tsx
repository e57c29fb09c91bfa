import { useEffect, useMemo, useRef, useState } from 'react';

const TALLEST = 640;

/**
 * HTML of an output lives in a frame with an origin of its own: no cookies, no access to the page, no network.
 * The only script it may load is ours, which reports the height.
 */
export function HtmlFrame({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(() => guess(html));
  const scheme = useScheme();
  const doc = useMemo(() => documentOf(html, scheme), [html, scheme]);
  useEffect(() => {
    const listen = (e: MessageEvent): void => {
      if (e.source !== frame.current?.contentWindow) return;
      const tall = (e.data as { campanileFrameHeight?: unknown } | null)?.campanileFrameHeight;
      if (typeof tall === 'number' && Number.isFinite(tall)) setHeight(Math.max(24, Math.min(TALLEST, tall)));
    };
    addEventListener('message', listen);
    return () => removeEventListener('message', listen);
  }, []);
  return (
    <iframe
      ref={frame}
      className="html-frame"
      title="HTML output"
      sandbox="allow-scripts"
      srcDoc={doc}
      style={{ height }}
    />
  );
}

function documentOf(html: string, scheme: 'light' | 'dark'): string {
  const script = `${location.origin}/assets/frame.js`;
  const policy = `default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; font-src data:; script-src ${script}`;
  const style = [
    `:root{color-scheme:${scheme}}`,
    'body{margin:0;font:13px/20px system-ui,sans-serif;overflow-wrap:anywhere}',
    'table{border-collapse:collapse}th,td{padding:3px 10px;border-bottom:1px solid #8884;text-align:left}',
  ].join('');
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style></head><body data-html="${attribute(html)}"><script src="${script}"></script></body></html>`;
}

/**
 * Our script puts the HTML into the document, where the policy holds already. In the text of the document itself the
 * browser would look ahead for addresses to fetch before it has read the policy.
 */
function attribute(html: string): string {
  return html.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
}

/** Until the frame has told its height. */
function guess(html: string): number {
  const rows = (html.match(/<(tr|p|br|li|h\d|div)\b/gi) ?? []).length + html.split('\n').length / 2;
  return Math.max(32, Math.min(480, Math.round(rows * 24)));
}

function useScheme(): 'light' | 'dark' {
  const read = (): 'light' | 'dark' => {
    const chosen = document.documentElement.dataset['theme'];
    if (chosen === 'light' || chosen === 'dark') return chosen;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  };
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const again = (): void => setScheme(read());
    const media = matchMedia('(prefers-color-scheme: dark)');
    const watch = new MutationObserver(again);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    media.addEventListener('change', again);
    return () => {
      watch.disconnect();
      media.removeEventListener('change', again);
    };
  });
  return scheme;
}
