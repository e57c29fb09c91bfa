import { ChangeSet } from '@codemirror/state';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { between } from './order.ts';
import { MemoryOutbox } from './outbox.ts';
import { NotebookSession } from './session.ts';
import { Authority } from './testing/authority.ts';
import { CHANNEL, Network } from './testing/network.ts';
import { textOf } from './text.ts';

const PIECES = ['a', 'Ω', '漢字', '🙂', '\n', 'int x = 1;', '\t', '', 'é\n🙂'];

/** mulberry32: the same storm for the same seed. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([1, 2, 3, 4])('five tabs with broken connections end with the same notebook (seed %i)', (seed) => {
  const dice = random(seed);
  const pick = (n: number): number => Math.floor(dice() * n);
  const server = new Authority([
    { id: 'a', src: 'first 🙂', pos: 'C' },
    { id: 'b', src: 'second', pos: 'M' },
    { id: 'c', src: '', pos: 'W' },
  ]);
  const tabs = Array.from({ length: 5 }, () => {
    const network = new Network(server);
    const session = new NotebookSession('1', network.socket, new MemoryOutbox());
    network.socket.open(CHANNEL, session);
    network.settle();
    return { network, session };
  });
  for (let step = 0; step < 4000; step++) {
    const { network, session } = tabs[pick(tabs.length)]!;
    const what = dice();
    if (what < 0.5) edit(session, dice, pick);
    else if (what < 0.56) session.pump();
    else if (what < 0.575) structure(session, dice, pick, step);
    else if (what < 0.58) network.wire.close();
    else if (what < 0.79) network.wire.moveUp();
    else network.wire.moveDown();
    if (network.wire.readyState !== 1 && dice() < 0.3) {
      network.socket.hurry();
      network.wire.accept();
    }
  }
  for (let round = 0; round < 8; round++) {
    for (const { network, session } of tabs) {
      session.pump();
      network.settle();
    }
    vi.advanceTimersByTime(200);
  }
  const truth = server.list().map(({ id, src, pos, meta }) => ({ id, src, pos, meta }));
  for (const { session } of tabs) {
    const mine = session.doc.order.map((id) => {
      const cell = session.doc.cell(id)!;
      return { id, src: cell.source, pos: cell.pos, meta: cell.meta };
    });
    expect(mine).toEqual(truth);
    expect(session.saveState).toBe('saved');
  }
  expect(server.log.length).toBeGreaterThan(300);
});

function edit(session: NotebookSession, dice: () => number, pick: (n: number) => number): void {
  const cell = session.doc.at(pick(session.doc.order.length));
  if (!cell) return;
  const length = cell.text.doc.length;
  const from = pick(length + 1);
  const to = dice() < 0.4 ? Math.min(length, from + pick(6)) : from;
  session.edit(cell, ChangeSet.of({ from, to, insert: textOf(PIECES[pick(PIECES.length)]!) }, length));
}

function structure(
  session: NotebookSession,
  dice: () => number,
  pick: (n: number) => number,
  step: number,
): void {
  const order = session.doc.order;
  const index = pick(order.length + 1);
  const pos = between(session.doc.at(index - 1)?.pos ?? null, session.doc.at(index)?.pos ?? null);
  const target = order[pick(order.length)];
  const what = dice();
  // Two tabs may put a cell at the same place: then the ids decide, and nothing fits in between.
  if (session.doc.at(index - 1)?.pos === session.doc.at(index)?.pos && order.length > 0) return;
  if (what < 0.5)
    session.apply({ kind: 'insert', cell: `${session.cid}-${step}`, type: 'code', lang: null, pos });
  else if (!target) return;
  else if (what < 0.75) session.apply({ kind: 'move', cell: target, pos });
  else session.apply({ kind: 'meta', cell: target, key: 'k', val: dice() < 0.3 ? null : step });
}
