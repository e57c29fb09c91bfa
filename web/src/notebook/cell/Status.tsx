import { Check, CircleAlert, CircleDashed, Clock, PencilLine, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useChanges } from '../../api/observable.ts';
import { bytes, count } from '../../design/format.ts';
import { useNotebook } from '../context.ts';
import type { CellModel } from '../model/cell.ts';
import type { RunModel } from '../model/run.ts';
import { statusOf } from './status.ts';

const ICONS = {
  quiet: Square,
  wait: Clock,
  run: CircleDashed,
  ok: Check,
  err: CircleAlert,
  stale: PencilLine,
};

export function Status({ cell }: { cell: CellModel }) {
  const { controller } = useNotebook();
  const [, tick] = useState(0);
  const line = statusOf(cell, Date.now() + controller.session.skew, controller.session.kernel);
  const live = line?.live ?? false;
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => tick((n) => n + 1), 200);
    return () => clearInterval(timer);
  }, [live]);
  if (!line) return null;
  const Icon = ICONS[line.look];
  return (
    <div className={`status status-${line.look}`}>
      <Icon size={13} aria-hidden="true" />
      <span className="num">{line.text}</span>
      {cell.run && live && <SparkProgress run={cell.run} />}
    </div>
  );
}

/** Tasks done of all, and the stages at work; the numbers stand beside the bar. */
function SparkProgress({ run }: { run: RunModel }) {
  useChanges(run);
  const p = run.progress;
  if (!p?.tasks) return null;
  const done = p.completed ?? 0;
  const read = (p.stages ?? []).reduce((sum, s) => sum + (s.bytes ?? 0), 0);
  const stages = (p.stages ?? []).filter((s) => s.completed < s.tasks);
  return (
    <span className="spark">
      <progress className="spark-bar" max={p.tasks} value={done} aria-label="Spark tasks" />
      <span className="num">
        {count(done)}/{count(p.tasks)} tasks
        {stages.length > 0 && ` · stage ${stages.map((s) => s.id).join(', ')}`}
        {read > 0 && ` · ${bytes(read)}`}
      </span>
    </span>
  );
}
