import { useState } from 'react';
import { useResource, useSlow } from '../api/resource.ts';
import { exactly } from '../design/format.ts';
import { Table } from '../design/Table.tsx';
import {
  inOrder,
  lineOf,
  loadMetrics,
  MEASURES,
  type Measure,
  type Metrics,
  type NodeMetrics,
  type Point,
  type Range,
  summary,
  thinned,
  valuesOf,
} from './metrics.ts';

const LOOK_MS = 10_000;
const BOX = { width: 240, height: 48 };
const ROWS = 24;

/** What each node of a cluster takes, as lines and as tables. */
export function ClusterMetrics({ id }: { id: string }) {
  const [range, setRange] = useState<Range>('hour');
  const { state } = useResource(`cluster-metrics/${id}/${range}`, () => loadMetrics(id, range), {
    pollMs: LOOK_MS,
  });
  const slow = useSlow(state.kind === 'loading');
  return (
    <>
      <div className="event-filters">
        <select
          className="select"
          aria-label="Time"
          value={range}
          onChange={(e) => setRange(e.target.value === 'day' ? 'day' : 'hour')}
        >
          <option value="hour">Last hour</option>
          <option value="day">Last day</option>
        </select>
      </div>
      {state.kind === 'failed' && (
        <p className="notice notice-err" role="alert">
          {state.message}
        </p>
      )}
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'ready' && state.value.nodes.length === 0 && (
        <p className="empty">
          Nothing was measured in this time. Nodes are measured every 10 seconds while the cluster runs.
        </p>
      )}
      {state.kind === 'ready' &&
        inOrder(state.value.nodes).map((node) => (
          <Node key={node.node_id} metrics={state.value} node={node} />
        ))}
    </>
  );
}

function Node({ metrics, node }: { metrics: Metrics; node: NodeMetrics }) {
  const name = node.role === 'WORKER' ? `Worker ${node.executor_id ?? ''}` : 'Driver';
  const title = `${name}${node.live ? '' : ', ended'}`;
  const values = valuesOf(metrics, node);
  return (
    <section className="metrics" aria-label={`${title} ${node.node_id}`}>
      <h2>
        {title} <span className="muted">{node.node_id}</span>
      </h2>
      <div className="metrics-lines">
        {MEASURES.map((measure) => (
          <Line
            key={measure.key}
            measure={measure}
            points={measure.points(values)}
            bound={measure.most?.(node, values)}
            metrics={metrics}
          />
        ))}
      </div>
    </section>
  );
}

interface LineProps {
  measure: Measure;
  points: Point[];
  bound: number | undefined;
  metrics: Metrics;
}

/** The text says what the line shows: now, the least and the most. */
function Line({ measure, points, bound, metrics }: LineProps) {
  const sum = summary(points);
  if (sum === null) return null;
  const { text, name } = measure;
  const top = Math.max(sum.most, bound ?? 0);
  return (
    <figure className="metric">
      <figcaption>
        <span className="muted">{name}</span>
        <strong className="num">
          {text(sum.now)}
          {bound !== undefined && !measure.share && <span className="muted"> of {text(bound)}</span>}
        </strong>
      </figcaption>
      <svg
        className="metric-line"
        viewBox={`0 -2 ${BOX.width} ${BOX.height + 4}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={lineOf(points, metrics, top, BOX)} vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="muted num">
        {text(sum.least)} to {text(sum.most)}
      </p>
      <details>
        <summary>
          Table<span className="visually-hidden"> of {name}</span>
        </summary>
        <Table
          label={name}
          columns={[
            { name: 'Time', className: 'num muted', cell: (point: Point) => exactly(point.at) },
            { name: 'Value', className: 'num', cell: (point: Point) => text(point.value) },
          ]}
          rows={thinned(points, ROWS).reverse()}
          keyOf={(point) => point.at}
          still
        />
      </details>
    </figure>
  );
}
