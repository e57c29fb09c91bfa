import { EllipsisVertical, HardDrive, Plus } from 'lucide-react';
import { useState } from 'react';
import { invalidate, useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Prompt } from '../design/Dialog.tsx';
import { Field, FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { exactly, when } from '../design/format.ts';
import { Menu, type MenuEntry } from '../design/Menu.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { changeVolume, createVolume, deleteVolume, loadVolumes, pageOf, type Volume } from './volumes.ts';
import './catalog.css';

type Asking =
  | { kind: 'new' }
  | { kind: 'rename'; volume: Volume }
  | { kind: 'comment'; volume: Volume }
  | { kind: 'delete'; volume: Volume }
  | null;

/** The volumes of main.default: of the catalog, all that there is to see so far. */
export function CatalogPage() {
  useTitle('Catalog');
  const { state } = useResource('volumes', loadVolumes);
  const [asking, setAsking] = useState<Asking>(null);
  return (
    <main className="page catalog" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Catalog</h1>
        <div className="actions">
          <Button
            look="primary"
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => setAsking({ kind: 'new' })}
          >
            Create volume
          </Button>
        </div>
      </div>
      <h2>Volumes of main.default</h2>
      <Answered state={state}>
        {(volumes) =>
          volumes.length === 0 ? (
            <div className="empty">
              <h3>No volumes yet</h3>
              <p>A volume keeps files of any kind under one path, for notebooks, commands and the API.</p>
            </div>
          ) : (
            <Table
              label="Volumes"
              columns={columns(setAsking)}
              rows={volumes}
              keyOf={(v) => v.full_name}
              stacks
            />
          )
        }
      </Answered>
      <Question asking={asking} onClose={() => setAsking(null)} />
    </main>
  );
}

function columns(ask: (asking: Asking) => void): Column<Volume>[] {
  const entries = (volume: Volume): MenuEntry[] => [
    { label: 'Open', action: () => navigate(pageOf(volume.name)) },
    { label: 'Rename', action: () => ask({ kind: 'rename', volume }) },
    { label: 'Comment', action: () => ask({ kind: 'comment', volume }) },
    { kind: 'line' },
    { label: 'Delete', danger: true, action: () => ask({ kind: 'delete', volume }) },
  ];
  return [
    {
      name: 'Name',
      cell: (v) => (
        <span className="cell-main">
          <HardDrive size={16} aria-hidden="true" />
          <Link href={pageOf(v.name)}>{v.name}</Link>
        </span>
      ),
    },
    { name: 'Owner', className: 'muted', cell: (v) => v.owner },
    { name: 'Comment', className: 'muted wrap', cell: (v) => v.comment ?? '' },
    {
      name: 'Created',
      className: 'muted num',
      title: (v) => exactly(v.created_at),
      cell: (v) => when(v.created_at),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (v) => (
        <Menu
          label={`Actions for ${v.name}`}
          className="btn btn-small btn-icon"
          trigger={<EllipsisVertical size={14} aria-hidden="true" />}
          entries={() => entries(v)}
          align="end"
        />
      ),
    },
  ];
}

function Question({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  if (asking === null) return null;
  if (asking.kind === 'new') return <NewVolume onClose={onClose} />;
  const { volume } = asking;
  const change = async (changes: { new_name?: string; comment?: string }): Promise<void> => {
    await changeVolume(volume, changes);
    invalidate('volume');
  };
  switch (asking.kind) {
    case 'rename':
      return (
        <Prompt
          title={`Rename “${volume.name}”`}
          label="Name (the paths of its files change with it)"
          value={volume.name}
          action="Rename"
          onSubmit={(name) => change({ new_name: name })}
          onClose={onClose}
        />
      );
    case 'comment':
      return (
        <FormDialog
          title={`Comment on “${volume.name}”`}
          action="Save"
          onSubmit={(form) => change({ comment: String(form.get('comment')).trim() })}
          onClose={onClose}
        >
          <Field label="Comment" name="comment" value={volume.comment ?? ''} autoFocus />
        </FormDialog>
      );
    case 'delete':
      return (
        <TypedConfirm
          title={`Delete the volume ${volume.name}?`}
          text="Every file in it is deleted with it. This cannot be undone."
          word={volume.name}
          action="Delete"
          onSubmit={async () => {
            await deleteVolume(volume);
            invalidate('volume');
            toasts.show(`The volume ${volume.name} is deleted`);
          }}
          onClose={onClose}
        />
      );
  }
}

function NewVolume({ onClose }: { onClose: () => void }) {
  const create = (form: FormData): Promise<Volume> =>
    createVolume(String(form.get('name')).trim(), String(form.get('comment')).trim());
  return (
    <FormDialog
      title="Create a volume"
      action="Create"
      onSubmit={create}
      onDone={(made) => {
        invalidate('volume');
        onClose();
        navigate(pageOf(made.name));
      }}
      onClose={onClose}
    >
      <Field
        label="Name"
        name="name"
        required
        autoFocus
        hint="No dots and no blanks; capitals are kept as small letters."
      />
      <Field label="Comment" name="comment" />
    </FormDialog>
  );
}
