import { describe, expect, it } from 'vitest';
import type { Output, RunWire } from '../../api/types.ts';
import { RunModel } from './run.ts';

const wire = { run_id: 1, cell: 'c', state: 'ok' } as unknown as RunWire;
const left = (n: number, bytes: number): Output => ({ n, kind: 'elided', from: n, to: n, bytes, lines: 0 });

describe('RunModel', () => {
  it('says once how much of its outputs was not sent', () => {
    const run = new RunModel(wire);
    run.load([left(1, 1000), left(2, 500), { n: 3, kind: 'stream', at: 0, name: 'stdout', text: 'x\n' }]);
    expect(run.blocks.map((block) => block.kind)).toEqual(['left-out', 'stream']);
    expect(run.blocks[0]).toMatchObject({ bytes: 1500 });
    expect(run.last).toBe(3);
  });

  it('folds printed lines that were not sent', () => {
    const run = new RunModel(wire);
    run.load([{ n: 9, kind: 'elided', from: 1, to: 9, bytes: 1000, lines: 40 }]);
    expect(run.blocks.map((block) => block.kind)).toEqual(['stream']);
  });
});
