// The authority of a notebook in memory: committed operations in order, runs by script.
import { ChangeSet, Text } from '@codemirror/state';
import { script } from './script.mjs';

const notebooks = new Map();
const textOf = (s) => Text.of(s.split('\n'));
let nextRun = 1000;

export class Notebook {
  constructor(id, name, cells) {
    Object.assign(this, {
      id,
      name,
      rev: 1,
      language: 'JAVA',
      log: [],
      seen: new Map(),
      runs: new Map(),
      outputs: new Map(),
      subscribers: new Set(),
      queue: [],
      busy: false,
      count: 0,
    });
    this.cells = new Map(
      cells.map((c, i) => [
        c.id ?? `c${i}`,
        {
          id: `c${i}`,
          type: 'code',
          lang: null,
          src: '',
          ver: 1,
          pos: `V${String(i).padStart(4, '0')}V`,
          meta: {},
          history: [],
          ...c,
        },
      ]),
    );
    this.compute = {
      cluster_id: '1123-084500-abcd',
      name: "admin's cluster",
      state: 'TERMINATED',
      data_state: 'off',
      message: '',
      since: Date.now(),
    };
    this.kernel = { state: 'none', since: Date.now() };
  }

  wire() {
    return [...this.cells.values()]
      .filter((c) => !c.deleted)
      .sort((a, b) => (a.pos < b.pos ? -1 : 1))
      .map(({ history, deleted, ...c }) => c);
  }

  snapshot() {
    const runs = [...this.runs.values()];
    return {
      rev: this.rev,
      name: this.name,
      path: `/Users/admin/${this.name}`,
      language: this.language,
      permission: 'CAN_MANAGE',
      cells: this.wire(),
      runs,
      outputs: Object.fromEntries(runs.map((r) => [r.run_id, this.outputs.get(r.run_id) ?? []])),
      compute: { ...this.compute, server_time: Date.now() },
      kernel: this.kernel,
    };
  }

  send(frame) {
    for (const s of this.subscribers) s({ ch: `nb:${this.id}`, ...frame });
  }

  commit(cid, seq, op) {
    const key = `${cid}:${seq}`;
    const known = this.seen.get(key);
    if (known) return known;
    let applied = op;
    if (op.kind === 'text') {
      const cell = this.cells.get(op.cell);
      if (!cell || cell.deleted)
        return {
          t: 'nack',
          cid,
          seq,
          error_code: 'RESOURCE_DOES_NOT_EXIST',
          message: 'The cell was deleted',
        };
      let changes = ChangeSet.fromJSON(op.changes);
      for (const h of cell.history) if (h.ver > op.ver) changes = changes.map(h.changes);
      cell.src = changes.apply(textOf(cell.src)).toString();
      cell.ver++;
      cell.history.push({ ver: cell.ver, changes });
      applied = { ...op, ver: cell.ver, changes: changes.toJSON() };
    } else this.structure(op);
    this.rev++;
    const event = { rev: this.rev, cid, seq, actor: 'admin', at: Date.now(), op: applied };
    this.log.push(event);
    const ack = { t: 'ack', cid, seq, rev: this.rev, ver: applied.ver };
    this.seen.set(key, ack);
    this.send({ t: 'op', ...event });
    return ack;
  }

  structure(op) {
    const cell = this.cells.get(op.cell);
    if (op.kind === 'insert')
      this.cells.set(op.cell, {
        id: op.cell,
        type: op.type,
        lang: op.lang ?? null,
        src: op.src ?? '',
        ver: 0,
        pos: op.pos,
        meta: op.meta ?? {},
        history: [],
      });
    else if (op.kind === 'language') this.language = op.lang;
    else if (op.kind === 'delete') cell.deleted = true;
    else if (op.kind === 'restore') cell.deleted = false;
    else if (op.kind === 'move') cell.pos = op.pos;
    else if (op.kind === 'type') Object.assign(cell, { type: op.type, lang: op.lang });
    else if (op.kind === 'meta') {
      if (op.val === null) delete cell.meta[op.key];
      else cell.meta[op.key] = op.val;
    }
  }

  enqueue(frame) {
    const order = this.wire();
    const at = order.findIndex((c) => c.id === frame.cell);
    const cells = frame.cells
      ? frame.cells.map((id) => this.cells.get(id))
      : frame.mode === 'all'
        ? order
        : frame.mode === 'above'
          ? order.slice(0, at)
          : order.slice(at);
    const runs = cells
      .filter((c) => c?.type === 'code')
      .map((c) => {
        for (const [id, r] of this.runs) if (r.cell === c.id) this.runs.delete(id);
        const run = {
          run_id: nextRun++,
          cell: c.id,
          state: this.compute.data_state === 'running' ? 'queued' : 'starting',
          rev: this.rev,
          ver: c.ver,
          queued_at: Date.now(),
          started_at: null,
          finished_at: null,
          by: 'admin',
          count: null,
          position: this.queue.length + 1,
          last_seq: 0,
        };
        this.runs.set(run.run_id, run);
        this.outputs.set(run.run_id, []);
        this.queue.push(run);
        return run;
      });
    setTimeout(() => this.next(), 5);
    return { t: 'run_ack', id: frame.id, runs };
  }

