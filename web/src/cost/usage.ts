import { call, url } from '../api/client.ts';

export interface UsageLine {
  day?: number;
  cluster_id?: string;
  cluster_name?: string;
  user_id?: number;
  user_name?: string;
  tag_value?: string;
  node_type_id?: string;
  node_seconds: number;
  /** Absent where nothing had a price. */
  amount?: number;
  currency?: string;
}

export interface Usage {
  start_time: number;
  end_time: number;
  usage: UsageLine[];
  totals: UsageLine[];
  next_page_token?: string;
}

export const GROUPS = ['cluster', 'user', 'tag', 'node_type'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_WORDS: Record<Group, string> = {
  cluster: 'Cluster',
  user: 'Person',
  tag: 'Tag',
  node_type: 'Node type',
};

/** What of the usage is asked for: the days of UTC from the first to the last, both in. */
export interface Asked {
  from: string;
  to: string;
  by: Group;
  tag: string;
  own: boolean;
}

const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function askedOf(query: URLSearchParams, now: number): Asked {
  const today = dayOf(now);
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  return {
    from: valid(from) ? from : `${today.slice(0, 8)}01`,
    to: valid(to) ? to : today,
    by: GROUPS.find((group) => group === query.get('by')) ?? 'cluster',
    tag: query.get('tag') ?? '',
    own: query.has('own'),
  };
}

const valid = (date: string): boolean => DATE.test(date) && !Number.isNaN(Date.parse(date));

const start = (asked: Asked): number => Date.parse(asked.from);
const end = (asked: Asked): number => Date.parse(asked.to) + DAY;

function times(asked: Asked): Record<string, number | boolean> {
  return { start_time: start(asked), end_time: end(asked), ...(asked.own ? { own: true } : {}) };
}

const PATH = '/api/campanile/v1/usage';

export function loadDays(asked: Asked): Promise<Usage> {
  return call<Usage>(PATH, { query: { ...times(asked), group_by: 'day', page_size: 1000 } });
}

export function loadGroups(asked: Asked, token?: string): Promise<Usage> {
  return call<Usage>(PATH, {
    query: {
      ...times(asked),
      group_by: asked.by,
      ...(asked.by === 'tag' ? { tag: asked.tag } : {}),
      page_token: token,
    },
  });
}

export const csvHref = (asked: Asked): string => url(`${PATH}/export`, times(asked));

export interface Bar {
  day: string;
  line: UsageLine | null;
  /** Of the highest, from 0 to 1. */
  share: number;
}

/** A bar for every day, also for those without usage: by amount where there is any, else by time. */
export function barsOf(asked: Asked, lines: UsageLine[]): Bar[] {
  const priced = lines.some((line) => line.amount !== undefined);
  const height = (line: UsageLine): number => (priced ? (line.amount ?? 0) : line.node_seconds);
  const byDay = new Map<string, UsageLine>();
  for (const line of lines) {
    const day = dayOf(line.day ?? 0);
    const known = byDay.get(day);
    // Of two currencies the days show that of which there is more.
    if (!known || height(line) > height(known)) byDay.set(day, line);
  }
  const most = Math.max(0, ...[...byDay.values()].map(height));
  const bars: Bar[] = [];
  for (let at = start(asked); at < end(asked) && bars.length < 400; at += DAY) {
    const line = byDay.get(dayOf(at)) ?? null;
    bars.push({ day: dayOf(at), line, share: line === null || most === 0 ? 0 : height(line) / most });
  }
  return bars;
}

/** 40 min, 3.5 h, 1,200 h. */
export function nodeHours(seconds: number): string {
  const hours = seconds / 3600;
  if (hours < 1) return `${Math.round(seconds / 60)} min`;
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: hours < 100 ? 1 : 0 }).format(hours)} h`;
}
