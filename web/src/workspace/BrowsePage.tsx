import { ChevronDown, EllipsisVertical, GitBranch, Trash2, Upload, UserPlus, Users } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError, call, messageOf } from '../api/client.ts';
import { invalidate, useResource, useSlow } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { bytes, exactly, when } from '../design/format.ts';
import { Menu, type MenuEntry } from '../design/Menu.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { createNotebook } from './create.ts';
import { CloneDialog } from './git/CloneDialog.tsx';
import { GitDialog } from './git/GitDialog.tsx';
import { ObjectIcon } from './ObjectIcon.tsx';
import { type Asking, Questions } from './Questions.tsx';
import { download, exportObject, importFile } from './transfer.ts';
import { contentOf, type Folder, hrefOf, isFolder, loadFolder } from './tree.ts';

export function BrowsePage({ params }: { params: Record<string, string> }) {
  const id = params['id'] ?? null;
  const { state, reload } = useResource(`folder/${id ?? ''}`, () => loadFolder(id));
  const [asking, setAsking] = useState<Asking>(null);
  const [git, setGit] = useState<'clone' | 'work' | null>(null);
  const folder = state.kind === 'ready' ? state.value : null;
  const name = folder?.ancestors.at(-1)?.name || 'Workspace';
  useTitle(name);
  const slow = useSlow(state.kind === 'loading');
  if (state.kind === 'failed' && state.error instanceof ApiError && [400, 404].includes(state.error.status))
    return <NotFound />;
  const path = id === null ? '/' : pathOf(folder);
  const repo = folder?.ancestors.find((a) => a.object_type === 'REPO');
  const self = id === null ? null : folder && { object_id: Number(id), name };
  return (
    <main className="page browse" id="main" tabIndex={-1}>
      {folder && <Crumbs folder={folder} />}
      <div className="page-head">
        <h1>{name}</h1>
        <div className="actions">
          {self && (
            <Button
              icon={<UserPlus size={14} aria-hidden="true" />}
              onClick={() => setAsking({ kind: 'share', object: self })}
            >
              Share
            </Button>
          )}
          {repo && (
            <Button icon={<GitBranch size={14} aria-hidden="true" />} onClick={() => setGit('work')}>
              Git
            </Button>
          )}
          {id === null && (
            <Link href="/browse/shared" className="btn">
              <Users size={14} aria-hidden="true" />
              Shared with me
            </Link>
          )}
          <Link href="/browse/trash" className="btn">
            <Trash2 size={14} aria-hidden="true" />
            Trash
          </Link>
          <ImportButton path={path} folder={folder?.ancestors.at(-1)?.object_id ?? null} onDone={reload} />
          <NewHere
            onFolder={() => setAsking({ kind: 'folder' })}
            onClone={repo ? null : () => setGit('clone')}
          />
        </div>
      </div>
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {folder &&
        (folder.objects.length === 0 ? (
          <Empty />
        ) : (
          <ObjectList label={name} objects={folder.objects} onAsk={setAsking} reload={reload} />
        ))}
      <Questions asking={asking} onClose={() => setAsking(null)} reload={reload} />
      {git === 'work' && repo && <GitDialog repo={repo} onClose={() => setGit(null)} onChange={reload} />}
      {git === 'clone' && <CloneDialog folder={path} onClose={() => setGit(null)} onDone={reload} />}
    </main>
  );
}

function pathOf(folder: Folder | null): string {
  const names = (folder?.ancestors ?? []).map((a) => a.name).filter((n) => n !== '' && n !== '/');
  return `/${names.join('/')}`;
}

function Crumbs({ folder }: { folder: Folder }) {
  // The root comes first and has no name: the word "Workspace" stands for it.
  const above = folder.ancestors.slice(0, -1).filter((a) => a.name !== '');
  if (folder.ancestors.filter((a) => a.name !== '').length === 0) return null;
  return (
    <nav className="crumbs" aria-label="Folders above">
      <Link href="/browse">Workspace</Link>
      {above.map((a) => (
        <span key={a.object_id}>
          <span aria-hidden="true">/</span>
          <Link href={`/browse/folders/${a.object_id}`}>{a.name}</Link>
        </span>
      ))}
    </nav>
  );
}

function NewHere({ onFolder, onClone }: { onFolder: () => void; onClone: (() => void) | null }) {
  return (
    <Menu
      label="Create"
      className="btn btn-outline"
      align="end"
      trigger={
        <>
          Create
          <ChevronDown size={14} aria-hidden="true" />
        </>
      }
      entries={[
        { label: 'Notebook', action: () => void createNotebook() },
        { label: 'Folder', action: onFolder },
        ...(onClone ? [{ label: 'Git folder', action: onClone }] : []),
      ]}
    />
  );
}

