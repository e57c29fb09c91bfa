import type { Kernel, RunWire } from '../../api/types.ts';
import { duration, elapsed, timeOfDay } from '../../design/format.ts';
import type { CellModel } from '../model/cell.ts';

export interface StatusLine {
  text: string;
  /** Ticks while somebody waits. */
  live: boolean;
  look: 'quiet' | 'wait' | 'run' | 'ok' | 'err' | 'stale';
}

/** What the line under a cell says, with the server's clock for what it measured. */
export function statusOf(cell: CellModel, serverNow: number, kernel: Kernel): StatusLine | null {
  const run = cell.run?.wire;
  if (cell.asked && !cell.run?.live) return { text: 'Sending…', live: false, look: 'wait' };
  if (!run || cell.type === 'markdown') return null;
  const took = run.started_at && run.finished_at ? duration(run.finished_at - run.started_at) : '';
  const by = [run.finished_at ? timeOfDay(run.finished_at) : '', run.by ?? ''].filter(Boolean).join(' by ');
  const tail = (word: string): string => [word, took, by].filter(Boolean).join(' · ');
  switch (run.state) {
    case 'queued':
      return { text: run.position ? `Queued #${run.position}` : 'Queued', live: false, look: 'wait' };
    case 'starting': {
      const since = run.queued_at ? ` · ${elapsed(serverNow - run.queued_at)}` : '';
      return { text: `${run.message ?? startingOf(run, kernel)}${since}`, live: true, look: 'wait' };
    }
    case 'running': {
      const since = run.started_at ? ` · ${elapsed(serverNow - run.started_at)}` : '';
      return { text: `Running${since}`, live: true, look: 'run' };
    }
    case 'ok':
      return cell.edited
        ? { text: tail('Edited since it ran'), live: false, look: 'stale' }
        : { text: tail('Done'), live: false, look: 'ok' };
    case 'error':
      return cell.edited
        ? { text: tail('Failed, edited since'), live: false, look: 'stale' }
        : {
            text: tail(run.message && !cell.run?.blocks.length ? run.message : 'Failed'),
            live: false,
            look: 'err',
          };
    case 'canceled':
      return { text: tail(run.message ?? 'Stopped'), live: false, look: 'quiet' };
    case 'lost':
      return { text: run.message ?? 'The compute went away while this ran', live: false, look: 'err' };
  }
}

/** A kernel that is there has the run within milliseconds: nothing starts then. */
function startingOf(run: RunWire, kernel: Kernel): string {
  if (run.waits_for !== 'kernel') return 'Starting compute';
  return kernel.state === 'idle' || kernel.state === 'busy' ? 'Starting' : 'Starting the kernel';
}
