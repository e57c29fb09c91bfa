import { uuid } from '../../api/ids.ts';
import type { ServerFrame } from '../../api/types.ts';
import type { NotebookSession } from './session.ts';

export interface Completion {
  matches: { text: string; type?: string }[];
  from: number;
  to: number;
}

export type RunTarget = { cells: string[] } | { mode: 'all' | 'above' | 'below'; cell?: string };

interface RunRequest {
  id: string;
  target: RunTarget;
  cells: string[];
  sent: boolean;
}

const COMPLETE_MS = 5000;

/** Things asked of the server that have one answer: runs (kept until answered), completions, control. */
export class Requests {
  readonly #session: NotebookSession;
  #runs: RunRequest[] = [];
  #completions = new Map<string, (answer: Completion | null) => void>();

  constructor(session: NotebookSession) {
    this.#session = session;
  }

  /** Accepted at once, sent when the server has been given every edit of these cells. */
  run(target: RunTarget): void {
    const cells = this.#targets(target);
    if (cells.length === 0) return;
    this.#runs.push({ id: uuid(), target, cells, sent: false });
    for (const id of cells) {
      const cell = this.#session.doc.cell(id);
      if (!cell) continue;
      cell.asked = true;
      cell.changed();
    }
    this.#session.pump();
  }

  #targets(target: RunTarget): string[] {
    const { doc } = this.#session;
    if ('cells' in target) return target.cells.filter((id) => doc.cell(id)?.type === 'code');
    const at = target.cell ? doc.order.indexOf(target.cell) : -1;
    const span =
      target.mode === 'all'
        ? doc.order
        : target.mode === 'above'
          ? doc.order.slice(0, Math.max(at, 0))
          : doc.order.slice(Math.max(at, 0));
    return span.filter((id) => doc.cell(id)?.type === 'code');
  }

  pump(): void {
    if (!this.#session.connected) return;
    for (const request of this.#runs) {
      if (request.sent) continue;
      const ready = request.cells.every((id) => {
        const cell = this.#session.doc.cell(id);
        return !cell || (cell.announced && !cell.text.hasBuffer);
      });
      // Runs keep their order: one that waits holds back those after it.
      if (!ready) return;
      request.sent = this.#session.send({ t: 'run', id: request.id, ...request.target });
    }
  }

  cancel(runId?: string | number): void {
    this.#session.send(runId === undefined ? { t: 'cancel' } : { t: 'cancel', run_id: runId });
  }

  restart(): void {
    this.#session.send({ t: 'restart' });
  }

  clear(cells?: string[]): void {
    this.#session.send(cells ? { t: 'clear', cells } : { t: 'clear' });
  }

  attach(clusterId: string): void {
    this.#session.send({ t: 'attach', cluster_id: clusterId });
  }

  start(): void {
    this.#session.send({ t: 'start' });
  }

  stop(): void {
    this.#session.send({ t: 'stop' });
  }

  complete(cell: string, code: string, cursor: number): Promise<Completion | null> {
    const id = uuid();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#completed(id, null), COMPLETE_MS);
      this.#completions.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      if (!this.#session.send({ t: 'complete', id, cell, code, cursor })) this.#completed(id, null);
    });
  }

  #completed(id: string, answer: Completion | null): void {
    this.#completions.get(id)?.(answer);
    this.#completions.delete(id);
  }

  lostConnection(): void {
    for (const request of this.#runs) request.sent = false;
    for (const id of [...this.#completions.keys()]) this.#completed(id, null);
  }

  onFrame(frame: ServerFrame): void {
    const { doc } = this.#session;
    switch (frame.t) {
      case 'run':
        doc.applyRun(frame.run);
        return;
      case 'run_ack':
        this.#answered(frame.id);
        for (const run of frame.runs) doc.applyRun(run);
        return;
      case 'run_nack':
        this.#answered(frame.id);
        this.#session.onNotice(frame.message);
        return;
      case 'progress': {
        const run = doc.runs.get(String(frame.run_id));
        if (run?.live) {
          run.progress = frame.progress;
          run.changed();
        }
        return;
      }
      case 'cleared':
        for (const id of frame.cells ?? doc.cells.keys()) {
          const cell = doc.cell(id);
          cell?.run?.clear();
          cell?.changed();
        }
        return;
      case 'completed':
        return this.#completed(frame.id, frame);
      case 'error':
        // A question to a kernel that is busy or not there is no news; anything else is.
        if (frame.id === undefined || !this.#completions.has(frame.id)) this.#session.onNotice(frame.message);
        else this.#completed(frame.id, null);
        return;
      default:
        return;
    }
  }

  #answered(id: string): void {
    const request = this.#runs.find((r) => r.id === id);
    this.#runs = this.#runs.filter((r) => r !== request);
    for (const cellId of request?.cells ?? []) {
      const cell = this.#session.doc.cell(cellId);
      if (!cell) continue;
      cell.asked = this.#runs.some((r) => r.cells.includes(cellId));
      cell.changed();
    }
  }
}
