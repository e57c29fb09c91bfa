import { describe, expect, it } from 'vitest';
import {
  appended,
  begun,
  blocksOf,
  canPrecede,
  chosen,
  find,
  foundIn,
  keyOf,
  type LogInfo,
  type LogPage,
  MOST,
  MOST_FOUND,
  onNode,
  plain,
  preceded,
  type Shown,
  startsOf,
} from './logs.ts';

const log = (node_id: string, stream: string, more: Partial<LogInfo> = {}): LogInfo => ({
  node_id,
  stream,
  role: 'DRIVER',
  epoch: 1,
  first_offset: 0,
  next_offset: 10,
  size: 10,
  first_at: 5,
  last_at: 9,
  live: false,
  ...more,
});
const worker = { role: 'WORKER', executor_id: 3 };
const LOGS = [
  log('old', 'stderr'),
  log('w', 'stderr', { ...worker, epoch: 2, live: true }),
  log('d', 'kernel-1', { epoch: 2, first_at: 3, live: true }),
  log('d', 'stderr', { epoch: 2, live: true }),
  log('d', 'log4j', { epoch: 2, live: true }),
];
const page = (text: string, offset: number, end = true): LogPage => ({
  text,
  offset,
  next: offset + text.length,
  end,
});
const text = (shown: Shown): string => shown.blocks.map((block) => block.text).join('');

describe('the logs of a cluster', () => {
  it('are grouped by start and node, the latest start and its driver first', () => {
    const [latest, earlier] = startsOf(LOGS);

    expect(latest?.nodes.map(({ name }) => name)).toEqual(['Driver', 'Worker 3']);
    expect(latest?.nodes[0]?.logs.map(({ stream }) => stream)).toEqual(['log4j', 'stderr', 'kernel-1']);
    expect(latest).toMatchObject({ epoch: 2, firstAt: 3, live: true });
    expect(earlier).toMatchObject({ epoch: 1, live: false });
  });

  it('open with that of the latest driver, and stay with what was chosen', () => {
    expect(chosen(LOGS, '')?.stream).toBe('log4j');
    expect(chosen(LOGS, keyOf(LOGS[0]!))?.node_id).toBe('old');
    expect(chosen(LOGS, 'gone')?.node_id).toBe('d');
    expect(chosen([], '')).toBeUndefined();
    expect(onNode(LOGS, 'w', 'stderr')?.node_id).toBe('w');
    expect(onNode(LOGS, 'old', 'log4j')?.stream).toBe('stderr');
  });

  it('are text: what would move a cursor or colour a terminal is left out', () => {
    expect(plain('\u001b[1;31mred\u001b[0m\u001b]0;title\u0007 \u001b(B<b>\r\n\u0000\t.')).toBe(
      'red (B<b>\n\ufffd\t.'.replace('(B', '\ufffd(B'),
    );
  });

  it('are cut into blocks at the ends of lines', () => {
    const lines = `${'x'.repeat(99)}\n`.repeat(1000);
    const blocks = blocksOf(lines, 7);

    expect(blocks.map((block) => block.text).join('')).toBe(lines);
    expect(blocks.every((block) => block.text.endsWith('\n'))).toBe(true);
    expect(blocks.length).toBeLessThan(10);
    expect(blocks.map(({ key }) => key)).toEqual(blocks.map((_, index) => index + 7));
  });

  it('grow at the end, and an answer that comes twice adds nothing', () => {
    let shown = begun(page('one\n', 100));
    shown = appended(shown, page('two\n', 104));
    shown = appended(shown, page('two\n', 104));

    expect(text(shown)).toBe('one\ntwo\n');
    expect(shown).toMatchObject({ first: 100, next: 108, size: 8 });
    expect(shown.blocks).toHaveLength(1);
  });

  it('grow at the beginning while there is more', () => {
    const shown = begun(page('two\n', 4));
    const whole = preceded(shown, page('one\n', 0));

    expect(canPrecede(shown, log('d', 'stderr'))).toBe(true);
    expect(text(whole)).toBe('one\ntwo\n');
    expect(canPrecede(whole, log('d', 'stderr'))).toBe(false);
    expect(preceded(whole, page('one\n', 0))).toBe(whole);
    expect(new Set(whole.blocks.map(({ key }) => key)).size).toBe(whole.blocks.length);
  });

  it('let the oldest go beyond the most', () => {
    const piece = `${'y'.repeat(1023)}\n`.repeat(1024);
    let shown = begun(page(piece, 0));
    for (let i = 1; i <= 12; i++) shown = appended(shown, page(piece, i * piece.length));

    expect(shown.size).toBeLessThanOrEqual(MOST);
    expect(text(shown)).toHaveLength(shown.size);
    expect(shown.next).toBe(13 * piece.length);
    expect(canPrecede(shown, log('d', 'stderr'))).toBe(false);
  });

  it('are searched as words, not as a pattern', () => {
    const shown = begun(page('A.b a+b\nA.B\n', 0));

    expect(foundIn('A.b a+b', 'a.b')).toEqual([0]);
    expect(find(shown.blocks, 'a.b')).toEqual([
      { block: 0, nth: 0 },
      { block: 0, nth: 1 },
    ]);
    expect(find(shown.blocks, '')).toEqual([]);
    expect(find(blocksOf('x'.repeat(5000), 0), 'x')).toHaveLength(MOST_FOUND);
  });
});
