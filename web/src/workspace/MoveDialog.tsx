import { ChevronRight, Folder as FolderIcon } from 'lucide-react';
import { useState } from 'react';
import { useResource } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { isFolder, loadFolder } from './tree.ts';

interface Props {
  object: WorkspaceObject;
  onMove: (parent: number | null) => void;
  onClose: () => void;
}

/** Walks through folders one level at a time. */
export function MoveDialog({ object, onMove, onClose }: Props) {
  const [at, setAt] = useState<number | null>(object.parent_id ?? null);
  const { state } = useResource(`folder/${at ?? ''}`, () => loadFolder(at === null ? null : String(at)));
  const folder = state.kind === 'ready' ? state.value : null;
  const folders = (folder?.objects ?? []).filter((o) => isFolder(o) && o.object_id !== object.object_id);
  const above = (folder?.ancestors ?? []).filter((a) => a.name !== '');
  const target = at ?? folder?.ancestors[0]?.object_id ?? null;
  return (
    <Dialog title={`Move “${object.name}”`} onClose={onClose}>
      <nav className="crumbs" aria-label="Folders above">
        <Button small onClick={() => setAt(null)}>
          Workspace
        </Button>
        {above.map((a) => (
          <Button small key={a.object_id} onClick={() => setAt(a.object_id)}>
            / {a.name}
          </Button>
        ))}
      </nav>
      <ul className="move-list">
        {folders.map((f) => (
          <li key={f.object_id}>
            <button type="button" className="menu-item" onClick={() => setAt(f.object_id)}>
              <FolderIcon size={15} aria-hidden="true" />
              <span>{f.name}</span>
              <ChevronRight size={14} aria-hidden="true" className="menu-note" />
            </button>
          </li>
        ))}
        {folder && folders.length === 0 && <li className="muted move-none">No folders in here</li>}
      </ul>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={target === null || target === (object.parent_id ?? null)}
          onClick={() => {
            onClose();
            onMove(target);
          }}
        >
          Move here
        </Button>
      </div>
    </Dialog>
  );
}
