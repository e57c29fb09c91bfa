import { describe, expect, it } from 'vitest';
import type { Kernel, RunWire } from '../../api/types.ts';
import { CellModel } from '../model/cell.ts';
import { RunModel } from '../model/run.ts';
import { statusOf } from './status.ts';

describe('the line under a cell that starts', () => {
  const line = (run: Partial<RunWire>, kernel: Kernel['state']): string | undefined => {
    const cell = new CellModel({ id: 'c', type: 'code', lang: 'JAVA', pos: 'a', src: '', ver: 0, meta: {} });
    cell.run = new RunModel({ run_id: 1, cell: 'c', state: 'starting', ...run });
    return statusOf(cell, 0, { state: kernel })?.text;
  };

  it('names what it waits for: compute, or the kernel where compute is there', () => {
    expect(line({ waits_for: 'compute' }, 'none')).toBe('Starting compute');
    expect(line({ waits_for: 'kernel' }, 'none')).toBe('Starting the kernel');
    expect(line({ waits_for: 'kernel' }, 'starting')).toBe('Starting the kernel');
    expect(line({ waits_for: 'kernel' }, 'dead')).toBe('Starting the kernel');
  });

  it('says of a kernel that is there nothing that is not so', () => {
    expect(line({ waits_for: 'kernel' }, 'idle')).toBe('Starting');
    expect(line({ waits_for: 'kernel' }, 'busy')).toBe('Starting');
  });

  it('lets the server speak first', () => {
    expect(line({ waits_for: 'compute', message: 'Waiting for a node' }, 'none')).toBe('Waiting for a node');
  });
});
