import { describe, expect, it } from 'vitest';
import type { Cluster } from '../api/types.ts';
import { workersOf } from './clusters.ts';

function cluster(more: Partial<Cluster>): Cluster {
  return { cluster_id: '1', cluster_name: 'c', state: 'RUNNING', ...more };
}

function nodes(count: number): { node_id: string }[] {
  return Array.from({ length: count }, (_, i) => ({ node_id: `n${i}` }));
}

describe('workers in words', () => {
  it('are none on a single node', () => {
    expect(workersOf(cluster({ num_workers: 0, executors: [] }))).toBe('Single node');
    expect(workersOf(cluster({}))).toBe('Single node');
  });

  it('say how many there are of how many', () => {
    expect(workersOf(cluster({ num_workers: 5, executors: nodes(5) }))).toBe('5 workers');
    expect(workersOf(cluster({ state: 'RESIZING', num_workers: 5, executors: nodes(3) }))).toBe(
      '3 of 5 workers',
    );
    expect(workersOf(cluster({ num_workers: 1 }))).toBe('0 of 1 worker');
    expect(workersOf(cluster({ state: 'TERMINATED', num_workers: 5 }))).toBe('5 workers');
  });

  it('say between what they follow the load', () => {
    const autoscale = { min_workers: 1, max_workers: 4 };
    expect(workersOf(cluster({ num_workers: 2, autoscale, executors: nodes(2) }))).toBe(
      '2 workers, 1 to 4 workers',
    );
    expect(workersOf(cluster({ state: 'TERMINATED', num_workers: 0, autoscale }))).toBe('1 to 4 workers');
  });
});