  async start() {
    if (this.compute.data_state !== 'off') return;
    this.setCompute('starting', 'PENDING');
    await pause(Number(process.env.START_MS ?? 2500));
    this.setCompute('running', 'RUNNING');
    this.setKernel('idle');
  }

  setCompute(data_state, state) {
    Object.assign(this.compute, { data_state, state, since: Date.now() });
    this.send({ t: 'compute', compute: { ...this.compute, server_time: Date.now() } });
  }

  setKernel(state) {
    this.kernel = { state, since: Date.now() };
    this.send({ t: 'kernel', kernel: this.kernel });
  }

  async next() {
    if (this.busy) return;
    const run = this.queue.shift();
    if (!run) return;
    this.busy = true;
    await this.start();
    this.setKernel('busy');
    Object.assign(run, { state: 'running', started_at: Date.now(), count: ++this.count, position: null });
    this.send({ t: 'run', run: { ...run } });
    let n = 1;
    const put = (item) => {
      const output = { n: ++n, at: Date.now(), ...item };
      run.last_seq = n;
      this.outputs.get(run.run_id)?.push(output);
      this.send({ t: 'outputs', run_id: run.run_id, items: [output] });
    };
    const progress = (p) => this.send({ t: 'progress', run_id: run.run_id, progress: p });
    run.canceled = false;
    const state = await script(this.cells.get(run.cell).src, put, progress, () => run.canceled);
    const { canceled, ...wire } = Object.assign(run, {
      state: canceled_(run) ? 'canceled' : state,
      finished_at: Date.now(),
    });
    this.send({ t: 'run', run: wire });
    this.setKernel('idle');
    this.busy = false;
    this.next();
  }

  cancel(runId) {
    for (const run of this.runs.values()) {
      if (runId !== undefined && run.run_id !== runId) continue;
      if (run.state === 'running') run.canceled = true;
      else if (run.state === 'queued' || run.state === 'starting') {
        this.queue = this.queue.filter((r) => r !== run);
        Object.assign(run, { state: 'canceled', finished_at: Date.now() });
        this.send({ t: 'run', run });
      }
    }
  }
}

const canceled_ = (run) => run.canceled;
export const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export function addNotebook(id, name, cells) {
  const notebook = new Notebook(id, name, cells);
  notebooks.set(String(id), notebook);
  return notebook;
}

export const findNotebook = (id) => notebooks.get(String(id));

export function connection(send) {
  const open = new Map();
  return {
    receive(frame) {
      const notebook = findNotebook(frame.ch?.slice(3));
      const answer = (body) => send({ ch: frame.ch, ...body });
      if (frame.t === 'ping') return answer({ t: 'pong' });
      if (!notebook) return answer({ t: 'gone', message: 'No such notebook' });
      switch (frame.t) {
        case 'sub': {
          if (!open.has(frame.ch)) {
            open.set(frame.ch, notebook);
            notebook.subscribers.add(send);
          }
          const ops = notebook.log.filter((e) => e.rev > frame.rev);
          if (frame.rev === 0) return answer({ t: 'snapshot', ...notebook.snapshot() });
          const s = notebook.snapshot();
          const outputs = Object.fromEntries(
            Object.entries(s.outputs).map(([id, items]) => [
              id,
              items.filter((o) => o.n > (frame.runs?.[id] ?? 0)),
            ]),
          );
          return answer({
            t: 'resume',
            rev: notebook.rev,
            ops,
            runs: s.runs,
            outputs,
            compute: s.compute,
            kernel: s.kernel,
          });
        }
        case 'unsub':
          open.delete(frame.ch);
          return notebook.subscribers.delete(send);
        case 'op':
          return answer(notebook.commit(frame.cid, frame.seq, frame.op));
        case 'run':
          return answer(notebook.enqueue(frame));
        case 'cancel':
          return notebook.cancel(frame.run_id);
        case 'start':
          return void notebook.start();
        case 'stop':
          notebook.setCompute('stopping', 'TERMINATING');
          return void setTimeout(() => notebook.setCompute('off', 'TERMINATED'), 800);
        case 'restart':
          notebook.cancel();
          notebook.setKernel('restarting');
          return void setTimeout(() => notebook.setKernel('idle'), 600);
        case 'clear': {
          const cells = frame.cells ?? [...notebook.cells.keys()];
          for (const [id, r] of notebook.runs) if (cells.includes(r.cell)) notebook.outputs.set(id, []);
          return notebook.send({ t: 'cleared', cells });
        }
        case 'fetch':
          return answer({
            t: 'outputs',
            run_id: frame.run_id,
            items: (notebook.outputs.get(frame.run_id) ?? []).filter((o) => o.n > frame.after),
          });
        case 'complete': {
          const word = /[\w$]*$/.exec(frame.code.slice(0, frame.cursor))[0];
          const matches = ['select', 'show', 'sql', 'schema', 'read', 'range', 'printSchema', 'println']
            .filter((m) => m.startsWith(word))
            .map((text) => ({ text, type: 'method' }));
          return answer({
            t: 'completed',
            id: frame.id,
            matches,
            from: frame.cursor - word.length,
            to: frame.cursor,
          });
        }
      }
    },
    close() {
      for (const notebook of open.values()) notebook.subscribers.delete(send);
    },
  };
}
