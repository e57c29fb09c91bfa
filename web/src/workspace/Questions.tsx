import { lazy, Suspense, useEffect, useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Prompt } from '../design/Dialog.tsx';
import { toasts } from '../design/toast.tsx';
import { nameFolder } from './create.ts';
import { MoveDialog } from './MoveDialog.tsx';

const ShareDialog = lazy(() => import('./share/index.ts').then((m) => ({ default: m.ShareDialog })));

export type Asking =
  | { kind: 'rename'; object: WorkspaceObject }
  | { kind: 'move'; object: WorkspaceObject }
  | { kind: 'share'; object: Pick<WorkspaceObject, 'object_id' | 'name'> }
  | { kind: 'folder' }
  | null;

/** The dialogs of a folder's page. */
export function Questions({
  asking,
  onClose,
  reload,
}: {
  asking: Asking;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const [done, setDone] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every finished action loads again.
  useEffect(() => {
    if (done > 0) void reload();
  }, [done]);
  if (!asking) return null;
  const change = (o: WorkspaceObject, body: object): Promise<void> =>
    call<void>(`/api/campanile/v1/objects/${o.object_id}/move`, { method: 'POST', body }).finally(() => {
      invalidate('tree');
      invalidate('folder');
      setDone((n) => n + 1);
    });
  if (asking.kind === 'folder') {
    return (
      <Prompt
        title="New folder"
        label="Name"
        action="Create"
        onClose={onClose}
        onSubmit={(name) => nameFolder(name).then(() => setDone((n) => n + 1))}
      />
    );
  }
  if (asking.kind === 'share') {
    return (
      <Suspense>
        <ShareDialog objectId={asking.object.object_id} name={asking.object.name} onClose={onClose} />
      </Suspense>
    );
  }
  const { object } = asking;
  if (asking.kind === 'rename') {
    return (
      <Prompt
        title={`Rename “${object.name}”`}
        label="Name"
        value={object.name}
        action="Rename"
        onClose={onClose}
        onSubmit={(name) => change(object, { name })}
      />
    );
  }
  return (
    <MoveDialog
      object={object}
      onClose={onClose}
      onMove={(parent) => {
        change(object, parent === null ? {} : { parent_id: parent }).catch((error: unknown) =>
          toasts.show(messageOf(error)),
        );
      }}
    />
  );
}
