import { expect, it } from 'vitest';
import { between } from './order.ts';

it('always finds a place in between, wherever cells are put', () => {
  let seed = 7;
  const dice = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const list: string[] = [];
  for (let i = 0; i < 3000; i++) {
    const at = i % 3 === 0 ? 0 : Math.floor(dice() * (list.length + 1));
    const pos = between(list[at - 1] ?? null, list[at] ?? null);
    list.splice(at, 0, pos);
  }
  for (let i = 1; i < list.length; i++) expect(list[i - 1]! < list[i]!).toBe(true);
  expect(list.every((pos) => !pos.endsWith('0'))).toBe(true);
});
