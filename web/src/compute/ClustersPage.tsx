import { Pin, Plus } from 'lucide-react';
import { call } from '../api/client.ts';
import { useResource, useSlow } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate, useLocation } from '../app/router.ts';
import { BudgetNotices, usePrices, withPrice } from '../cost/parts.tsx';
import { Button } from '../design/Button.tsx';
import { when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { Choice } from './ClusterEvents.tsx';
import { ComputeTabs } from './ComputeTabs.tsx';
import { dataStateOf, loadClusters, pinCluster, workersOf } from './clusters.ts';
import { filtered, pinnedBy, SORTS, STATES, sorted, tagsOf } from './list.ts';
import { asked, ClusterState, ClusterSwitch, isAdmin } from './parts.tsx';
import './compute.css';

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
      <ComputeTabs />
      <BudgetNotices />
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

function List({ clusters }: { clusters: Cluster[] }) {
  const [query, setQuery] = useQuery();
  const filters = { q: query.get('q') ?? '', state: query.get('state') ?? '', pinned: query.has('pinned') };
  const prices = usePrices();
  const asks = query.get('sort') ?? '';
  const by = SORTS.find((sort) => sort === asks) ?? 'default';
  const descending = query.has('down');
  const rows = sorted(filtered(clusters, filters), by, descending);
  return (
    <>
      <div className="event-filters">
        <input
          type="search"
          className="input"
          aria-label="Search clusters"
          placeholder="Name, owner or tag"
          value={filters.q}
          onChange={(e) => setQuery({ q: e.target.value })}
        />
        <Choice
          label="State"
          value={filters.state}
          any="Any state"
          words={STATES}
          onChange={(state) => setQuery({ state })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={filters.pinned}
            onChange={(e) => setQuery({ pinned: e.target.checked ? '1' : '' })}
          />
          Pinned only
        </label>
      </div>
      {rows.length === 0 ? (
        <p className="empty">Nothing matches these filters.</p>
      ) : (
        <Table
          label="Clusters"
          columns={withPrice(COLUMNS, prices)}
          rows={rows}
          keyOf={(c) => c.cluster_id}
          sorting={{
            by,
            descending,
            onSort: (sort, down) => setQuery({ sort, down: down ? '1' : '' }),
          }}
        />
      )}
    </>
  );
}

/** What is chosen stands in the address, so that it can be sent and comes back. */
function useQuery(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const { path, query } = useLocation();
  const set = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return [query, set];
}

const TAGS_SHOWN = 2;

function Tags({ cluster }: { cluster: Cluster }) {
  const tags = tagsOf(cluster).map(([name, value]) => (value === '' ? name : `${name}: ${value}`));
  const more = tags.length - TAGS_SHOWN;
  return (
    <span className="cluster-tags" title={tags.join('\n')}>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <span key={tag} className="tag ellipsis">
          {tag}
        </span>
      ))}
      {more > 0 && <span className="tag">+{more}</span>}
    </span>
  );
}

/** A button for whoever may pin; for others a sign that it is pinned. */
function PinMark({ cluster }: { cluster: Cluster }) {
  const by = pinnedBy(cluster);
  const icon = <Pin size={14} aria-hidden="true" fill={by === '' ? 'none' : 'currentColor'} />;
  if (!isAdmin())
    return by === '' ? null : (
      <span title={`Pinned by ${by}`}>
        {icon}
        <span className="visually-hidden">Pinned by {by}</span>
      </span>
    );
  return (
    <Button
      small
      icon={icon}
      aria-label={`Pin ${cluster.cluster_name}`}
      aria-pressed={by !== ''}
      title={by === '' ? 'Keep it in the list however long it does not run' : `Pinned by ${by}`}
      onClick={() => asked(pinCluster(cluster.cluster_id, by === ''))}
    />
  );
}

const COLUMNS: Column<Cluster>[] = [
  { name: 'Pinned', quiet: true, cell: (c) => <PinMark cluster={c} /> },
  {
    name: 'Name',
    sort: 'name',
    cell: (c) => (
      <span className="cell-main">
        <Link href={`/compute/clusters/${encodeURIComponent(c.cluster_id)}`}>{c.cluster_name}</Link>
        <Tags cluster={c} />
      </span>
    ),
  },
  { name: 'State', sort: 'state', cell: (c) => <ClusterState cluster={c} /> },
  { name: 'Node type', cell: (c) => c.node_type_id ?? '' },
  {
    name: 'Workers',
    className: 'num',
    cell: workersOf,
  },
  { name: 'Runtime', cell: (c) => c.spark_version ?? '' },
  { name: 'Owner', sort: 'owner', cell: (c) => c.creator_user_name ?? '' },
  {
    name: 'Started',
    sort: 'started',
    className: 'num',
    cell: (c) => (c.start_time && dataStateOf(c.state) !== 'off' ? when(c.start_time) : ''),
  },
  { name: 'Actions', quiet: true, className: 'right', cell: (c) => <ClusterSwitch cluster={c} /> },
];
