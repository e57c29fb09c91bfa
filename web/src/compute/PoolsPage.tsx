import { EllipsisVertical, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { useTitle } from '../app/pages.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { count, plural } from '../design/format.ts';
import { Menu } from '../design/Menu.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { ComputeTabs } from './ComputeTabs.tsx';
import { PoolDialog } from './PoolDialog.tsx';
import { deletePool, type InstancePool, loadPools, pendingOf, troubleOf } from './pools.ts';
import './compute.css';

/** The instance pools that one may use, with what their nodes do now. */
export function PoolsPage() {
  useTitle('Pools');
  const { state } = useResource('pools', loadPools, { pollMs: 3000 });
  const [making, setMaking] = useState(false);
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Pools</h1>
        <div className="actions">
          <Button look="outline" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setMaking(true)}>
            New pool
          </Button>
        </div>
      </div>
      <ComputeTabs />
      <Answered state={state}>
        {(pools) =>
          pools.length === 0 ? (
            <None onMake={() => setMaking(true)} />
          ) : (
            <Table label="Pools" columns={COLUMNS} rows={pools} keyOf={(p) => p.instance_pool_id} stacks />
          )
        }
      </Answered>
      {making && <PoolDialog pool={null} onClose={() => setMaking(false)} />}
    </main>
  );
}

function None({ onMake }: { onMake: () => void }) {
  return (
    <div className="empty">
      <h2>No pools yet</h2>
      <p>
        A pool keeps nodes started, so that clusters of it are up in a second, and limits how many there are.
      </p>
      <Button look="primary" onClick={onMake}>
        Make a pool
      </Button>
    </div>
  );
}

const COLUMNS: Column<InstancePool>[] = [
  {
    name: 'Name',
    cell: (p) => (
      <span className="cell-main">
        {p.instance_pool_name}
        <Trouble pool={p} />
      </span>
    ),
  },
  { name: 'Node type', cell: (p) => p.node_type_id },
  { name: 'Idle', className: 'num', cell: (p) => count(p.stats?.idle_count ?? 0) },
  { name: 'Used', className: 'num', cell: (p) => count(p.stats?.used_count ?? 0) },
  { name: 'Pending', className: 'num', cell: (p) => count(pendingOf(p)) },
  { name: 'Kept idle', className: 'num', cell: (p) => count(p.min_idle_instances ?? 0) },
  {
    name: 'Most',
    className: 'num',
    cell: (p) => (p.max_capacity === undefined ? 'No limit' : plural(p.max_capacity, 'node')),
  },
  { name: 'Actions', quiet: true, className: 'right', cell: (p) => <Actions pool={p} /> },
];

/** Why it has fewer idle nodes than it is to have, in words and not by a colour alone. */
function Trouble({ pool }: { pool: InstancePool }) {
  const trouble = troubleOf(pool);
  return trouble === '' ? null : (
    <span className="pool-trouble danger-text" title={trouble}>
      <TriangleAlert size={14} aria-hidden="true" />
      <span className="ellipsis">{trouble}</span>
    </span>
  );
}

function Actions({ pool }: { pool: InstancePool }) {
  const [asking, setAsking] = useState<'edit' | 'delete' | null>(null);
  const { instance_pool_id: id, instance_pool_name: name } = pool;
  const close = (): void => setAsking(null);
  const remove = (): void => {
    deletePool(id)
      .then(() => toasts.show(`${name} is deleted`))
      .catch((error: unknown) => toasts.show(messageOf(error)))
      .finally(() => invalidate('pools'));
  };
  return (
    <>
      <Menu
        label={`Actions for ${name}`}
        className="btn btn-small btn-icon"
        align="end"
        trigger={<EllipsisVertical size={14} aria-hidden="true" />}
        entries={[
          { label: 'Edit', action: () => setAsking('edit') },
          { kind: 'line' },
          { label: 'Delete', danger: true, action: () => setAsking('delete') },
        ]}
      />
      {asking === 'edit' && <PoolDialog pool={pool} onClose={close} />}
      {asking === 'delete' && (
        <Confirm
          title={`Delete ${name}?`}
          text="Its idle nodes end. Clusters of it that run go on; to start again they need another pool."
          action="Delete pool"
          danger
          onClose={close}
          onConfirm={remove}
        />
      )}
    </>
  );
}
