import { syntaxHighlighting } from '@codemirror/language';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { loadLanguage } from '../editor/languages.ts';
import { theme } from '../editor/theme.ts';

export interface Compared {
  before: string;
  after: string;
  language: string;
  /** What the cell is called, for those who do not see it. */
  label: string;
  sideBySide: boolean;
}

const LOOK = { collapseUnchanged: { margin: 3, minSize: 5 }, gutter: true };

/** Two texts beside each other, or one with both; only to be read. Answers what takes it away. */
export async function showMerge(
  host: HTMLElement,
  compared: Compared,
  gone: AbortSignal,
): Promise<() => void> {
  const language = await loadLanguage(compared.language);
  if (gone.aborted) return () => undefined;
  const shared: Extension[] = [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    lineNumbers(),
    theme,
    syntaxHighlighting(classHighlighter),
    language ?? [],
  ];
  const named = (side: string): Extension =>
    EditorView.contentAttributes.of({ 'aria-label': `${compared.label}, ${side}`, 'aria-readonly': 'true' });
  if (compared.sideBySide) {
    const view = new MergeView({
      a: { doc: compared.before, extensions: [shared, named('before')] },
      b: { doc: compared.after, extensions: [shared, named('after')] },
      parent: host,
      ...LOOK,
    });
    return () => view.destroy();
  }
  const view = new EditorView({
    doc: compared.after,
    extensions: [
      shared,
      named('what was removed and what was added'),
      unifiedMergeView({ original: compared.before, mergeControls: false, ...LOOK }),
    ],
    parent: host,
  });
  return () => view.destroy();
}
