import { call } from '../api/client.ts';
import type { ClusterEvent } from '../api/types.ts';
import { plural } from '../design/format.ts';

/** What events are called on the page; in the order of the list that they are chosen from. */
export const EVENT_WORDS: Record<string, string> = {
  CREATING: 'Created',
  STARTING: 'Starting',
  RUNNING: 'Running',
  RESTARTING: 'Restarting',
  RESIZING: 'Resizing',
  UPSIZE_COMPLETED: 'Resized',
  AUTOSCALING_STATS_REPORT: 'Scaled by its load',
  ADD_NODES_FAILED: 'Workers missing',
  TERMINATING: 'Ending',
  EDITED: 'Edited',
  PINNED: 'Pinned',
  UNPINNED: 'Unpinned',
  BUDGET_NOTICE: 'Told by a budget',
  DRIVER_NOT_RESPONDING: 'Driver does not respond',
  DRIVER_HEALTHY: 'Driver responds again',
  DRIVER_UNAVAILABLE: 'Driver lost',
  NODES_LOST: 'Nodes lost',
};

export const CAUSE_WORDS = {
  user: 'Somebody',
  idle: 'Idleness or a limit',
  failure: 'A failure',
  platform: 'The platform',
} as const;

export type Cause = keyof typeof CAUSE_WORDS;

interface Reason {
  code?: string;
  type?: string;
  parameters?: Record<string, string>;
}

const LIMITS = [
  'INACTIVITY',
  'SERVERLESS_LONG_RUNNING_TERMINATED',
  'BUDGET_POLICY_LIMIT_ENFORCEMENT_ACTIVATED',
];
const FAILURES = ['DRIVER_NOT_RESPONDING', 'DRIVER_UNAVAILABLE', 'NODES_LOST', 'ADD_NODES_FAILED'];

/** Who or what made it happen. */
export function causeOf(event: ClusterEvent): Cause {
  const details = event.details ?? {};
  const reason = details['reason'] as Reason | undefined;
  if (typeof details['user'] === 'string' || reason?.code === 'USER_REQUEST') return 'user';
  if (reason?.code && LIMITS.includes(reason.code)) return 'idle';
  const failed = reason?.type !== undefined && reason.type !== 'SUCCESS';
  if (failed || FAILURES.includes(event.type) || details['cause'] === 'AUTORECOVERY') return 'failure';
  return 'platform';
}

/** The person where there is one, else the kind of cause. */
export function whoOf(event: ClusterEvent): string {
  const user = event.details?.['user'];
  return typeof user === 'string' ? user : CAUSE_WORDS[causeOf(event)];
}

/** What a person reads of the details. */
export function wordsOf(event: ClusterEvent): string {
  const details = event.details ?? {};
  const reason = details['reason'] as Reason | undefined;
  if (reason) {
    const told = reason.parameters?.['databricks_error_message'];
    const minutes = reason.parameters?.['inactivity_duration_min'];
    if (minutes) return `Idle for ${minutes} minutes`;
    return told ?? (reason.code === 'USER_REQUEST' ? '' : (reason.code ?? ''));
  }
  if (event.type === 'EDITED') return changesOf(details);
  if (event.type === 'AUTOSCALING_STATS_REPORT')
    return `${details['pending_tasks']} tasks wait and ${details['running_tasks']} run; ${details['idle_executors']} workers are idle`;
  if (event.type === 'BUDGET_NOTICE') return `Budget ${details['message']}`;
  const said = details['driver_state_message'] ?? details['did_not_expand_reason'];
  return typeof said === 'string' ? said : workersOf(details);
}

function workersOf(details: Record<string, unknown>): string {
  const now = details['current_num_workers'];
  const wanted = details['target_num_workers'];
  if (typeof now !== 'number' || typeof wanted !== 'number' || (now === 0 && wanted === 0)) return '';
  return now === wanted ? plural(wanted, 'worker') : `${now} of ${plural(wanted, 'worker')}`;
}

function changesOf(details: Record<string, unknown>): string {
  const now = (details['attributes'] ?? {}) as Record<string, unknown>;
  const before = (details['previous_attributes'] ?? {}) as Record<string, unknown>;
  const changed = [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]),
  );
  return changed.length === 0 ? 'Nothing became different' : changed.sort().join(', ');
}

export interface EventPage {
  events: ClusterEvent[];
  total_count: number;
  next_page_token?: string;
}

const PAGE = 50;

/** The latest first; `token` goes on where a page ended, whatever happens meanwhile. */
export async function loadEvents(id: string, type: string, token = ''): Promise<EventPage> {
  const page = await call<Partial<EventPage>>('/api/2.1/clusters/events', {
    method: 'POST',
    body: {
      cluster_id: id,
      order: 'DESC',
      page_size: PAGE,
      page_token: token,
      ...(type === '' ? {} : { event_types: [type] }),
    },
  });
  return { total_count: 0, ...page, events: page.events ?? [] };
}

const keyOf = (event: ClusterEvent): string =>
  `${event.timestamp}/${event.type}/${JSON.stringify(event.details)}`;

/** The first page as it is now before what was shown; null where something between them was not seen. */
export function withLatest(latest: ClusterEvent[], shown: ClusterEvent[]): ClusterEvent[] | null {
  const first = shown[0];
  if (first === undefined) return latest;
  const at = latest.findIndex((event) => keyOf(event) === keyOf(first));
  return at < 0 ? null : [...latest.slice(0, at), ...shown];
}
