import { ChangeSet } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { CellText, difference, rebase, textOf } from './text.ts';

describe('CellText', () => {
  it('composes what is typed while an operation is in flight', () => {
    const text = new CellText('ab', 3);
    text.local(ChangeSet.of({ from: 2, insert: 'c' }, 2));
    expect(text.take(1)?.ver).toBe(3);
    text.local(ChangeSet.of({ from: 3, insert: 'd' }, 3));
    text.local(ChangeSet.of({ from: 4, insert: 'e' }, 4));
    expect(text.take(2)).toBeNull();
    expect(text.confirmed(1, 4)).toBe(true);
    const next = text.take(2);
    expect(next?.changes.apply(textOf('abc')).toString()).toBe('abcde');
    expect(next?.ver).toBe(4);
  });

  it('ignores a change it has already seen', () => {
    const text = new CellText('ab', 3);
    expect(text.remote(ChangeSet.of({ from: 0, insert: 'x' }, 2), 3)).toBeNull();
    expect(text.doc.toString()).toBe('ab');
  });

  it('keeps carriage returns as characters, as the server counts them', () => {
    expect(textOf('a\r\nb').length).toBe(4);
    expect(textOf('a\r\nb').toString()).toBe('a\r\nb');
  });
});

describe('rebase', () => {
  it('finds the smallest replacement', () => {
    const change = difference(textOf('one two three'), textOf('one 2 three'));
    expect(change.toJSON()).toEqual([4, [3, '2'], 6]);
    expect(difference(textOf('same'), textOf('same')).empty).toBe(true);
  });

  it('keeps both sides when the text moved on meanwhile', () => {
    const base = textOf('int a = 1;');
    const current = textOf('// hello\nint a = 1;');
    const mine = ChangeSet.of({ from: 10, insert: ' // mine' }, 10);
    expect(rebase(base, current, mine).apply(current).toString()).toBe('// hello\nint a = 1; // mine');
  });
});
