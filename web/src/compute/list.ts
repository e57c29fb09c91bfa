import type { Cluster, ComputeDataState } from '../api/types.ts';
import { dataStateOf, STATE_WORDS } from './clusters.ts';

export interface Filters {
  q: string;
  state: string;
  pinned: boolean;
}

export const SORTS = ['default', 'name', 'state', 'owner', 'started'] as const;
export type Sort = (typeof SORTS)[number];

const RANK: Record<ComputeDataState, number> = {
  running: 0,
  resizing: 0,
  starting: 1,
  stopping: 2,
  error: 3,
  off: 4,
};

export const tagsOf = (cluster: Cluster): [name: string, value: string][] =>
  Object.entries((cluster['custom_tags'] ?? {}) as Record<string, string>);

export const pinnedBy = (cluster: Cluster): string => String(cluster['pinned_by_user_name'] ?? '');

/** Words that a cluster is found by: its name, its owner, its tags. */
function text(cluster: Cluster): string {
  const tags = tagsOf(cluster).map(([name, value]) => `${name}=${value}`);
  return [cluster.cluster_name, cluster.cluster_id, cluster.creator_user_name ?? '', ...tags]
    .join('\n')
    .toLowerCase();
}

export function filtered(clusters: Cluster[], { q, state, pinned }: Filters): Cluster[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return clusters.filter(
    (c) =>
      (state === '' || dataStateOf(c.state) === state) &&
      (!pinned || pinnedBy(c) !== '') &&
      words.every((word) => text(c).includes(word)),
  );
}

const byName = (a: Cluster, b: Cluster): number => a.cluster_name.localeCompare(b.cluster_name);
const byState = (a: Cluster, b: Cluster): number => RANK[dataStateOf(a.state)] - RANK[dataStateOf(b.state)];
const byPin = (a: Cluster, b: Cluster): number => Number(pinnedBy(a) === '') - Number(pinnedBy(b) === '');

const ORDERS: Record<Sort, (a: Cluster, b: Cluster) => number> = {
  default: (a, b) => byState(a, b) || byPin(a, b) || byName(a, b),
  name: byName,
  state: (a, b) => byState(a, b) || byName(a, b),
  owner: (a, b) => (a.creator_user_name ?? '').localeCompare(b.creator_user_name ?? '') || byName(a, b),
  started: (a, b) => (a.start_time ?? 0) - (b.start_time ?? 0),
};

export function sorted(clusters: Cluster[], sort: Sort, descending: boolean): Cluster[] {
  const order = ORDERS[sort];
  return [...clusters].sort((a, b) => (descending ? order(b, a) : order(a, b)));
}

export const STATES = STATE_WORDS as Record<string, string>;
