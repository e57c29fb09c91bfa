import { describe, expect, it } from 'vitest';
import {
  type Budget,
  bodyOf,
  gravest,
  type Notice,
  noticeWords,
  scopeWords,
  thresholdWords,
} from './budgets.ts';
import { money, perHour, priceOf } from './price.ts';
import { askedOf, barsOf, csvHref, dayOf, nodeHours } from './usage.ts';

const LIST = { currency: 'EUR', prices: { small: 0.05, large: 0.2 } };

describe('the price of a cluster', () => {
  it('is that of its driver and its workers', () => {
    expect(priceOf({ node_type_id: 'small', num_workers: 0 }, LIST)).toEqual({ min: 0.05, max: 0.05 });
    const sized = { node_type_id: 'small', driver_node_type_id: 'large', num_workers: 2 };
    expect(perHour(priceOf(sized, LIST) ?? { min: 0, max: 0 }, 'EUR')).toBe('EUR 0.30');
  });

  it('is a range where it scales', () => {
    const range = priceOf({ node_type_id: 'large', autoscale: { min_workers: 1, max_workers: 4 } }, LIST);
    expect(perHour(range ?? { min: 0, max: 0 }, 'EUR')).toBe('EUR 0.40 to EUR 1.00');
  });

  it('is not said where there is none', () => {
    expect(priceOf({ node_type_id: 'other', num_workers: 3 }, LIST)).toBeNull();
    expect(priceOf({ node_type_id: 'small' }, { currency: 'EUR', prices: {} })).toBeNull();
  });
});

describe('amounts', () => {
  it('have cents, and more digits where cents say nothing', () => {
    expect(money(1234.5, 'EUR')).toBe('EUR 1,234.50');
    expect(money(0, 'USD')).toBe('USD 0.00');
    expect(money(0.00123, 'USD')).toBe('USD 0.0012');
  });

  it('of time are hours', () => {
    expect(nodeHours(90)).toBe('2 min');
    expect(nodeHours(12_600)).toBe('3.5 h');
    expect(nodeHours(4_320_000)).toBe('1,200 h');
  });
});

describe('what is asked of usage', () => {
  const now = Date.parse('2026-11-27T23:30:00Z');

  it('is this month of UTC unless the address says something else', () => {
    expect(askedOf(new URLSearchParams(), now)).toEqual({
      from: '2026-11-01',
      to: '2026-11-27',
      by: 'cluster',
      tag: '',
      own: false,
    });
    expect(askedOf(new URLSearchParams('from=2026-10-01&to=x&by=tag&tag=team&own=1'), now)).toMatchObject({
      from: '2026-10-01',
      to: '2026-11-27',
      by: 'tag',
      own: true,
    });
  });

  it('has a bar for each day', () => {
    const asked = askedOf(new URLSearchParams('from=2026-11-01&to=2026-11-03'), now);
    const bars = barsOf(asked, [
      { day: Date.parse('2026-11-01'), node_seconds: 9, amount: 2, currency: 'EUR' },
      { day: Date.parse('2026-11-03'), node_seconds: 1, amount: 4, currency: 'EUR' },
    ]);
    expect(bars.map((bar) => [bar.day, bar.share])).toEqual([
      ['2026-11-01', 0.5],
      ['2026-11-02', 0],
      ['2026-11-03', 1],
    ]);
    expect(csvHref(asked)).toBe(
      `/api/campanile/v1/usage/export?start_time=${Date.parse('2026-11-01')}&end_time=${Date.parse('2026-11-04')}`,
    );
    expect(dayOf(Date.parse('2026-11-03T23:59:59Z'))).toBe('2026-11-03');
  });

  it('has bars by time where nothing has a price', () => {
    const asked = askedOf(new URLSearchParams('from=2026-11-01&to=2026-11-01'), now);
    expect(barsOf(asked, [{ day: Date.parse('2026-11-01'), node_seconds: 60 }])[0]?.share).toBe(1);
    expect(barsOf(asked, [])[0]?.share).toBe(0);
  });
});

describe('budgets', () => {
  const budget: Budget = {
    budget_id: 'b',
    name: 'team',
    scope: 'TAG',
    tag_key: 'team',
    tag_value: 'red',
    period: 'MONTH',
    amount: 10,
    currency: 'EUR',
    thresholds: [
      { percent: 100, action: 'STOP' },
      { percent: 80, action: 'NOTIFY' },
    ],
    grace_minutes: 15,
    spent: 4,
    period_ends_at: 0,
  };
  const notice = (cluster_id: string, action: Notice['action'], due_at?: number): Notice => ({
    cluster_id,
    cluster_name: cluster_id,
    budget_id: 'b',
    budget_name: 'team',
    action,
    told_at: 0,
    ...(due_at === undefined ? {} : { due_at }),
  });

  it('say what they are of and what they do', () => {
    expect(scopeWords(budget)).toBe('Tag team: red');
    expect(thresholdWords(budget)).toBe('tell at 80%, stop clusters at 100%');
  });

  it('are sent with what their scope needs, and without empty thresholds', () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      name: ' a ',
      scope: 'USER',
      user_name: 'bob',
      tag_key: 'left over',
      period: 'DAY',
      amount: '2.5',
      NOTIFY: '',
      REFUSE: '90',
      STOP: '100',
      grace_minutes: '5',
    }))
      form.set(name, value);
    expect(bodyOf(form)).toEqual({
      name: 'a',
      scope: 'USER',
      user_name: 'bob',
      period: 'DAY',
      amount: 2.5,
      thresholds: [
        { percent: 90, action: 'REFUSE' },
        { percent: 100, action: 'STOP' },
      ],
      grace_minutes: 5,
    });
  });

  it('tell of each cluster the gravest', () => {
    const told = gravest([notice('a', 'NOTIFY'), notice('b', 'REFUSE'), notice('a', 'STOP', 7)]);
    expect(told.map((n) => [n.cluster_id, n.action])).toEqual([
      ['a', 'STOP'],
      ['b', 'REFUSE'],
    ]);
    expect(noticeWords(notice('a', 'STOP', 7), (at) => `time ${at}`)).toBe(
      'a will be stopped at time 7: budget “team” is used up. An administrator can raise it.',
    );
  });
});
