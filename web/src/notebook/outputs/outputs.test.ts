import { describe, expect, it } from 'vitest';
import { AnsiReader, stripAnsi } from './ansi.ts';
import { grouped } from './ErrorOutput.tsx';
import { LIMIT, StreamFold } from './fold.ts';
import { resultRef } from './Mime.tsx';

const ESC = '\u001b';

describe('AnsiReader', () => {
  it('reads colours, styles and resets', () => {
    const spans = new AnsiReader().read(`plain ${ESC}[1;31mred${ESC}[0m end`);
    expect(spans).toEqual([
      { text: 'plain ', classes: '' },
      { text: 'red', classes: 'ansi-bold ansi-red' },
      { text: ' end', classes: '' },
    ]);
  });

  it('reads 256 colours and true colour, and carries a style on', () => {
    const reader = new AnsiReader();
    expect(reader.read(`${ESC}[38;5;208mx`)[0]?.color).toBe('rgb(255 135 0)');
    expect(reader.read('y')[0]?.color).toBe('rgb(255 135 0)');
    expect(reader.read(`${ESC}[48;2;1;2;3mz`)[0]).toMatchObject({
      color: 'rgb(255 135 0)',
      background: 'rgb(1 2 3)',
    });
  });

  it('drops cursor movements and titles', () => {
    expect(stripAnsi(`${ESC}[2K${ESC}]0;title\u0007a${ESC}[10;2Hb`)).toBe('ab');
  });
});

describe('StreamFold', () => {
  const lines = (fold: StreamFold): string[] => [...fold.head, ...fold.tail];

  it('lets a carriage return overwrite the line', () => {
    const fold = new StreamFold();
    fold.append('10%');
    fold.append('\r50%');
    fold.append('\r100%\nnext');
    expect(lines(fold)).toEqual(['100%', 'next']);
  });

  it('keeps what a shorter line does not cover, as a terminal does', () => {
    const fold = new StreamFold();
    fold.append(`long line\rab${ESC}[K\r\nabc\bX`);
    expect(lines(fold)).toEqual(['ab', 'abX']);
  });

  it('shows two thousand lines whole', () => {
    const fold = new StreamFold();
    for (let i = 0; i < LIMIT; i++) fold.append(`${i}\n`);
    expect(fold.folded).toBe(false);
    expect(lines(fold)).toHaveLength(LIMIT + 1);
  });

  it('keeps the first and the last thousand of a million lines', () => {
    const fold = new StreamFold();
    for (let i = 0; i < 1_000_000; i += 1000) {
      fold.append(Array.from({ length: 1000 }, (_, k) => `${i + k}\n`).join(''));
    }
    expect(fold.head).toHaveLength(1000);
    expect(fold.head.at(-1)).toBe('999');
    expect(fold.tail[0]).toBe('999000');
    expect(fold.tail.at(-2)).toBe('999999');
    expect(fold.hidden).toBe(998_000);
    expect(fold.total).toBe(1_000_001);
  });

  it('says how much the server left out', () => {
    const fold = new StreamFold();
    fold.append('a\nb\n');
    fold.skip(500, 4000);
    fold.append('y\nz\n');
    expect([fold.hidden, fold.hiddenBytes]).toEqual([500, 4000]);
    expect(fold.head).toEqual(['a', 'b']);
    expect(fold.tail).toEqual(['y', 'z', '']);
  });
});

describe('grouped', () => {
  it('puts neighbouring library frames together', () => {
    const frame = (text: string, library: boolean) => ({ text, library });
    const groups = grouped([frame('a', false), frame('b', true), frame('c', true), frame('d', false)]);
    expect(groups.map((g) => g.frames.length)).toEqual([1, 2, 1]);
  });
});

describe('resultRef', () => {
  const whole = {
    result_id: 'e40c3f3c-6946-4374-8dd6-5510acf6e6ca',
    columns: [{ name: 'a', type: 'int', nullable: true }],
    rows: 1,
    truncated: false,
    bytes: 1,
  };

  it('takes a result as an object or as text', () => {
    expect(resultRef(whole)).toBe(whole);
    expect(resultRef(JSON.stringify(whole))).toEqual(whole);
  });

  it.each([
    ['no JSON', '{not json'],
    ['an id that climbs', { ...whole, result_id: '../../2.0/token/list' }],
    ['columns that are none', { ...whole, columns: [null, 1] }],
    ['a column without a name', { ...whole, columns: [{ type: 'int' }] }],
    ['no rows', { ...whole, rows: 'many' }],
    ['nothing', null],
  ])('leaves alone %s', (_, value) => {
    expect(resultRef(value)).toBeNull();
  });
});
