import { describe, expect, it } from 'vitest';
import { type AuditEvent, asked, detailWords, exportHref, factsOf, filtersOf } from './audit.ts';

describe('the filters of the audit log', () => {
  it('come from the address and leave out what is not said', () => {
    const filters = filtersOf(new URLSearchParams('user=ada%20&outcome=DENIED'));
    expect(asked(filters)).toEqual({
      user: 'ada',
      action: undefined,
      outcome: 'DENIED',
      from: undefined,
      to: undefined,
    });
    expect(exportHref(filters)).toBe('/api/campanile/v1/audit/export?user=ada&outcome=DENIED');
  });

  it('send times in milliseconds, and none for nonsense', () => {
    const filters = filtersOf(new URLSearchParams('from=2026-05-01T10:00&to=tomorrow'));
    expect(asked(filters)['from']).toBe(new Date(2026, 4, 1, 10, 0).getTime());
    expect(asked(filters)['to']).toBeUndefined();
  });

  it('show details in one line', () => {
    expect(detailWords({ name: 'ada', active: false })).toBe('name: ada, active: false');
  });

  it('tell everything of an event, long values whole', () => {
    const long = 'x'.repeat(5000);
    const event: AuditEvent = {
      service: 'workspace',
      event_id: 4,
      at: 0,
      user_id: 7,
      user_name: 'ada',
      via: null,
      action: 'volumes.create',
      resource: 'volume/main.default.data',
      outcome: 'DONE',
      request_id: 'r-1',
      details: { note: long, grants: ['READ_VOLUME'] },
    };

    expect(factsOf(event)).toEqual([
      ['note', long],
      ['grants', '["READ_VOLUME"]'],
      ['On', 'volume/main.default.data'],
      ['User number', '7'],
      ['Service', 'workspace'],
      ['Request', 'r-1'],
    ]);
  });
});
