import { describe, expect, it, vi } from 'vitest';
import type { ResultPage } from '../api/types.ts';
import { pointsOf, seriesOf, specOf } from './chart/spec.ts';
import { PAGE, ResultPages, toTsv } from './pages.ts';
import { nextSort } from './ResultView.tsx';

interface Asked {
  offset: number;
  answer: (page: ResultPage) => void;
  fail: (error: Error) => void;
}

function pages(total: number) {
  const asked: Asked[] = [];
  const model = new ResultPages(
    total,
    (offset) => new Promise((answer, fail) => asked.push({ offset, answer, fail })),
  );
  const give = async (i: number, matching = total): Promise<void> => {
    const { offset, answer } = asked[i]!;
    answer({ rows: Array.from({ length: PAGE }, (_, k) => [offset + k]), offset, total, matching });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { model, asked, give };
}

describe('ResultPages', () => {
  it('asks for the pages on the screen and keeps them', async () => {
    const { model, asked, give } = pages(1_000_000);
    model.want(0, 30);
    expect(asked.map((a) => a.offset)).toEqual([0]);
    expect(model.row(3)).toBeUndefined();
    await give(0);
    expect(model.row(3)).toEqual([3]);
    model.want(0, 30);
    expect(asked).toHaveLength(1);
  });

  it('forgets what was wanted and not yet asked when the screen moves on', async () => {
    const { model, asked, give } = pages(1_000_000);
    model.want(0, 5 * PAGE);
    expect(asked.map((a) => a.offset)).toEqual([0, PAGE]);
    model.want(999_900, 1_000_000);
    await give(0);
    expect(asked.map((a) => a.offset)).toEqual([0, PAGE, 999_500]);
    await give(1);
    await give(2);
    expect(model.row(999_999)).toEqual([999_999]);
  });

  it('holds a bounded number of pages however far one scrolls', async () => {
    const { model, asked, give } = pages(1_000_000);
    for (let i = 0; i < 200; i++) {
      model.want(i * PAGE, i * PAGE + 1);
      await give(asked.length - 1);
    }
    expect(model.pagesInMemory).toBe(40);
  });

  it('shows the rows that were there until those of the new order come, but not for long', async () => {
    vi.useFakeTimers();
    const { model, give } = pages(5000);
    model.want(0, 1);
    await give(0);
    model.order([{ column: 'a', descending: true }]);
    expect(model.row(3)).toEqual([3]);
    await give(1, 60);
    expect(model.row(3)).toEqual([3]);
    expect(model.row(PAGE)).toBeUndefined();
    model.order([]);
    vi.advanceTimersByTime(250);
    expect(model.row(3)).toBeUndefined();
    vi.useRealTimers();
  });

  it('drops answers of an older order', async () => {
    const { model, asked, give } = pages(5000);
    model.want(0, 1);
    model.order([{ column: 'a', descending: true }]);
    await give(0, 77);
    expect(model.matching).toBe(5000);
    await give(1, 60);
    expect(asked).toHaveLength(2);
    expect(model.matching).toBe(60);
  });

  it('says when a page could not be had, and tries again when asked', async () => {
    const { model, asked } = pages(10);
    model.want(0, 1);
    asked[0]?.fail(new Error('expired'));
    await new Promise((go) => setTimeout(go, 0));
    expect(model.failure).toBe('expired');
    model.retry();
    expect(model.failure).toBeNull();
    expect(asked).toHaveLength(2);
  });
});

describe('the table', () => {
  it('sorts up, down and not at all', () => {
    const up = nextSort([], 'a');
    const down = nextSort(up, 'a');
    expect([up, down, nextSort(down, 'a')]).toEqual([
      [{ column: 'a', descending: false }],
      [{ column: 'a', descending: true }],
      [],
    ]);
  });

  it('writes text for a spreadsheet', () => {
    expect(
      toTsv([
        ['a\tb', null, { x: 1 }],
        ['2\n3', 4n, true],
      ]),
    ).toBe('a b\t\t{"x":1}\n2 3\t4\ttrue');
  });
});

describe('the chart', () => {
  const columns = [
    { name: 'region', type: 'string' },
    { name: 'n', type: 'bigint' },
  ];

  it('begins with text across and a number up', () => {
    expect(specOf(undefined, columns)).toEqual({ kind: 'bar', x: 'region', y: 'n', by: '' });
    expect(specOf({ kind: 'pie', x: 'gone', y: 'n', by: 'gone' }, columns)).toEqual({
      kind: 'pie',
      x: 'region',
      y: 'n',
      by: '',
    });
  });

  it('adds up bars and keeps dots apart', () => {
    const rows = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ];
    expect(pointsOf(rows, columns, { kind: 'bar', x: 'region', y: 'n' })).toEqual([
      { x: 'a', y: 4 },
      { x: 'b', y: 2 },
    ]);
    expect(pointsOf(rows, columns, { kind: 'scatter', x: 'n', y: 'n' })).toHaveLength(3);
  });

  it('makes a series of each value of a column, in the order in which they come', () => {
    const rows = [
      ['b', '2'],
      ['a', '1'],
      ['b', '1'],
    ];
    expect(seriesOf(rows, columns, { kind: 'line', x: 'n', y: 'n', by: 'region' })).toEqual([
      {
        name: 'b',
        points: [
          { x: 1, y: 1 },
          { x: 2, y: 2 },
        ],
      },
      { name: 'a', points: [{ x: 1, y: 1 }] },
    ]);
    expect(seriesOf(rows, columns, { kind: 'line', x: 'n', y: 'n', by: '' })).toHaveLength(1);
  });

  it('keeps the largest slices of a pie and adds up the rest', () => {
    const rows = Array.from({ length: 100 }, (_, i) => [`r${i}`, String(i)]);
    const slices = pointsOf(rows, columns, { kind: 'pie', x: 'region', y: 'n' });
    expect(slices).toHaveLength(24);
    expect(slices[0]).toEqual({ x: 'r99', y: 99 });
    expect(slices.at(-1)).toEqual({ x: '77 others', y: (76 * 77) / 2 });
  });
});
