import { EditorView } from '@codemirror/view';

/** Everything that has a size must equal `.source-static` of notebook.css: cells must not jump when they come alive. */
export const theme = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--c-fg-0)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', fontSize: '13px', lineHeight: '20px', overflowX: 'auto' },
  '.cm-content': { padding: '0', caretColor: 'var(--c-accent)' },
  '.cm-line': { padding: '0 2px 0 0' },
  '.cm-cursor': { borderLeftColor: 'var(--c-accent)', borderLeftWidth: '2px', marginLeft: '-1px' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    border: 'none',
    color: 'var(--c-fg-2)',
    paddingRight: '10px',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0', minWidth: '18px' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'light-dark(oklch(88% 0.05 255), oklch(37% 0.07 255))',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'light-dark(oklch(90% 0.05 255), oklch(38% 0.07 255))',
    outline: 'none',
  },
  '.cm-selectionMatch': { backgroundColor: 'light-dark(oklch(93% 0.04 95), oklch(34% 0.04 95))' },
  '.cm-tooltip': {
    border: '1px solid var(--c-line)',
    borderRadius: '6px',
    backgroundColor: 'var(--c-bg-0)',
    color: 'var(--c-fg-0)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-code)',
    fontSize: '12px',
    maxHeight: '240px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--c-accent)',
    color: 'var(--c-on-accent)',
  },
  '.cm-panels': {
    backgroundColor: 'var(--c-bg-1)',
    color: 'var(--c-fg-0)',
    borderBottom: '1px solid var(--c-line)',
  },
  '.cm-textfield, .cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--c-bg-0)',
    border: '1px solid var(--c-edge)',
    borderRadius: '4px',
  },
});
