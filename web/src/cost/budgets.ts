import { call } from '../api/client.ts';

export type Action = 'NOTIFY' | 'REFUSE' | 'STOP';
export type Scope = 'WORKSPACE' | 'USER' | 'TAG';

export interface Threshold {
  percent: number;
  action: Action;
}

export interface Budget {
  budget_id: string;
  name: string;
  scope: Scope;
  user_name?: string;
  tag_key?: string;
  tag_value?: string;
  period: 'DAY' | 'MONTH';
  amount: number;
  currency: string;
  thresholds: Threshold[];
  grace_minutes: number;
  spent: number;
  reached?: Action;
  period_ends_at: number;
}

export interface Notice {
  cluster_id: string;
  cluster_name: string;
  budget_id: string;
  budget_name: string;
  action: Action;
  told_at: number;
  /** When the cluster is ended. */
  due_at?: number;
}

const PATH = '/api/campanile/v1/budgets';

export const loadBudgets = (): Promise<Budget[]> =>
  call<{ budgets: Budget[] }>(PATH).then((answer) => answer.budgets);

export const loadNotices = (): Promise<Notice[]> =>
  call<{ notices: Notice[] }>(`${PATH}/notices`).then((answer) => answer.notices);

export function saveBudget(id: string | null, body: Record<string, unknown>): Promise<unknown> {
  return id === null
    ? call(PATH, { method: 'POST', body })
    : call(`${PATH}/${encodeURIComponent(id)}`, { method: 'PATCH', body });
}

export const deleteBudget = (id: string): Promise<unknown> =>
  call(`${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const ACTION_WORDS: Record<Action, string> = {
  NOTIFY: 'Tell',
  REFUSE: 'Refuse starts',
  STOP: 'Stop clusters',
};

export const REACHED_WORDS: Record<Action, string> = {
  NOTIFY: 'Nearly used up',
  REFUSE: 'Refuses starts',
  STOP: 'Stops clusters',
};

export function scopeWords(budget: Budget): string {
  if (budget.scope === 'USER') return budget.user_name ?? '';
  if (budget.scope === 'TAG') return `Tag ${budget.tag_key}: ${budget.tag_value}`;
  return 'Workspace';
}

export function thresholdWords(budget: Budget): string {
  return [...budget.thresholds]
    .sort((a, b) => a.percent - b.percent)
    .map(({ percent, action }) => `${ACTION_WORDS[action].toLowerCase()} at ${percent}%`)
    .join(', ');
}

/** What a form says, as the API takes it. What is for other scopes is left out; an empty percentage is no threshold. */
export function bodyOf(form: FormData): Record<string, unknown> {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const scope = text('scope');
  const thresholds = (['NOTIFY', 'REFUSE', 'STOP'] as Action[])
    .filter((action) => text(action) !== '')
    .map((action) => ({ percent: Number(text(action)), action }));
  return {
    name: text('name'),
    scope,
    ...(scope === 'USER' ? { user_name: text('user_name') } : {}),
    ...(scope === 'TAG' ? { tag_key: text('tag_key'), tag_value: text('tag_value') } : {}),
    period: text('period'),
    amount: Number(text('amount')),
    thresholds,
    grace_minutes: Number(text('grace_minutes') || '15'),
  };
}

/** The gravest of what is told of a cluster: one line, however many budgets say the same. */
export function gravest(notices: Notice[]): Notice[] {
  const rank: Record<Action, number> = { STOP: 0, REFUSE: 1, NOTIFY: 2 };
  const byCluster = new Map<string, Notice>();
  for (const notice of notices) {
    const known = byCluster.get(notice.cluster_id);
    if (!known || rank[notice.action] < rank[known.action]) byCluster.set(notice.cluster_id, notice);
  }
  return [...byCluster.values()].sort((a, b) => rank[a.action] - rank[b.action]);
}

export function noticeWords(notice: Notice, time: (at: number) => string): string {
  const budget = `budget “${notice.budget_name}”`;
  switch (notice.action) {
    case 'STOP':
      return `${notice.cluster_name} will be stopped at ${time(notice.due_at ?? 0)}: ${budget} is used up. An administrator can raise it.`;
    case 'REFUSE':
      return `${notice.cluster_name} cannot grow or be restarted: ${budget} is used up. What runs goes on.`;
    default:
      return `${notice.cluster_name}: ${budget} is nearly used up.`;
  }
}
