import { call, url } from '../api/client.ts';

export interface AuditEvent {
  service: string;
  event_id: number;
  at: number;
  user_id: number;
  user_name: string;
  via?: string | null;
  action: string;
  resource: string;
  outcome: 'DONE' | 'DENIED';
  request_id: string;
  details: Record<string, unknown>;
}

export interface AuditPart {
  events: AuditEvent[];
  next_page_token?: string | null;
}

/** What the address says of the wanted rows: `from` and `to` as the fields of the page have them, in local time. */
export interface Filters {
  user: string;
  action: string;
  outcome: string;
  from: string;
  to: string;
}

export const NAMES: (keyof Filters)[] = ['user', 'action', 'outcome', 'from', 'to'];

export function filtersOf(query: URLSearchParams): Filters {
  const text = (name: keyof Filters): string => query.get(name) ?? '';
  return {
    user: text('user'),
    action: text('action'),
    outcome: text('outcome'),
    from: text('from'),
    to: text('to'),
  };
}

/** As the server is asked: nothing for what is not said, times in milliseconds, and only times that are some. */
export function asked(filters: Filters): Record<string, string | number | undefined> {
  const time = (text: string): number | undefined => {
    const at = text === '' ? Number.NaN : new Date(text).getTime();
    return Number.isFinite(at) ? at : undefined;
  };
  return {
    user: filters.user.trim() || undefined,
    action: filters.action.trim() || undefined,
    outcome: filters.outcome || undefined,
    from: time(filters.from),
    to: time(filters.to),
  };
}

const AUDIT = '/api/campanile/v1/audit';

export function loadAudit(filters: Filters, token?: string): Promise<AuditPart> {
  return call<AuditPart>(AUDIT, { query: { ...asked(filters), page_size: 100, page_token: token } });
}

export function exportHref(filters: Filters): string {
  return url(`${AUDIT}/export`, asked(filters));
}

/** One line of what was recorded beside the action. */
export function detailWords(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${wordOf(value)}`)
    .join(', ');
}

/** All of an event that its row has no room for, whole. */
export function factsOf(event: AuditEvent): [name: string, value: string][] {
  return [
    ...Object.entries(event.details).map(([name, value]): [string, string] => [name, wordOf(value)]),
    ['On', event.resource],
    ['User number', event.user_name === '' ? '' : String(event.user_id)],
    ['Through', event.via ?? ''],
    ['Service', event.service],
    ['Request', event.request_id],
  ].filter((fact): fact is [string, string] => fact[1] !== '');
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
