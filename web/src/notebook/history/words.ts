import { count, exactly, plural, timeOfDay } from '../../design/format.ts';
import type { CellDiff, Entry, Version } from './wire.ts';

const day = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat('en', { dateStyle: 'long' });

/** "Added 2 cells, edited 1": the noun comes once. */
export function summary(entry: Entry, versions: Version[] = [], now = Date.now()): string {
  if (entry.restored) {
    const named = versions.find((v) => v.revision === entry.restored?.revision);
    return `Restored ${named ? `“${named.name}”` : `the version of ${moment(entry.restored.at, now)}`}`;
  }
  const parts: string[] = [];
  // A new notebook comes into being as a replacement of nothing.
  if (entry.replaced) parts.push(entry.first_revision === 1 ? 'created the notebook' : 'replaced all cells');
  let counted = false;
  for (const [verb, n] of [
    ['added', entry.added],
    ['removed', entry.removed],
    ['edited', entry.edited],
    ['moved', entry.moved],
  ] as const) {
    if (n === 0) continue;
    parts.push(`${verb} ${counted ? count(n) : plural(n, 'cell')}`);
    counted = true;
  }
  if (entry.language) parts.push('changed the language');
  if (entry.settings > 0) parts.push(`changed settings of ${plural(entry.settings, 'cell')}`);
  const text = parts.join(', ') || 'no change that shows';
  return text[0]!.toUpperCase() + text.slice(1);
}

/** A time as it is said within a sentence. */
export function moment(at: number, now = Date.now()): string {
  const name = dayName(at, now);
  if (name === 'Today') return timeOfDay(at);
  if (name === 'Yesterday') return `yesterday, ${timeOfDay(at)}`;
  return exactly(at).replace(/:\d\d$/, '');
}

export function dayName(at: number, now = Date.now()): string {
  const date = new Date(at).toDateString();
  if (date === new Date(now).toDateString()) return 'Today';
  if (date === new Date(now - 86_400_000).toDateString()) return 'Yesterday';
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear ? day.format(at) : dayOfYear.format(at);
}

/** How a person is called where only the sign-in name is known. */
export function person(actor: string, me: string | null): string {
  return actor === me ? 'You' : actor;
}

/** What a heading says of a cell, beside its number and language. */
export function changeWords(cell: CellDiff): string {
  if (cell.change === 'added') return 'Added';
  if (cell.change === 'removed') return 'Removed';
  if (cell.change === 'unchanged') return 'Unchanged';
  const words: string[] = [];
  if (cell.fields.includes('source')) words.push('changed');
  if (cell.moved) words.push(`moved from ${count(cell.before.place)} to ${count(cell.after.place)}`);
  if (cell.fields.includes('language')) words.push('language changed');
  if (cell.fields.includes('settings')) words.push('settings changed');
  const text = words.join(', ');
  return text[0]!.toUpperCase() + text.slice(1);
}
