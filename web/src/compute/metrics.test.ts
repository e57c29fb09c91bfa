import { describe, expect, it } from 'vitest';
import {
  inOrder,
  lineOf,
  MEASURES,
  type Metrics,
  type NodeMetrics,
  summary,
  thinned,
  valuesOf,
} from './metrics.ts';

const node = (more: Partial<NodeMetrics> = {}): NodeMetrics => ({
  node_id: 'd',
  role: 'DRIVER',
  epoch: 1,
  live: true,
  memory_limit: 1000,
  points: [
    [10, 1, 4],
    [20, 3, 4],
  ],
  ...more,
});
const METRICS: Metrics = { from: 0, to: 100, step: 10, fields: ['cores', 'machine_cores'], nodes: [node()] };
const BOX = { width: 100, height: 10 };

describe('the metrics of a node', () => {
  it('are found by their names', () => {
    const values = valuesOf(METRICS, node());
    const cores = MEASURES.find(({ key }) => key === 'cores');

    expect(values('cores')).toEqual([
      { at: 10, value: 1 },
      { at: 20, value: 3 },
    ]);
    expect(values('heap')).toEqual([]);
    expect(cores?.most?.(node(), values)).toBe(4);
    expect(cores?.text(1.234)).toBe('1.23 cores');
  });

  it('say what they are now, and their least and most', () => {
    expect(summary([5, 1, 3].map((value, at) => ({ at, value })))).toEqual({ now: 3, least: 1, most: 5 });
    expect(summary([])).toBeNull();
  });

  it('are a line that is broken where nothing was heard', () => {
    const points = [
      { at: -5, value: 9 },
      { at: 10, value: 0 },
      { at: 20, value: 5 },
      { at: 90, value: 10 },
    ];

    expect(lineOf(points, METRICS, 10, BOX)).toBe('M10.0 10.0h0.1L20.0 5.0M90.0 0.0h0.1');
    expect(lineOf([{ at: 0, value: 0 }], METRICS, 0, BOX)).toBe('M0.0 10.0h0.1');
  });

  it('are few enough for a table, the latest among them', () => {
    const points = Array.from({ length: 100 }, (_, at) => ({ at, value: at }));
    const rows = thinned(points, 24);

    expect(rows.length).toBeLessThanOrEqual(24);
    expect(rows.at(-1)?.at).toBe(99);
    expect(thinned(points.slice(0, 3), 24)).toHaveLength(3);
  });

  it('are shown for what runs first, and for the driver before its workers', () => {
    const worker = node({ node_id: 'w', role: 'WORKER', executor_id: 0 });
    const ended = node({ node_id: 'old', live: false, epoch: 9 });

    expect(inOrder([ended, worker, node()]).map(({ node_id }) => node_id)).toEqual(['d', 'w', 'old']);
  });
});
