import { call, part } from '../api/client.ts';
import { bytes } from '../design/format.ts';

export type Range = 'hour' | 'day';

export interface NodeMetrics {
  node_id: string;
  role: string;
  executor_id?: number;
  epoch: number;
  live: boolean;
  memory_limit: number;
  /** The time, then a value for each of the fields. */
  points: number[][];
}

export interface Metrics {
  from: number;
  to: number;
  step: number;
  fields: string[];
  nodes: NodeMetrics[];
}

export function loadMetrics(id: string, range: Range): Promise<Metrics> {
  return call<Metrics>(`/api/campanile/v1/clusters/${part(id)}/metrics`, { query: { range } });
}

export interface Point {
  at: number;
  value: number;
}

/** One line of the page: what it shows, and how its values are written. */
export interface Measure {
  key: string;
  name: string;
  /** What the values are measured against, where they have a bound. */
  most?: (node: NodeMetrics, values: (field: string) => Point[]) => number | undefined;
  /** The values say their bound themselves. */
  share?: boolean;
  points: (values: (field: string) => Point[]) => Point[];
  text: (value: number) => string;
}

const cores = (value: number): string =>
  `${Number.isInteger(value) ? value : value.toFixed(value < 10 ? 2 : 1)} cores`;
const percent = (value: number): string => `${Math.round(value * 100)} %`;
const rate = (value: number): string => `${bytes(value)}/s`;
const last = (points: Point[]): number | undefined => points.at(-1)?.value;

export const MEASURES: Measure[] = [
  {
    key: 'cores',
    name: 'Processor, of the node',
    points: (values) => values('cores'),
    most: (_, values) => last(values('machine_cores')),
    text: cores,
  },
  {
    key: 'busy',
    name: 'Processor, of its machine',
    points: (values) => values('machine_busy'),
    most: () => 1,
    share: true,
    text: percent,
  },
  {
    key: 'memory',
    name: 'Memory, of the node',
    points: (values) => values('memory'),
    most: (node) => node.memory_limit || undefined,
    text: bytes,
  },
  {
    key: 'free',
    name: 'Memory, free on its machine',
    points: (values) => values('machine_memory_free'),
    most: (_, values) => last(values('machine_memory')),
    text: bytes,
  },
  { key: 'disk', name: 'Disk, of the node', points: (values) => values('disk'), text: bytes },
  { key: 'disk_free', name: 'Disk, free', points: (values) => values('disk_free'), text: bytes },
  { key: 'received', name: 'Network, received by its machine', points: (v) => v('received'), text: rate },
  { key: 'sent', name: 'Network, sent by its machine', points: (v) => v('sent'), text: rate },
];

/** The values of a field, by name: fields may be added and change their places. */
export function valuesOf(metrics: Metrics, node: NodeMetrics): (field: string) => Point[] {
  return (field) => {
    const at = metrics.fields.indexOf(field);
    if (at < 0) return [];
    return node.points.flatMap((point) => {
      const [time, value] = [point[0], point[at + 1]];
      return time === undefined || value === undefined ? [] : [{ at: time, value }];
    });
  };
}

export interface Summary {
  now: number;
  least: number;
  most: number;
}

export function summary(points: Point[]): Summary | null {
  const end = last(points);
  if (end === undefined) return null;
  let [least, most] = [end, end];
  for (const { value } of points) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { now: end, least, most };
}

/** The line in a box; where nothing was heard for more than two steps it is broken. */
export function lineOf(
  points: Point[],
  time: { from: number; to: number; step: number },
  top: number,
  box: { width: number; height: number },
): string {
  const span = Math.max(1, time.to - time.from);
  let path = '';
  let before: number | null = null;
  for (const { at, value } of points) {
    if (at < time.from) continue;
    const x = (((at - time.from) / span) * box.width).toFixed(1);
    const y = (box.height - (top <= 0 ? 0 : Math.min(1, value / top)) * box.height).toFixed(1);
    const joined: boolean = before !== null && at - before <= 2.5 * time.step;
    // A point that stands alone is drawn as one.
    path += joined ? `L${x} ${y}` : `M${x} ${y}h0.1`;
    before = at;
  }
  return path;
}

/** At most so many rows for a table, evenly over the time; the latest is one of them. */
export function thinned(points: Point[], most: number): Point[] {
  const every = Math.ceil(points.length / most);
  return points.filter((_, index) => (points.length - 1 - index) % every === 0);
}

/** Those that run first, the driver before its workers. */
export function inOrder(nodes: NodeMetrics[]): NodeMetrics[] {
  const rank = (node: NodeMetrics): number => (node.role === 'WORKER' ? 1 + (node.executor_id ?? 0) : 0);
  return [...nodes].sort((a, b) => Number(b.live) - Number(a.live) || b.epoch - a.epoch || rank(a) - rank(b));
}
