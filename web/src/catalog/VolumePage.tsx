import { File, Folder, FolderPlus, Trash2, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { useLocation } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button, IconButton } from '../design/Button.tsx';
import { Confirm, Prompt } from '../design/Dialog.tsx';
import { bytes, exactly, when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { type Batch, reread, useUploads } from './uploads.ts';
import { type Entry, fileHref, loadEntries, makeFolder, pageAt, pageOf, pathOf, remove } from './volumes.ts';
import './catalog.css';

/** Every question names its folder: Back leads to another one while it is asked. */
type Asking =
  | { kind: 'folder'; into: string }
  | { kind: 'delete'; entry: Entry }
  | { kind: 'replace'; batch: Batch }
  | null;

/** The files of a volume, one folder at a time; which one is in the address. */
export function VolumePage({ params }: { params: Record<string, string> }) {
  const volume = params['volume'] ?? '';
  const inside = (useLocation().query.get('path') ?? '').replace(/^\/+|\/+$/g, '');
  const path = pathOf(volume, inside);
  const { state } = useResource(`volume/${path}`, () => loadEntries(path));
  const [asking, setAsking] = useState<Asking>(null);
  const { now, taken, send, answered } = useUploads();
  const name = inside.split('/').at(-1) || volume;
  useTitle(name);
  if (state.kind === 'failed' && state.error instanceof ApiError && [400, 404].includes(state.error.status))
    return <NotFound />;
  return (
    <main className="page catalog" id="main" tabIndex={-1}>
      <Crumbs volume={volume} inside={inside} />
      <div className="page-head">
        <h1>{name}</h1>
        <div className="actions">
          <Button
            icon={<FolderPlus size={14} aria-hidden="true" />}
            onClick={() => setAsking({ kind: 'folder', into: path })}
          >
            New folder
          </Button>
          <UploadButton busy={now !== null} onFiles={(files) => send({ into: path, files }, false)} />
        </div>
      </div>
      <p className="volume-path">
        <code className="code">{path}</code>
      </p>
      <p role="status" className={now === null ? 'visually-hidden' : 'notice'}>
        {now !== null && `Uploading ${now.name}${now.into === path ? '' : ` to ${now.into}`}…`}
      </p>
      <Answered state={state}>
        {({ entries, cut }) =>
          entries.length === 0 ? (
            <p className="empty">Nothing is in here. Upload files, or write to the path above.</p>
          ) : (
            <>
              <Table
                label={name}
                columns={columns((entry) => setAsking({ kind: 'delete', entry }))}
                rows={entries}
                keyOf={(e) => e.path}
                stacks
              />
              {cut && <p className="muted">There is more in here: campanile fs ls lists all of it.</p>}
            </>
          )
        }
      </Answered>
      <Question
        key={asking?.kind ?? 'replace'}
        asking={asking ?? (taken && { kind: 'replace', batch: taken })}
        onReplace={(batch) => send(batch, true)}
        onClose={() => (asking === null ? answered() : setAsking(null))}
      />
    </main>
  );
}

function UploadButton({ busy, onFiles }: { busy: boolean; onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Files to upload"
        onChange={(e) => {
          onFiles([...(e.target.files ?? [])]);
          e.target.value = '';
        }}
      />
      <Button
        look="primary"
        disabled={busy}
        icon={<Upload size={14} aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        Upload
      </Button>
    </>
  );
}

function Crumbs({ volume, inside }: { volume: string; inside: string }) {
  const names = inside === '' ? [] : inside.split('/');
  const above = names.map((_, depth) => names.slice(0, depth).join('/'));
  return (
    <nav className="crumbs" aria-label="Folders above">
      <Link href="/explore/data">Catalog</Link>
      {above.map((folder, depth) => (
        <span key={folder}>
          <span aria-hidden="true">/</span>
          <Link href={pageOf(volume, folder)}>{names[depth - 1] ?? volume}</Link>
        </span>
      ))}
    </nav>
  );
}

function columns(onDelete: (entry: Entry) => void): Column<Entry>[] {
  return [
    {
      name: 'Name',
      cell: (e) => (
        <span className="cell-main">
          {e.is_directory ? <Folder size={16} aria-hidden="true" /> : <File size={16} aria-hidden="true" />}
          {e.is_directory ? (
            <Link href={pageAt(e.path)}>{e.name}</Link>
          ) : (
            <a href={fileHref(e.path)} download={e.name} title={`Download ${e.name}`}>
              {e.name}
            </a>
          )}
        </span>
      ),
    },
    {
      name: 'Size',
      className: 'muted num',
      cell: (e) => (e.is_directory ? 'Folder' : bytes(e.file_size ?? 0)),
    },
    {
      name: 'Changed',
      className: 'muted num',
      title: (e) => exactly(e.last_modified),
      cell: (e) => when(e.last_modified),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (e) => (
        <IconButton
          small
          label={`Delete ${e.name}`}
          icon={<Trash2 size={14} aria-hidden="true" />}
          onClick={() => onDelete(e)}
        />
      ),
    },
  ];
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

interface QuestionProps {
  asking: Asking;
  onReplace: (batch: Batch) => void;
  onClose: () => void;
}

function Question({ asking, onReplace, onClose }: QuestionProps) {
  if (asking === null) return null;
  switch (asking.kind) {
    case 'folder': {
      const { into } = asking;
      return (
        <Prompt
          title={`New folder in ${lastOf(into)}`}
          label="Name"
          action="Create"
          onSubmit={async (name) => {
            await makeFolder(`${into}/${name}`);
            reread(into);
          }}
          onClose={onClose}
        />
      );
    }
    case 'delete': {
      const { entry } = asking;
      return (
        <Confirm
          title={`Delete “${entry.name}”?`}
          text={entry.is_directory ? 'Only an empty folder can be deleted here.' : 'This cannot be undone.'}
          action="Delete"
          danger
          onConfirm={() => {
            void remove(entry)
              .catch((error: unknown) => toasts.show(messageOf(error)))
              .then(() => reread(entry.path.slice(0, entry.path.lastIndexOf('/'))));
          }}
          onClose={onClose}
        />
      );
    }
    case 'replace': {
      const { batch } = asking;
      const names = batch.files.map((file) => file.name);
      return (
        <Confirm
          title={names.length === 1 ? `Replace “${names[0]}”?` : `Replace ${names.length} files?`}
          text={
            names.length === 1
              ? `There is a file of that name already in ${batch.into}.`
              : `There are files of these names already in ${batch.into}: ${names.join(', ')}.`
          }
          action="Replace"
          danger
          onConfirm={() => onReplace(batch)}
          onClose={onClose}
        />
      );
    }
  }
}