interface ImportProps {
  path: string;
  folder: number | null;
  onDone: () => Promise<void>;
}

function ImportButton({ path, folder, onDone }: ImportProps) {
  const input = useRef<HTMLInputElement>(null);
  const take = async (files: FileList | null): Promise<void> => {
    for (const file of files ?? []) {
      try {
        toasts.show(`Imported ${await importFile(path, folder, file)}`);
      } catch (error) {
        toasts.show(messageOf(error));
      }
    }
    invalidate('tree');
    invalidate('home');
    await onDone();
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Files to import"
        onChange={(e) => {
          void take(e.target.files).then(() => {
            if (input.current) input.current.value = '';
          });
        }}
      />
      <Button
        look="outline"
        icon={<Upload size={14} aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        Import
      </Button>
    </>
  );
}

function Empty() {
  return (
    <div className="empty">
      <h2>This folder is empty</h2>
      <p>Create a notebook here, or import a notebook or any other file.</p>
      <Button look="primary" onClick={() => void createNotebook()}>
        New notebook
      </Button>
    </div>
  );
}

interface ListProps {
  label: string;
  objects: WorkspaceObject[];
  /** Where they lie is said when that is not one folder. */
  withPath?: boolean;
  onAsk: (asking: Asking) => void;
  reload: () => Promise<void>;
}

export function ObjectList({ label, objects, withPath, onAsk, reload }: ListProps) {
  const sorted = [...objects].sort(
    (a, b) =>
      Number(!isFolder(a)) - Number(!isFolder(b)) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  const entries = (o: WorkspaceObject): MenuEntry[] => [
    { label: 'Open', action: () => navigate(hrefOf(o)) },
    ...(o.object_type === 'FILE'
      ? [{ label: 'Download', action: () => download(contentOf(o), o.name) }]
      : []),
    { label: 'Share', action: () => onAsk({ kind: 'share', object: o }) },
    { label: 'Rename', action: () => onAsk({ kind: 'rename', object: o }) },
    { label: 'Move', action: () => onAsk({ kind: 'move', object: o }) },
    ...(o.object_type === 'NOTEBOOK'
      ? ([
          { kind: 'line' },
          { label: 'Export as .ipynb', action: () => void exportObject(o.path, 'JUPYTER') },
          {
            label: 'Export as source',
            action: () => void exportObject(o.path, 'SOURCE'),
          },
        ] satisfies MenuEntry[])
      : []),
    { kind: 'line' },
    { label: 'Move to trash', danger: true, action: () => void trash(o, reload) },
  ];
  const columns: Column<WorkspaceObject>[] = [
    {
      name: 'Name',
      cell: (o) => (
        <span className="cell-main">
          <ObjectIcon object={o} />
          <Link href={hrefOf(o)}>{o.name}</Link>
        </span>
      ),
    },
    {
      name: 'Type',
      className: 'muted',
      cell: kindOf,
    },
    ...(withPath ? [{ name: 'In', className: 'muted', cell: (o: WorkspaceObject) => folderOf(o.path) }] : []),
    {
      name: 'Changed',
      className: 'muted num',
      title: (o) => (o.modified_at ? exactly(o.modified_at) : undefined),
      cell: (o) => (o.modified_at ? when(o.modified_at) : ''),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (o) => (
        <Menu
          label={`Actions for ${o.name}`}
          className="btn btn-small btn-icon"
          trigger={<EllipsisVertical size={14} aria-hidden="true" />}
          entries={() => entries(o)}
          align="end"
        />
      ),
    },
  ];
  return <Table label={label} columns={columns} rows={sorted} keyOf={(o) => o.object_id} />;
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/') || '/';
}

function kindOf(o: WorkspaceObject): string {
  switch (o.object_type) {
    case 'NOTEBOOK':
      return `Notebook${o.language ? ` · ${words(o.language)}` : ''}`;
    case 'FILE':
      return `File · ${bytes(o.size ?? 0)}`;
    case 'DIRECTORY':
      return 'Folder';
    case 'REPO':
      return 'Git folder';
  }
}

function words(language: string): string {
  return language === 'SQL' ? 'SQL' : language.charAt(0) + language.slice(1).toLowerCase();
}

/** Done at once, undone as easily: no question asked. */
async function trash(o: WorkspaceObject, reload: () => Promise<void>): Promise<void> {
  const act = async (verb: 'trash' | 'restore'): Promise<boolean> => {
    try {
      await call(`/api/campanile/v1/objects/${o.object_id}/${verb}`, { method: 'POST', body: {} });
      return true;
    } catch (error) {
      toasts.show(messageOf(error));
      return false;
    } finally {
      invalidate('tree');
      invalidate('home');
      await reload();
    }
  };
  if (await act('trash'))
    toasts.show(`“${o.name}” is in the trash`, { label: 'Undo', run: () => void act('restore') });
}
