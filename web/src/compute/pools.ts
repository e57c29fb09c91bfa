import { call } from '../api/client.ts';
import type { Spec } from './spec.ts';

export interface InstancePool {
  instance_pool_id: string;
  instance_pool_name: string;
  node_type_id: string;
  min_idle_instances?: number;
  /** Without one it has no limit. */
  max_capacity?: number;
  idle_instance_autotermination_minutes?: number;
  preloaded_spark_versions?: string[];
  custom_tags?: Record<string, string>;
  stats?: PoolStats;
  status?: { pending_instance_errors?: { instance_id?: string; message?: string }[] };
}

interface PoolStats {
  idle_count?: number;
  used_count?: number;
  pending_idle_count?: number;
  pending_used_count?: number;
}

const BASE = '/api/2.0/instance-pools';

export async function loadPools(): Promise<InstancePool[]> {
  return (await call<{ instance_pools?: InstancePool[] }>(`${BASE}/list`)).instance_pools ?? [];
}

export function createPool(wish: PoolWish): Promise<unknown> {
  return call(`${BASE}/create`, { method: 'POST', body: wish });
}

/** All that can be changed is said: what is left out goes back to what it is without a word. */
export function editPool(pool: InstancePool, wish: PoolWish): Promise<unknown> {
  const { preloaded_spark_versions: _, ...changes } = wish;
  return call(`${BASE}/edit`, {
    method: 'POST',
    body: { custom_tags: pool.custom_tags, ...changes, instance_pool_id: pool.instance_pool_id },
  });
}

export function deletePool(id: string): Promise<unknown> {
  return call(`${BASE}/delete`, { method: 'POST', body: { instance_pool_id: id } });
}

export interface PoolWish {
  instance_pool_name: string;
  node_type_id: string;
  min_idle_instances: number;
  max_capacity?: number;
  idle_instance_autotermination_minutes: number;
  preloaded_spark_versions?: string[];
}

/** What the fields of the dialog say; an empty capacity is none. */
export function wishOf(form: FormData): PoolWish {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const most = text('most');
  const runtime = text('runtime');
  return {
    instance_pool_name: text('name'),
    node_type_id: text('type'),
    min_idle_instances: Number(text('idle')),
    idle_instance_autotermination_minutes: Number(text('minutes')),
    ...(most === '' ? {} : { max_capacity: Number(most) }),
    ...(runtime === '' ? {} : { preloaded_spark_versions: [runtime] }),
  };
}

/** Nodes on their way, for clusters or to idle. */
export function pendingOf({ stats }: InstancePool): number {
  return (stats?.pending_idle_count ?? 0) + (stats?.pending_used_count ?? 0);
}

/** What keeps it from having its idle nodes; empty for nothing. */
export function troubleOf({ status }: InstancePool): string {
  return (status?.pending_instance_errors ?? []).flatMap((error) => error.message ?? []).join('\n');
}

/** The spec of a cluster of a pool: its nodes are of the pool's type. Without a pool it names the type again. */
export function withPool(spec: Spec, pool: InstancePool | undefined, before: InstancePool | undefined): Spec {
  const { instance_pool_id: _, driver_instance_pool_id: __, driver_node_type_id: ___, ...rest } = spec;
  if (pool === undefined) return { ...rest, node_type_id: spec['node_type_id'] ?? before?.node_type_id };
  const { node_type_id: ____, ...typeless } = rest;
  return { ...typeless, instance_pool_id: pool.instance_pool_id };
}
