import { ChangeSet } from '@codemirror/state';
import type { Op } from '../../api/types.ts';
import type { CellModel } from './cell.ts';
import type { OutboxRecord } from './outbox.ts';
import { rebase, textOf } from './text.ts';

export type Verdict = { kind: 'ack'; rev: number } | { kind: 'nack'; message: string; recovered: boolean };

/** What bringing back an outbox needs of the session. */
export interface RecoveryPort {
  sendAs(cid: string, seq: number, rev: number, op: Op): Promise<Verdict>;
  reached(rev: number): Promise<void>;
  cell(id: string): CellModel | undefined;
  edit(cell: CellModel, changes: ChangeSet): void;
  insertRecovered(source: string, near: string): void;
}

/**
 * Sends again what a dead tab (or this one, after a snapshot) had in flight under its old numbers, which the server
 * knows or not, then carries over what was typed and never sent. Nothing typed is dropped: without its cell it
 * becomes a new one.
 */
export async function recover(record: OutboxRecord, port: RecoveryPort): Promise<void> {
  const lost = new Set<string>();
  for (const { seq, op, text } of sentOps(record)) {
    const verdict = await port.sendAs(record.cid, seq, record.rev, op);
    if (verdict.kind === 'ack') await port.reached(verdict.rev);
    else if (text !== null && !verdict.recovered) lost.add(text);
  }
  for (const [id, text] of Object.entries(record.texts)) {
    const base = textOf(text.base);
    const sent = text.inflight ? ChangeSet.fromJSON(text.inflight.changes).apply(base) : base;
    const buffer = text.buffer ? ChangeSet.fromJSON(text.buffer) : null;
    const wanted = buffer ? buffer.apply(sent) : sent;
    const cell = port.cell(id);
    if (lost.has(id) || (buffer && (!cell || cell.deleted))) port.insertRecovered(wanted.toString(), id);
    else if (buffer && cell) port.edit(cell, rebase(sent, cell.text.doc, buffer));
  }
}

function sentOps(record: OutboxRecord): { seq: number; op: Op; text: string | null }[] {
  const all: { seq: number; op: Op; text: string | null }[] = record.ops.map(({ seq, op }) => ({
    seq,
    op,
    text: null,
  }));
  for (const [cell, text] of Object.entries(record.texts)) {
    if (!text.inflight) continue;
    const op: Op = { kind: 'text', cell, ver: text.ver, changes: text.inflight.changes };
    all.push({ seq: text.inflight.seq, op, text: cell });
  }
  return all.sort((a, b) => a.seq - b.seq);
}
