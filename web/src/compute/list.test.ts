import { describe, expect, it } from 'vitest';
import type { Cluster } from '../api/types.ts';
import { filtered, sorted } from './list.ts';

const cluster = (name: string, state: string, more: Record<string, unknown> = {}): Cluster => ({
  cluster_id: name,
  cluster_name: name,
  state,
  ...more,
});

const ALL = [
  cluster('b', 'TERMINATED', { creator_user_name: 'ann' }),
  cluster('c', 'RUNNING', { creator_user_name: 'bob', custom_tags: { team: 'Blue' }, start_time: 5 }),
  cluster('a', 'TERMINATED', { creator_user_name: 'bob', start_time: 9 }),
  cluster('z', 'TERMINATED', { pinned_by_user_name: 'ann', start_time: 7 }),
];
const NONE = { q: '', state: '', pinned: false };
const names = (clusters: Cluster[]): string => clusters.map((c) => c.cluster_name).join('');

describe('a list of clusters', () => {
  it('begins with what runs, then what is pinned', () => {
    expect(names(sorted(ALL, 'default', false))).toBe('czab');
  });

  it('is sorted either way', () => {
    expect(names(sorted(ALL, 'name', false))).toBe('abcz');
    expect(names(sorted(ALL, 'name', true))).toBe('zcba');
    expect(names(sorted(ALL, 'started', true))).toBe('azcb');
    expect(names(sorted(ALL, 'owner', false))).toBe('zbac');
  });

  it('is filtered by words, state and pins', () => {
    expect(names(filtered(ALL, { ...NONE, q: 'team=blue' }))).toBe('c');
    expect(names(filtered(ALL, { ...NONE, q: 'bob A' }))).toBe('ca');
    expect(names(filtered(ALL, { ...NONE, state: 'off' }))).toBe('baz');
    expect(names(filtered(ALL, { ...NONE, pinned: true }))).toBe('z');
    expect(filtered(ALL, { ...NONE, q: 'nothing' })).toEqual([]);
  });
});
