import { classHighlighter, highlightCode } from '@lezer/highlight';
import { parserNow } from './languages.ts';

export { loadLanguage } from './languages.ts';

/** The same spans the live editor makes, as plain nodes: text goes in as text, never as HTML. */
export function highlightInto(host: Element, source: string, language: string): boolean {
  const parser = parserNow(language);
  if (!parser) return false;
  const nodes: Node[] = [];
  const put = (text: string, classes: string): void => {
    if (classes === '') {
      nodes.push(document.createTextNode(text));
      return;
    }
    const span = document.createElement('span');
    span.className = classes;
    span.textContent = text;
    nodes.push(span);
  };
  highlightCode(source, parser.parse(source), classHighlighter, put, () =>
    nodes.push(document.createTextNode('\n')),
  );
  // A last empty line has no height of its own in `<pre>`.
  if (source === '' || source.endsWith('\n')) nodes.push(document.createTextNode('\u200b'));
  host.replaceChildren(...nodes);
  return true;
}
