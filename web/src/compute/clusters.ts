import { call } from '../api/client.ts';
import type { Cluster, ComputeDataState } from '../api/types.ts';
import { plural } from '../design/format.ts';
import { type Size, sizeOnTheWire } from './spec.ts';

export const STATE_WORDS: Record<ComputeDataState, string> = {
  off: 'Off',
  starting: 'Starting',
  running: 'Running',
  resizing: 'Resizing',
  stopping: 'Stopping',
  error: 'Failed',
};

const DATA_STATES: Record<string, ComputeDataState> = {
  PENDING: 'starting',
  RESTARTING: 'starting',
  RUNNING: 'running',
  RESIZING: 'resizing',
  TERMINATING: 'stopping',
  TERMINATED: 'off',
  ERROR: 'error',
};

export function dataStateOf(state: string): ComputeDataState {
  return DATA_STATES[state] ?? 'off';
}

/** The workers it has, of those it is to have; `num_workers` follows the load where there are bounds. */
export function workersOf(cluster: Cluster): string {
  const { num_workers: wanted = 0, autoscale, executors } = cluster;
  if (wanted === 0 && !autoscale) return 'Single node';
  const state = dataStateOf(cluster.state);
  const some = (state === 'running' || state === 'resizing') && executors?.length !== wanted;
  const count = some ? `${executors?.length ?? 0} of ${plural(wanted, 'worker')}` : plural(wanted, 'worker');
  if (!autoscale) return count;
  const bounds = `${autoscale.min_workers} to ${plural(autoscale.max_workers, 'worker')}`;
  return state === 'running' || state === 'resizing' ? `${count}, ${bounds}` : bounds;
}

/** Between a single node and workers its driver restarts: refused while commands run, unless forced. */
export function resizeCluster(id: string, size: Size, force: boolean): Promise<unknown> {
  return call('/api/2.1/clusters/resize', {
    method: 'POST',
    body: { cluster_id: id, ...sizeOnTheWire(size), ...(force ? { force } : {}) },
  });
}

export async function loadClusters(): Promise<Cluster[]> {
  const all: Cluster[] = [];
  let token: string | undefined;
  do {
    const page = await call<{ clusters?: Cluster[]; next_page_token?: string }>('/api/2.1/clusters/list', {
      query: { page_size: 100, page_token: token },
    });
    all.push(...(page.clusters ?? []));
    token = page.next_page_token || undefined;
  } while (token);
  return all;
}

export function loadCluster(id: string): Promise<Cluster> {
  return call<Cluster>('/api/2.1/clusters/get', { query: { cluster_id: id } });
}

export function startCluster(id: string): Promise<unknown> {
  return call('/api/2.1/clusters/start', { method: 'POST', body: { cluster_id: id } });
}

/** "delete" terminates: the cluster stays in the list and can be started again. */
export function stopCluster(id: string): Promise<unknown> {
  return call('/api/2.1/clusters/delete', { method: 'POST', body: { cluster_id: id } });
}

export function restartCluster(id: string): Promise<unknown> {
  return call('/api/2.1/clusters/restart', { method: 'POST', body: { cluster_id: id } });
}

export function pinCluster(id: string, pinned: boolean): Promise<unknown> {
  return call(`/api/2.1/clusters/${pinned ? 'pin' : 'unpin'}`, { method: 'POST', body: { cluster_id: id } });
}

/** Only of a cluster that does not run. */
export function changeOwner(id: string, name: string): Promise<unknown> {
  return call('/api/2.1/clusters/change-owner', {
    method: 'POST',
    body: { cluster_id: id, owner_username: name },
  });
}

/** From then on it does not exist; what runs on it ends. */
export function removeCluster(id: string): Promise<unknown> {
  return call('/api/2.1/clusters/permanent-delete', { method: 'POST', body: { cluster_id: id } });
}
