// Prices, usage and budgets, in memory.
const DAY = 86_400_000;
const currency = 'EUR';
const today = Math.floor(Date.now() / DAY) * DAY;
const month = Date.parse(`${new Date().toISOString().slice(0, 7)}-01`);
const prices = { 'local.small': 0.05, 'local.medium': 0.1, 'local.large': 0.2 };

let budgets = [
  budget('Everything', { scope: 'WORKSPACE', amount: 250, spent: 96.4 }),
  budget('Red team', {
    scope: 'TAG',
    tag_key: 'team',
    tag_value: 'red',
    amount: 40,
    spent: 34.12,
    reached: 'NOTIFY',
  }),
  budget('admin, by day', {
    scope: 'USER',
    user_name: 'admin@example.com',
    period: 'DAY',
    amount: 2,
    spent: 2.14,
    reached: 'STOP',
    thresholds: [
      { percent: 80, action: 'NOTIFY' },
      { percent: 100, action: 'STOP' },
    ],
  }),
];

function budget(name, given) {
  return {
    budget_id: `b-${name.length}`,
    name,
    period: 'MONTH',
    currency,
    thresholds: [
      { percent: 80, action: 'NOTIFY' },
      { percent: 100, action: 'REFUSE' },
    ],
    grace_minutes: 15,
    spent: 0,
    period_ends_at: today + DAY,
    ...given,
  };
}

const notices = [
  {
    cluster_id: '1123-084500-abcd',
    cluster_name: "admin's cluster",
    budget_id: 'b-13',
    budget_name: 'admin, by day',
    action: 'STOP',
    told_at: Date.now(),
    due_at: Date.now() + 12 * 60_000,
  },
];

const line = (rest, hours, amount) => ({ ...rest, node_seconds: hours * 3600, amount, currency });

function lines(by) {
  if (by === 'day') {
    const days = Math.round((today - month) / DAY) + 1;
    return Array.from({ length: days }, (_, i) =>
      line({ day: month + i * DAY }, 8 + 5 * Math.sin(i) + i / 4, 2 + Math.sin(i * 1.7) + i / 9),
    );
  }
  if (by === 'cluster')
    return [
      line({ cluster_id: '1123-090000-efgh', cluster_name: 'Nightly' }, 310, 61.2),
      line({ cluster_id: '1123-084500-abcd', cluster_name: "admin's cluster" }, 120.5, 6.03),
      { cluster_id: 'x', cluster_name: 'Of a type without a price', node_seconds: 900 },
    ];
  if (by === 'user') return [line({ user_id: 2, user_name: 'grace' }, 310, 61.2)];
  if (by === 'tag') return [line({ tag_value: 'data' }, 430, 67.2), line({ tag_value: '' }, 1, 0.05)];
  return [line({ node_type_id: 'local.medium' }, 310, 61.2)];
}

export const costRoutes = [
  ['GET', '/api/campanile/v1/usage/prices', () => ({ currency, prices })],
  [
    'GET',
    '/api/campanile/v1/usage',
    ({ url }) => {
      const usage = lines(url.searchParams.get('group_by'));
      const sum = (field) => usage.reduce((all, one) => all + (one[field] ?? 0), 0);
      return { usage, totals: [{ node_seconds: sum('node_seconds'), amount: sum('amount'), currency }] };
    },
  ],
  ['GET', '/api/campanile/v1/budgets/notices', () => ({ notices, currency })],
  ['GET', '/api/campanile/v1/budgets', () => ({ budgets })],
  [
    'POST',
    '/api/campanile/v1/budgets',
    ({ body }) => {
      budgets.push(budget(body.name, body));
      return budgets.at(-1);
    },
  ],
  [
    'PATCH',
    /^\/api\/campanile\/v1\/budgets\/(.+)$/,
    ({ body, found }) => {
      budgets = budgets.map((one) => (one.budget_id === found[1] ? { ...one, ...body } : one));
      return {};
    },
  ],
  [
    'DELETE',
    /^\/api\/campanile\/v1\/budgets\/(.+)$/,
    ({ found }) => {
      budgets = budgets.filter((one) => one.budget_id !== found[1]);
      return {};
    },
  ],
];
