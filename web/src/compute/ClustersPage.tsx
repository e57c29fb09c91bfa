import { Plus } from 'lucide-react';
import { call } from '../api/client.ts';
import { useResource, useSlow } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { dataStateOf, loadClusters, workersOf } from './clusters.ts';
import { asked, ClusterState, ClusterSwitch } from './parts.tsx';

export function ClustersPage() {
  useTitle('Compute');
  const { state } = useResource('clusters', loadClusters, { pollMs: 3000 });
  const slow = useSlow(state.kind === 'loading');
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Compute</h1>
        <div className="actions">
          <Button
            look="outline"
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => navigate('/compute/clusters/new')}
          >
            New cluster
          </Button>
        </div>
      </div>
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'ready' && (state.value.length === 0 ? <None /> : <List clusters={state.value} />)}
    </main>
  );
}

function None() {
  const start = (): void => {
    asked(call('/api/campanile/v1/clusters/default', { method: 'POST', body: { start: true } }));
  };
  return (
    <div className="empty">
      <h2>No clusters yet</h2>
      <p>Running a cell makes your own cluster and starts it. It can also be started here.</p>
      <Button look="primary" onClick={start}>
        Start my cluster
      </Button>
    </div>
  );
}

const ORDER = { running: 0, resizing: 0, starting: 1, stopping: 2, error: 3, off: 4 };

function List({ clusters }: { clusters: Cluster[] }) {
  const sorted = [...clusters].sort(
    (a, b) =>
      ORDER[dataStateOf(a.state)] - ORDER[dataStateOf(b.state)] ||
      a.cluster_name.localeCompare(b.cluster_name),
  );
  return <Table label="Clusters" columns={COLUMNS} rows={sorted} keyOf={(c) => c.cluster_id} />;
}

const COLUMNS: Column<Cluster>[] = [
  {
    name: 'Name',
    cell: (c) => (
      <span className="cell-main">
        <Link href={`/compute/clusters/${encodeURIComponent(c.cluster_id)}`}>{c.cluster_name}</Link>
      </span>
    ),
  },
  { name: 'State', cell: (c) => <ClusterState cluster={c} /> },
  { name: 'Node type', cell: (c) => c.node_type_id ?? '' },
  {
    name: 'Workers',
    className: 'num',
    cell: workersOf,
  },
  { name: 'Runtime', cell: (c) => c.spark_version ?? '' },
  { name: 'Owner', cell: (c) => c.creator_user_name ?? '' },
  {
    name: 'Started',
    className: 'num',
    cell: (c) => (c.start_time && dataStateOf(c.state) !== 'off' ? when(c.start_time) : ''),
  },
  { name: 'Actions', quiet: true, className: 'right', cell: (c) => <ClusterSwitch cluster={c} /> },
];
