import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../api/types.ts';
import { causeOf, whoOf, withLatest, wordsOf } from './events.ts';

const event = (type: string, details: Record<string, unknown> = {}, timestamp = 1): ClusterEvent => ({
  cluster_id: 'c',
  timestamp,
  type,
  details,
});

describe('an event', () => {
  it('has a person, a limit, a failure or the platform as its cause', () => {
    expect(causeOf(event('STARTING', { cause: 'USER_REQUEST', user: 'ann' }))).toBe('user');
    expect(causeOf(event('TERMINATING', { reason: { code: 'INACTIVITY', type: 'SUCCESS' } }))).toBe('idle');
    expect(
      causeOf(event('TERMINATING', { reason: { code: 'DRIVER_UNREACHABLE', type: 'SERVICE_FAULT' } })),
    ).toBe('failure');
    expect(causeOf(event('RESTARTING', { cause: 'AUTORECOVERY' }))).toBe('failure');
    expect(causeOf(event('RUNNING'))).toBe('platform');
    expect(
      causeOf(event('TERMINATING', { reason: { code: 'CLOUD_PROVIDER_SHUTDOWN', type: 'SUCCESS' } })),
    ).toBe('platform');
  });

  it('is told in words', () => {
    const idle = { code: 'INACTIVITY', parameters: { inactivity_duration_min: '20' } };
    expect(wordsOf(event('TERMINATING', { reason: idle }))).toBe('Idle for 20 minutes');
    expect(
      wordsOf(
        event('TERMINATING', { reason: { code: 'X', parameters: { databricks_error_message: 'No room' } } }),
      ),
    ).toBe('No room');
    expect(wordsOf(event('DRIVER_UNAVAILABLE', { driver_state_message: 'killed' }))).toBe('killed');
    expect(
      wordsOf(
        event('EDITED', {
          attributes: { cluster_name: 'a', custom_tags: { x: '1' }, num_workers: 0 },
          previous_attributes: { cluster_name: 'b', custom_tags: {}, num_workers: 0 },
        }),
      ),
    ).toBe('cluster_name, custom_tags');
    expect(wordsOf(event('RESIZING', { current_num_workers: 1, target_num_workers: 3 }))).toBe(
      '1 of 3 workers',
    );
    expect(wordsOf(event('RUNNING', { current_num_workers: 0, target_num_workers: 0 }))).toBe('');
    expect(
      wordsOf(event('ADD_NODES_FAILED', { current_num_workers: 1, did_not_expand_reason: 'No memory' })),
    ).toBe('No memory');
    expect(
      wordsOf(event('AUTOSCALING_STATS_REPORT', { pending_tasks: 9, running_tasks: 4, idle_executors: 0 })),
    ).toBe('9 tasks wait and 4 run; 0 workers are idle');
    expect(whoOf(event('PINNED', { user: 'ann' }))).toBe('ann');
    expect(whoOf(event('RUNNING'))).toBe('The platform');
  });
});

describe('events that are shown', () => {
  it('get those that happened since before them, once', () => {
    const shown = [event('B', {}, 2), event('A', {}, 1)];
    expect(withLatest([event('C', {}, 3), ...shown], shown)?.map((e) => e.type)).toEqual(['C', 'B', 'A']);
    expect(withLatest(shown, shown)).toEqual(shown);
    expect(withLatest([event('Z', {}, 9)], shown)).toBeNull();
    expect(withLatest(shown, [])).toEqual(shown);
  });
});
