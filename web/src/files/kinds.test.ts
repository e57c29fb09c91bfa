import { describe, expect, it } from 'vitest';
import { shownAs, textOf } from './kinds.ts';

describe('what a file is shown as', () => {
  it('goes by the ending, and markup is text', () => {
    expect(shownAs('Plan.PNG')).toEqual({ kind: 'image', type: 'image/png' });
    expect(shownAs('a.b.sql')).toEqual({ kind: 'text', language: 'SQL' });
    for (const name of ['page.html', 'picture.svg', 'README', '.env'])
      expect(shownAs(name)).toEqual({ kind: 'text', language: null });
  });

  it('is text only when it is UTF-8', () => {
    expect(textOf(new TextEncoder().encode('Zoë'), true)).toBe('Zoë');
    expect(textOf(new Uint8Array([0x50, 0x4b, 0, 1]), true)).toBeNull();
    expect(textOf(new Uint8Array([0x61, 0xff, 0x62]), true)).toBeNull();
  });

  it('may break off within a character when only the beginning was read', () => {
    const cut = new TextEncoder().encode('ab€').slice(0, 4);
    expect(textOf(cut, false)).toBe('ab');
    expect(textOf(cut, true)).toBeNull();
  });
});
