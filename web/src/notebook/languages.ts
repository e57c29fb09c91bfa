import type { CellModel } from './model/cell.ts';
import type { NotebookDocument } from './model/document.ts';

const LANGUAGE_NAMES: Record<string, string> = {
  JAVA: 'Java',
  SQL: 'SQL',
  SCALA: 'Scala',
  PYTHON: 'Python',
  R: 'R',
  MARKDOWN: 'Markdown',
  TEXT: 'Text',
};

const RUNNABLE = ['JAVA', 'SQL'];

/** What a menu offers: languages that run, and the one chosen already, such as that of an imported notebook. */
export function choicesOf(now: string, others: string[] = []): string[] {
  return [...new Set([...RUNNABLE, ...others, now])];
}

const MAGICS: Record<string, string> = {
  java: 'JAVA',
  sql: 'SQL',
  md: 'MARKDOWN',
  scala: 'SCALA',
  python: 'PYTHON',
  r: 'R',
  sh: 'TEXT',
};

/** A magic on the first line wins over the cell's language, which wins over the notebook's. */
export function languageOf(cell: CellModel, doc: NotebookDocument): string {
  if (cell.type === 'markdown') return 'MARKDOWN';
  const magic = /^%([a-z]+)\b/.exec(cell.text.doc.line(1).text)?.[1];
  return (magic && MAGICS[magic]) || cell.lang || doc.language;
}

export function languageName(lang: string): string {
  return LANGUAGE_NAMES[lang] ?? lang;
}
