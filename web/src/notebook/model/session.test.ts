import { ChangeSet } from '@codemirror/state';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunWire } from '../../api/types.ts';
import { MemoryOutbox } from './outbox.ts';
import { NotebookSession } from './session.ts';
import { Authority } from './testing/authority.ts';
import { CHANNEL, Network } from './testing/network.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function tab(server: Authority, outbox = new MemoryOutbox()) {
  const network = new Network(server);
  const session = new NotebookSession('1', network.socket, outbox);
  network.socket.open(CHANNEL, session);
  return { network, session, outbox };
}

function type(session: NotebookSession, id: string, at: number, text: string, remove = 0): void {
  const cell = session.doc.cell(id)!;
  const changes = ChangeSet.of({ from: at, to: at + remove, insert: text }, cell.text.doc.length);
  session.edit(cell, changes);
}

describe('NotebookSession', () => {
  it('saves what is typed and says so', () => {
    const server = new Authority([{ id: 'a', src: 'int x;', pos: 'V' }]);
    const { session, network, outbox } = tab(server);
    network.settle();
    type(session, 'a', 6, ' // typed');
    expect(session.saveState).toBe('saving');
    vi.advanceTimersByTime(200);
    expect(outbox.records.size).toBe(1);
    network.settle();
    vi.advanceTimersByTime(200);
    expect(session.saveState).toBe('saved');
    expect(server.list()[0]?.src).toBe('int x; // typed');
    expect(outbox.records.size).toBe(0);
  });

  it('sends again after a broken connection, once', () => {
    const server = new Authority([{ id: 'a', src: '', pos: 'V' }]);
    const { session, network } = tab(server);
    network.settle();
    type(session, 'a', 0, 'one');
    session.pump();
    // The server commits, the acknowledgement never arrives.
    network.wire.moveUp();
    network.wire.close();
    expect(session.saveState).toBe('unsaved');
    type(session, 'a', 3, ' two');
    network.settle();
    vi.advanceTimersByTime(200);
    network.settle();
    expect(server.list()[0]?.src).toBe('one two');
    expect(session.doc.cell('a')?.source).toBe('one two');
    expect(session.saveState).toBe('saved');
  });

  it('brings back the text of a tab that died', async () => {
    const server = new Authority([{ id: 'a', src: 'start', pos: 'V' }]);
    const outbox = new MemoryOutbox();
    const dead = tab(server, outbox);
    dead.network.settle();
    type(dead.session, 'a', 5, ' sent');
    dead.session.pump();
    dead.network.wire.moveUp();
    dead.network.wire.close();
    type(dead.session, 'a', 10, ' typed');
    dead.session.pending.persist();
    // Somebody else goes on meanwhile.
    const cell = server.cells.get('a')!;
    server.commit('other', 1, {
      kind: 'text',
      cell: 'a',
      ver: cell.wire.ver,
      changes: ChangeSet.of({ from: 0, insert: 'NEW ' }, cell.text.length).toJSON(),
    });
    const next = tab(server, outbox);
    for (let i = 0; i < 10; i++) {
      next.network.settle();
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(server.list()[0]?.src).toBe('NEW start sent typed');
    expect(next.session.doc.cell('a')?.source).toBe('NEW start sent typed');
    expect(outbox.records.has(dead.session.pending.record().key)).toBe(false);
  });

  it('keeps text whose cell was deleted meanwhile as a new cell', async () => {
    const server = new Authority([
      { id: 'a', src: 'keep', pos: 'V' },
      { id: 'b', src: 'other', pos: 'W' },
    ]);
    const { session, network } = tab(server);
    network.settle();
    type(session, 'a', 4, ' me');
    server.commit('other', 1, { kind: 'delete', cell: 'a' });
    session.pump();
    for (let i = 0; i < 5; i++) {
      network.settle();
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(server.list().map((c) => c.src)).toContain('keep me');
    expect(session.doc.order.map((id) => session.doc.cell(id)?.source).sort()).toEqual(['keep me', 'other']);
    expect(session.saveState).toBe('saved');
  });

  it('runs a cell only after its edits are on their way, in the order asked', () => {
    const server = new Authority([{ id: 'a', src: '', pos: 'V' }]);
    const { session, network } = tab(server);
    network.settle();
    type(session, 'a', 0, '1');
    session.pump();
    type(session, 'a', 1, ' + 1');
    session.requests.run({ cells: ['a'] });
    const kinds = (): unknown[] => network.wire.up.map((f) => f['t']);
    expect(kinds()).toEqual(['op']);
    expect(session.doc.cell('a')?.state).toBe('queued');
    network.wire.moveUp();
    while (network.wire.moveDown());
    expect(kinds()).toEqual(['op', 'run']);
  });

  it('says when something begins to run and when nothing does any more', () => {
    const server = new Authority([{ id: 'a', src: '1', pos: 'V' }]);
    const { session, network } = tab(server);
    network.settle();
    const seen: boolean[] = [];
    session.doc.activity.subscribe(() => seen.push(session.doc.busy));
    const wire = { run_id: 7, cell: 'a', rev: 1, ver: 0, language: 'JAVA', by: 'a', last_seq: 0, batch: 'b' };
    for (const state of ['queued', 'running', 'ok'] as const)
      session.doc.applyRun({ ...wire, state, queued_at: 1 } as RunWire);
    expect(seen).toEqual([true, false]);
  });

  it('types into a new cell before the server knows it', () => {
    const server = new Authority([{ id: 'a', src: '', pos: 'V' }]);
    const { session, network } = tab(server);
    network.settle();
    session.apply({ kind: 'insert', cell: 'n', type: 'code', lang: null, pos: 'W' });
    type(session, 'n', 0, 'new');
    vi.advanceTimersByTime(200);
    expect(network.wire.up.map((f) => f['t'])).toEqual(['op']);
    network.settle();
    expect(server.list().map((c) => c.src)).toEqual(['', 'new']);
  });

  it('asks for outputs that are missing in between', () => {
    const server = new Authority([{ id: 'a', src: '', pos: 'V' }]);
    const { session, network } = tab(server);
    network.settle();
    const say = (frame: object): void =>
      network.wire.onmessage?.({ data: JSON.stringify({ ch: CHANNEL, ...frame }) });
    const stream = (n: number, text: string) => ({ n, kind: 'stream', name: 'stdout', text });
    say({ t: 'run', run: { run_id: 7, cell: 'a', state: 'running' } });
    say({ t: 'outputs', run_id: 7, items: [stream(2, 'a')] });
    say({ t: 'outputs', run_id: 7, items: [stream(4, 'c')] });
    expect(network.wire.up.at(-1)).toMatchObject({ t: 'fetch', run_id: 7, after: 2 });
    say({ t: 'outputs', run_id: 7, items: [stream(3, 'b'), stream(4, 'c')], more: false });
    say({ t: 'outputs', run_id: 7, items: [stream(4, 'c'), stream(5, 'd')] });
    const block = session.doc.runs.get('7')?.blocks[0];
    expect(block?.kind === 'stream' && block.fold.tail.join('\n')).toBe('abcd');
  });
});
