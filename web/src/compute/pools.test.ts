import { describe, expect, it } from 'vitest';
import { type InstancePool, pendingOf, troubleOf, wishOf, withPool } from './pools.ts';

const pool: InstancePool = {
  instance_pool_id: 'P1',
  instance_pool_name: 'small',
  node_type_id: 'local.small',
  stats: { idle_count: 1, used_count: 2, pending_idle_count: 1, pending_used_count: 2 },
  status: { pending_instance_errors: [{ message: 'Not enough memory' }, { instance_id: 'n1' }] },
};

describe('pools', () => {
  it('are wished for by the fields of the dialog', () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      name: ' small ',
      type: 'local.small',
      idle: '2',
      most: '',
      minutes: '60',
      runtime: '4.0.x-scala2.13',
    }))
      form.set(name, value);

    expect(wishOf(form)).toEqual({
      instance_pool_name: 'small',
      node_type_id: 'local.small',
      min_idle_instances: 2,
      idle_instance_autotermination_minutes: 60,
      preloaded_spark_versions: ['4.0.x-scala2.13'],
    });
    form.set('most', '5');
    form.delete('runtime');
    expect(wishOf(form)).toMatchObject({ max_capacity: 5 });
    expect(wishOf(form)).not.toHaveProperty('preloaded_spark_versions');
  });

  it('say what is on its way and what is in it', () => {
    expect(pendingOf(pool)).toBe(3);
    expect(pendingOf({ ...pool, stats: {} })).toBe(0);
    expect(troubleOf(pool)).toBe('Not enough memory');
    expect(troubleOf({ ...pool, status: {} })).toBe('');
  });

  it('give clusters their node type', () => {
    const spec = { cluster_name: 'c', node_type_id: 'local.large', driver_node_type_id: 'local.large' };

    const pooled = withPool(spec, pool, undefined);

    expect(pooled).toEqual({ cluster_name: 'c', instance_pool_id: 'P1' });
    expect(withPool(pooled, undefined, pool)).toEqual({ cluster_name: 'c', node_type_id: 'local.small' });
  });
});
