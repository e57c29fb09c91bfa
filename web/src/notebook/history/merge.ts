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
  /** Whether lines that stayed are folded away. */
  folded: boolean;
}

const mark = (sign: string, color: string): Record<string, string> => ({
  content: `"${sign}"`,
  display: 'block',
  textAlign: 'center',
  color,
});

/** Signs beside the colours. The editor's own colours know nothing of the page's light and dark. */
const look = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--d-del)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--d-add)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': { background: 'var(--d-del-text)' },
  '&.cm-merge-b .cm-changedText': { background: 'var(--d-add-text)' },
  '.cm-insertedLine, .cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  '.cm-deletedChunk': { paddingLeft: '0' },
  '.cm-changeGutter': { width: '14px', paddingLeft: '0' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'none' },
  '&.cm-merge-b .cm-changedLineGutter, .cm-inlineChangedLineGutter': { background: 'none' },
  '&.cm-merge-b .cm-deletedLineGutter': { background: 'none' },
  '&.cm-merge-a .cm-changedLineGutter::before, .cm-deletedLineGutter::before': mark('−', 'var(--c-err)'),
  '&.cm-merge-b .cm-changedLineGutter::before': mark('+', 'var(--c-ok)'),
  '.cm-inlineChangedLineGutter::before': mark('+', 'var(--c-ok)'),
  '.cm-collapsedLines': {
    padding: '2px 12px',
    font: '12px/20px var(--font-ui)',
    color: 'var(--c-fg-2)',
    background: 'var(--c-bg-1)',
  },
  // The sign of the editor is in none of our fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"···"' },
  '.cm-collapsedLines:hover': { color: 'var(--c-fg-0)' },
  '.cm-gutters': { paddingLeft: '6px' },
});

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
    look,
    syntaxHighlighting(classHighlighter),
    language ?? [],
  ];
  const shape = {
    gutter: true,
    ...(compared.folded ? { collapseUnchanged: { margin: 3, minSize: 5 } } : {}),
  };
  const named = (side: string): Extension =>
    EditorView.contentAttributes.of({ 'aria-label': `${compared.label}, ${side}`, 'aria-readonly': 'true' });
  if (compared.sideBySide) {
    const view = new MergeView({
      a: { doc: compared.before, extensions: [shared, named('before')] },
      b: { doc: compared.after, extensions: [shared, named('after')] },
      parent: host,
      ...shape,
    });
    return () => view.destroy();
  }
  const view = new EditorView({
    doc: compared.after,
    extensions: [
      shared,
      named('what was removed and what was added'),
      unifiedMergeView({ original: compared.before, mergeControls: false, ...shape }),
    ],
    parent: host,
  });
  return () => view.destroy();
}
