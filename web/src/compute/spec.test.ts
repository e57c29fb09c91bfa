import { describe, expect, it } from 'vitest';
import {
  copyOf,
  linesOf,
  pairsOf,
  sizeOf,
  specFrom,
  specOf,
  underPolicy,
  withNodeType,
  withSetting,
  withSize,
} from './spec.ts';

describe('lines of names and values', () => {
  it('reads both ways of writing Spark settings, and remarks', () => {
    expect(pairsOf('# mine\nspark.a  1 2\n\nspark.b=x=y\n', ' ')).toEqual({
      value: { 'spark.a': '1 2', 'spark.b': 'x=y' },
    });
  });

  it('reads variables, which may be empty', () => {
    expect(pairsOf('A=1\nB=\nC = a b', '=')).toEqual({ value: { A: '1', B: '', C: 'a b' } });
  });

  it('names the line that is wrong', () => {
    expect(pairsOf('A=1\nB', '=')).toEqual({ problem: 'Line 2: write a name, an equals sign and a value.' });
    expect(pairsOf('a 1\nb', ' ')).toEqual({ problem: 'Line 2: write a name, a space and a value.' });
    expect(pairsOf('A=1\n\nA=2', '=')).toEqual({ problem: 'Line 3: A is there twice.' });
    expect(pairsOf('toString=1', '=')).toEqual({ value: { toString: '1' } });
  });

  it('writes what it reads', () => {
    const pairs = { 'spark.a': '1 2', 'spark.b': 'x=y' };
    expect(pairsOf(linesOf(pairs, ' '), ' ')).toEqual({ value: pairs });
    expect(linesOf(undefined, '=')).toBe('');
  });
});

describe('settings', () => {
  const cluster = {
    cluster_id: '1',
    cluster_name: 'c',
    state: 'RUNNING',
    single_user_name: 'ann',
    node_type_id: 's',
    driver_node_type_id: 's',
    start_time: 5,
    policy_id: null,
    custom_tags: { a: 'b' },
  };

  it('are taken from the details of a cluster without what became of it', () => {
    expect(specOf(cluster)).toEqual({
      cluster_name: 'c',
      node_type_id: 's',
      driver_node_type_id: 's',
      custom_tags: { a: 'b' },
      single_user_name: 'ann',
    });
  });

  it('of a copy belong to whoever makes it', () => {
    expect(copyOf(cluster)).toMatchObject({ cluster_name: 'Copy of c' });
    expect(copyOf(cluster)).not.toHaveProperty('single_user_name');
  });

  it('that are empty are left out', () => {
    expect(withSetting({ a: 1, tags: { x: '1' } }, 'tags', {})).toEqual({ a: 1 });
    expect(withSetting({ a: 1 }, 'a', 0)).toEqual({ a: 0 });
  });

  it('have one type for all nodes', () => {
    expect(withNodeType({ node_type_id: 's', driver_node_type_id: 's' }, 'm')).toEqual({
      node_type_id: 'm',
      driver_node_type_id: 'm',
    });
    expect(withNodeType({}, 'm')).toEqual({ node_type_id: 'm' });
  });

  it('have another type for the driver where there are workers', () => {
    const spec = { node_type_id: 's', driver_node_type_id: 'l', num_workers: 2 };
    expect(withNodeType(spec, 'm')).toEqual({ ...spec, node_type_id: 'm' });
    expect(withNodeType({ ...spec, driver_node_type_id: 's' }, 'm')).toMatchObject({
      node_type_id: 'm',
      driver_node_type_id: 'm',
    });
    expect(withSize(spec, { kind: 'single' })).toEqual({
      node_type_id: 's',
      driver_node_type_id: 's',
      num_workers: 0,
    });
  });

  it('have one size, told by one field', () => {
    for (const size of [
      { kind: 'single' },
      { kind: 'fixed', workers: 3 },
      { kind: 'scaled', min: 1, max: 4 },
    ] as const) {
      const spec = withSize({ num_workers: 7, autoscale: { min_workers: 2 }, is_single_node: true }, size);
      expect(sizeOf(spec)).toEqual(size);
      expect(Object.keys(spec)).toHaveLength(1);
    }
  });

  it('of a cluster that scales are its bounds, not what it has now', () => {
    const autoscale = { min_workers: 1, max_workers: 4 };
    expect(specOf({ num_workers: 2, autoscale, is_single_node: false })).toEqual({ autoscale });
  });

  it('come from JSON that is an object', () => {
    expect(specFrom('{"a":1}')).toEqual({ value: { a: 1 } });
    expect(specFrom('[1]')).toHaveProperty('problem');
    expect(specFrom('{')).toHaveProperty('problem');
  });

  it('begin as a policy has them', () => {
    const definition = JSON.stringify({
      autotermination_minutes: { type: 'range', maxValue: 60, defaultValue: 30 },
      'spark_conf.spark.sql.shuffle.partitions': { type: 'fixed', value: 8 },
      'custom_tags.*': { type: 'allowlist', values: ['a'], defaultValue: 'a' },
      node_type_id: { type: 'unlimited' },
      cluster_type: { type: 'fixed', value: 'all-purpose' },
    });
    const begun = underPolicy(
      { node_type_id: 's', autotermination_minutes: 90, spark_conf: { own: '1' } },
      { policy_id: 'p', name: 'P', definition },
    );
    expect(begun).toEqual({
      policy_id: 'p',
      node_type_id: 's',
      autotermination_minutes: 30,
      spark_conf: { own: '1', 'spark.sql.shuffle.partitions': '8' },
    });
    expect(underPolicy({ policy_id: 'p', num_workers: 0 }, undefined)).toEqual({ num_workers: 0 });
  });
});
