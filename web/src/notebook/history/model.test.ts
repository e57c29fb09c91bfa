import { describe, expect, it } from 'vitest';
import { ApiError, type call } from '../../api/client.ts';
import { HistoryModel } from './model.ts';
import type { Entry, Version } from './wire.ts';
import { changeWords, dayName, moment, summary } from './words.ts';

const NOON = new Date(2026, 2, 10, 12).getTime();
const HOUR = 3_600_000;

function entry(first: number, last: number, more: Partial<Entry> = {}): Entry {
  return {
    first_revision: first,
    revision: last,
    actor: 'a',
    since: NOON,
    at: NOON,
    added: 0,
    removed: 0,
    edited: 0,
    moved: 0,
    settings: 0,
    replaced: false,
    language: false,
    ...more,
  };
}

function version(id: number, revision: number, name: string): Version {
  return {
    version_id: id,
    name,
    description: '',
    revision,
    revision_at: NOON,
    created_by: 'a',
    created_at: NOON,
  };
}

type Sent = { path: string; request: Parameters<typeof call>[1] };

/** A server of pages of two entries over a log that the test writes. */
class Server {
  entries: Entry[] = [];
  versions: Version[] = [];
  sent: Sent[] = [];
  refusals: ApiError[] = [];

  readonly call = async (path: string, request: Parameters<typeof call>[1] = {}): Promise<never> => {
    this.sent.push({ path, request });
    const refused = this.refusals.shift();
    if (refused) throw refused;
    if (path.endsWith('/versions')) return { versions: this.versions } as never;
    if (path.endsWith('/restore')) return { restored: 1, before: 8, revision: 9 } as never;
    const before = Number(request.query?.['page_token'] ?? Number.POSITIVE_INFINITY);
    const found = this.entries.filter((e) => e.revision < before).slice(0, 2);
    const last = found.at(-1);
    const more = last && this.entries.some((e) => e.revision < last.first_revision);
    return { entries: found, ...(more ? { next_page_token: String(last.first_revision) } : {}) } as never;
  };
}

async function loaded(server: Server): Promise<HistoryModel> {
  const model = new HistoryModel('1', server.call as typeof call, () => Promise.resolve());
  await model.load(1);
  return model;
}

const keys = (model: HistoryModel): string[] => model.rows.map((row) => row.key);

describe('the list', () => {
  it('puts a name above what led to it, and leaves it out until its page is there', async () => {
    const server = new Server();
    server.entries = [entry(9, 12), entry(7, 8), entry(3, 6), entry(1, 2)];
    server.versions = [version(1, 12, 'newest'), version(2, 10, 'within'), version(3, 2, 'old')];

    const model = await loaded(server);
    expect(keys(model)).toEqual(['v1', 'e9', 'v2', 'e7']);
    await model.more();

    expect(keys(model)).toEqual(['v1', 'e9', 'v2', 'e7', 'e3', 'v3', 'e1']);
    expect(model.next).toBeNull();
  });

  it('takes in what is new and keeps older pages', async () => {
    const server = new Server();
    server.entries = [entry(5, 6), entry(3, 4), entry(1, 2)];
    const model = await loaded(server);
    await model.more();

    server.entries = [entry(5, 7), entry(3, 4), entry(1, 2)];
    await model.load(7);
    expect(keys(model)).toEqual(['e5', 'e3', 'e1']);
    expect(model.rows[0]!.revision).toBe(7);

    server.entries = [entry(10, 11), entry(8, 9), entry(5, 7), entry(3, 4), entry(1, 2)];
    await model.load(11);
    expect(keys(model)).toEqual(['e10', 'e8', 'e5', 'e3', 'e1']);
  });

  it('begins anew when so much happened that pages are missing between', async () => {
    const server = new Server();
    server.entries = [entry(3, 4), entry(1, 2)];
    const model = await loaded(server);

    server.entries = [entry(9, 10), entry(7, 8), entry(5, 6), entry(3, 4), entry(1, 2)];
    await model.load(10);

    expect(keys(model)).toEqual(['e9', 'e7']);
    expect(model.next).toBe('7');
  });

  it('knows the newest revision, also of a notebook that nobody has changed', async () => {
    const server = new Server();
    const model = await loaded(server);
    expect(model.newest(0)).toBe(0);

    server.entries = [entry(1, 9)];
    await model.load(7);

    expect(model.newest(7)).toBe(9);
    expect(model.newest(12)).toBe(12);
  });

  it('is gathered by day', async () => {
    const server = new Server();
    server.entries = [entry(3, 4), entry(1, 2, { at: NOON - 24 * HOUR })];

    const days = (await loaded(server)).days(NOON + HOUR);

    expect(days.map((day) => [day.name, day.rows.length])).toEqual([
      ['Today', 1],
      ['Yesterday', 1],
    ]);
  });

  it('says when it cannot be had, and keeps what it has', async () => {
    const server = new Server();
    server.refusals = [new ApiError(503, 'X', 'away')];
    const model = await loaded(server);
    expect(model.phase).toEqual({ kind: 'failed', message: 'away' });

    server.entries = [entry(1, 2)];
    await model.load(2);
    server.refusals = [new ApiError(503, 'X', 'away')];
    await model.load(3);

    expect(model.phase.kind).toBe('ready');
    expect(keys(model)).toEqual(['e1']);
  });
});

