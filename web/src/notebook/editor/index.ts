export { highlightInto, loadLanguage } from './highlight.ts';
export { LiveEditor } from './live.ts';
