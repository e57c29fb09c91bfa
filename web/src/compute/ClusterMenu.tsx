import { EllipsisVertical } from 'lucide-react';
import { useState } from 'react';
import { invalidate } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { navigate } from '../app/router.ts';
import { Confirm } from '../design/Dialog.tsx';
import { Field, FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { Menu } from '../design/Menu.tsx';
import { toasts } from '../design/toast.tsx';
import { changeOwner, dataStateOf, pinCluster, removeCluster, restartCluster } from './clusters.ts';
import { pinnedBy } from './list.ts';
import { asked, isAdmin } from './parts.tsx';
import { ResizeDialog } from './Workers.tsx';

/** What can be done with a cluster beside starting and stopping it. */
export function ClusterMenu({ cluster }: { cluster: Cluster }) {
  const [asking, setAsking] = useState<'resize' | 'restart' | 'delete' | 'owner' | null>(null);
  const { cluster_id: id, cluster_name: name } = cluster;
  const state = dataStateOf(cluster.state);
  const runs = state === 'running' || state === 'resizing';
  const admin = isAdmin();
  const pinned = pinnedBy(cluster) !== '';
  const close = (): void => setAsking(null);
  return (
    <>
      <Menu
        label={`Actions for ${name}`}
        className="btn btn-small btn-icon"
        align="end"
        trigger={<EllipsisVertical size={14} aria-hidden="true" />}
        entries={() => [
          {
            label: 'Edit',
            // In between neither what runs nor what is wanted is settled.
            disabled: state === 'starting' || state === 'resizing' || state === 'stopping',
            action: () => navigate(`/compute/clusters/${encodeURIComponent(id)}/edit`),
          },
          {
            label: 'Clone',
            action: () => navigate(`/compute/clusters/new?from=${encodeURIComponent(id)}`),
          },
          { label: 'Resize', disabled: !runs, action: () => setAsking('resize') },
          { label: 'Restart', disabled: !runs, action: () => setAsking('restart') },
          ...(admin
            ? [
                {
                  label: pinned ? 'Unpin' : 'Pin',
                  action: () => asked(pinCluster(id, !pinned)),
                },
                {
                  label: 'Change owner',
                  disabled: state !== 'off' && state !== 'error',
                  action: () => setAsking('owner'),
                },
              ]
            : []),
          { kind: 'line' },
          { label: 'Delete', danger: true, action: () => setAsking('delete') },
        ]}
      />
      {asking === 'resize' && <ResizeDialog cluster={cluster} onClose={close} />}
      {asking === 'restart' && (
        <Confirm
          title={`Restart ${name}?`}
          text="What runs on it ends, and the variables of its notebooks are lost. Notebooks and outputs stay."
          action="Restart cluster"
          danger
          onClose={close}
          onConfirm={() => asked(restartCluster(id))}
        />
      )}
      {asking === 'owner' && (
        <FormDialog
          title={`Give ${name} to somebody else`}
          action="Change owner"
          onSubmit={async (form) => {
            const owner = String(form.get('owner') ?? '').trim();
            await changeOwner(id, owner);
            invalidate('cluster');
            toasts.show(`${name} is ${owner}'s now`);
          }}
          onClose={close}
        >
          <p>From its next start it runs as the new owner, with their files, tables and secrets.</p>
          <Field
            label="New owner"
            name="owner"
            required
            autoFocus
            hint="A user name, or the application ID of a service principal."
          />
        </FormDialog>
      )}
      {asking === 'delete' && (
        <TypedConfirm
          title={`Delete ${name}?`}
          text="The cluster, its settings and its events are gone for good; what runs on it ends. To keep the settings, stop it instead."
          word={name}
          action="Delete"
          onSubmit={async () => {
            await removeCluster(id);
            invalidate('cluster');
            toasts.show(`${name} is deleted`);
            navigate('/compute/clusters');
          }}
          onClose={close}
        />
      )}
    </>
  );
}
