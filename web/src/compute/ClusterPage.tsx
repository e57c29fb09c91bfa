import { ApiError } from '../api/client.ts';
import { useResource, useSlow } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { useLocation } from '../app/router.ts';
import { BudgetNotices } from '../cost/parts.tsx';
import { exactly, plural } from '../design/format.ts';
import { ClusterEvents } from './ClusterEvents.tsx';
import { ClusterLibraries } from './ClusterLibraries.tsx';
import { ClusterLogs } from './ClusterLogs.tsx';
import { ClusterMenu } from './ClusterMenu.tsx';
import { ClusterMetrics } from './ClusterMetrics.tsx';
import { loadCluster, workersOf } from './clusters.ts';
import { pinnedBy } from './list.ts';
import { ClusterState, ClusterSwitch } from './parts.tsx';

export function ClusterPage({ params }: { params: Record<string, string> }) {
  const id = params['id'] ?? '';
  const { path } = useLocation();
  const { state } = useResource(`cluster/${id}`, () => loadCluster(id), { pollMs: 3000 });
  useTitle(state.kind === 'ready' ? state.value.cluster_name : 'Cluster');
  const slow = useSlow(state.kind === 'loading');
  if (
    state.kind === 'failed' &&
    state.error instanceof ApiError &&
    state.error.status < 500 &&
    state.error.status >= 400
  )
    return <NotFound />;
  const base = `/compute/clusters/${encodeURIComponent(id)}`;
  const tab = /\/(events|libraries|metrics|logs)$/.exec(path)?.[1] ?? 'config';
  return (
    <main className="page" id="main" tabIndex={-1}>
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'ready' && (
        <>
          <p className="crumbs">
            <Link href="/compute/clusters">Compute</Link>
          </p>
          <div className="page-head">
            <h1>{state.value.cluster_name}</h1>
            <ClusterState cluster={state.value} />
            {pinnedBy(state.value) !== '' && <span className="tag">Pinned by {pinnedBy(state.value)}</span>}
            <div className="actions">
              <ClusterSwitch cluster={state.value} />
              <ClusterMenu cluster={state.value} />
            </div>
          </div>
          <BudgetNotices clusterId={id} />
          {state.value.state_message && <p className="muted">{state.value.state_message}</p>}
          <nav className="tabs" aria-label="Cluster">
            {TABS.map(([key, title]) => (
              <Link key={key} href={`${base}/${key}`} aria-current={tab === key ? 'page' : undefined}>
                {title}
              </Link>
            ))}
          </nav>
          {tab === 'config' && <Config cluster={state.value} />}
          {tab === 'libraries' && <ClusterLibraries cluster={state.value} />}
          {tab === 'events' && <ClusterEvents id={id} />}
          {tab === 'metrics' && <ClusterMetrics id={id} />}
          {tab === 'logs' && <ClusterLogs id={id} />}
        </>
      )}
    </main>
  );
}

const TABS: [key: string, title: string][] = [
  ['config', 'Configuration'],
  ['libraries', 'Libraries'],
  ['events', 'Events'],
  ['metrics', 'Metrics'],
  ['logs', 'Logs'],
];

const FIRST: [key: string, name: string][] = [
  ['cluster_id', 'Cluster ID'],
  ['creator_user_name', 'Owner'],
  ['node_type_id', 'Node type'],
  ['spark_version', 'Runtime'],
  ['autotermination_minutes', 'Stops when idle for'],
  ['start_time', 'Started'],
  ['cluster_memory_mb', 'Memory'],
  ['cluster_cores', 'Cores'],
];
/** What clients of the API read, and what says nothing of a cluster on this kind of node. */
const OF_THE_WIRE = [
  'aws_attributes',
  'num_workers',
  'autoscale',
  'driver',
  'executors',
  'spark_context_id',
  'spec',
  'pinned_by_user_name',
  'enable_elastic_disk',
  'enable_local_disk_encryption',
];
const HIDDEN = new Set([
  'cluster_name',
  'state',
  'state_message',
  ...OF_THE_WIRE,
  ...FIRST.map(([key]) => key),
]);

function Config({ cluster }: { cluster: Cluster }) {
  const rest = Object.entries(cluster).filter(
    ([key, value]) => !HIDDEN.has(key) && value !== null && !['', '{}', '[]'].includes(shown(key, value)),
  );
  return (
    <dl className="facts">
      <Fact name="Workers" value={workersOf(cluster)} />
      {FIRST.filter(([key]) => cluster[key] !== undefined && cluster[key] !== null).map(([key, name]) => (
        <Fact key={key} name={name} value={shown(key, cluster[key])} />
      ))}
      {rest.map(([key, value]) => (
        <Fact key={key} name={words(key)} value={shown(key, value)} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={value.startsWith('{') || value.startsWith('[') ? 'code' : 'num'}>{value}</dd>
    </div>
  );
}

function shown(key: string, value: unknown): string {
  if (key === 'autotermination_minutes')
    return Number(value) === 0 ? 'Never' : plural(Number(value), 'minute');
  if (key === 'cluster_memory_mb') return `${Number(value) / 1024} GiB`;
  if (typeof value === 'number' && /(_time|_since|_at)$/.test(key)) return value === 0 ? '' : exactly(value);
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

function words(key: string): string {
  const text = key.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