describe('a row', () => {
  it('is compared with what was before it: a name with the name before', async () => {
    const server = new Server();
    server.entries = [entry(5, 9), entry(1, 4)];
    server.versions = [version(1, 8, 'b'), version(2, 3, 'a')];
    const model = await loaded(server);

    expect(model.before(model.row('e5')!)).toBe(4);
    expect(model.before(model.row('v1')!)).toBe(3);
    expect(model.before(model.row('v2')!)).toBe(0);
  });

  it('is restored under one number, however often it must be sent', async () => {
    const server = new Server();
    const model = await loaded(server);
    server.sent = [];
    server.refusals = [new ApiError(0, 'UNREACHABLE', ''), new ApiError(503, 'X', '')];

    const done = await model.restore(4);

    expect(done.before).toBe(8);
    expect(server.sent).toHaveLength(3);
    expect(new Set(server.sent.map((s) => JSON.stringify(s.request?.body))).size).toBe(1);
  });

  it('is not restored again when it was refused', async () => {
    const server = new Server();
    const model = await loaded(server);
    server.sent = [];
    server.refusals = [new ApiError(403, 'PERMISSION_DENIED', 'no')];

    await expect(model.restore(4)).rejects.toThrow('no');
    expect(server.sent).toHaveLength(1);
  });
});

describe('words', () => {
  it('say what came of an entry', () => {
    expect(summary(entry(1, 2, { added: 2, edited: 1 }))).toBe('Added 2 cells, edited 1');
    expect(summary(entry(1, 2, { removed: 1 }))).toBe('Removed 1 cell');
    expect(summary(entry(5, 9, { replaced: true, moved: 1 }))).toBe('Replaced all cells, moved 1 cell');
    expect(summary(entry(1, 2, { replaced: true, edited: 1 }))).toBe('Created the notebook, edited 1 cell');
    expect(summary(entry(1, 2, { settings: 1, language: true }))).toBe(
      'Changed the language, changed settings of 1 cell',
    );
    expect(summary(entry(1, 2))).toBe('No change that shows');
    const restored = entry(4, 5, { edited: 1, restored: { revision: 3, at: NOON } });
    expect(summary(restored, [], NOON)).toBe('Restored the version of 12:00');
    expect(summary(restored, [version(1, 3, 'Good')], NOON)).toBe('Restored “Good”');
  });

  it('say when', () => {
    expect(dayName(NOON, NOON)).toBe('Today');
    expect(moment(NOON - 24 * HOUR, NOON)).toBe('yesterday, 12:00');
    expect(dayName(NOON - 400 * 24 * HOUR, NOON)).toMatch(/2025$/);
  });

  it('say what happened to a cell', () => {
    const side = { type: 'code' as const, lang: null, src: '', place: 1 };
    expect(changeWords({ cell: 'a', change: 'added', after: side })).toBe('Added');
    expect(
      changeWords({
        cell: 'a',
        change: 'changed',
        moved: true,
        fields: ['source'],
        before: side,
        after: { ...side, place: 3 },
      }),
    ).toBe('Changed, moved from 1 to 3');
  });
});
