import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource, useSlow } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { exactly, when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { ObjectIcon } from './ObjectIcon.tsx';
import { hrefOf } from './tree.ts';

type Trashed = WorkspaceObject & { trashed_at?: number };

const loadTrash = (): Promise<{ objects: Trashed[] }> =>
  call('/api/campanile/v1/objects', { query: { trashed: true } });

/** What was moved to the trash, with the way back; after 30 days it is deleted. */
export function TrashPage() {
  useTitle('Trash');
  const { state, reload } = useResource('folder/trash', loadTrash);
  const slow = useSlow(state.kind === 'loading');
  return (
    <main className="page" id="main" tabIndex={-1}>
      <nav className="crumbs" aria-label="Folders above">
        <Link href="/browse">Workspace</Link>
      </nav>
      <div className="page-head">
        <h1>Trash</h1>
      </div>
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {state.kind === 'ready' &&
        (state.value.objects.length === 0 ? (
          <div className="empty">
            <h2>The trash is empty</h2>
            <p>Notebooks, files and folders that are moved to the trash can be restored here for 30 days.</p>
          </div>
        ) : (
          <List objects={state.value.objects} reload={reload} />
        ))}
    </main>
  );
}

function List({ objects, reload }: { objects: Trashed[]; reload: () => Promise<void> }) {
  const restore = async (o: Trashed): Promise<void> => {
    try {
      // Another object may have taken its name meanwhile.
      const back = await call<WorkspaceObject>(`/api/campanile/v1/objects/${o.object_id}/restore`, {
        method: 'POST',
        body: {},
      });
      toasts.show(`“${back.name}” is restored`, { label: 'Open', run: () => navigate(hrefOf(o)) });
    } catch (error) {
      toasts.show(messageOf(error));
    }
    invalidate('tree');
    invalidate('home');
    invalidate('folder');
    await reload();
  };
  const columns: Column<Trashed>[] = [
    {
      name: 'Name',
      cell: (o) => (
        <span className="cell-main">
          <ObjectIcon object={o} />
          {o.name}
        </span>
      ),
    },
    { name: 'Was in', className: 'muted', cell: (o) => o.path.split('/').slice(0, -1).join('/') || '/' },
    {
      name: 'Moved here',
      className: 'muted num',
      title: (o) => (o.trashed_at ? exactly(o.trashed_at) : undefined),
      cell: (o) => (o.trashed_at ? when(o.trashed_at) : ''),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (o) => (
        <Button small look="outline" aria-label={`Restore ${o.name}`} onClick={() => void restore(o)}>
          Restore
        </Button>
      ),
    },
  ];
  return <Table label="Trash" columns={columns} rows={objects} keyOf={(o) => o.object_id} />;
}
