import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { call } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { useTitle } from '../app/pages.tsx';
import { signIn } from '../app/session.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Field, FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { exactly, when } from '../design/format.ts';
import { OnceShown } from '../design/OnceShown.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { addressOf, keptBecause, loadWorkspaces, WORKSPACES, type Workspace } from './workspaces.ts';

type Asking = { kind: 'new' } | { kind: 'delete'; workspace: Workspace } | null;

/** The workspaces of the account, for its administrators. */
export function WorkspacesPage() {
  useTitle('Workspaces');
  const { state } = useResource('workspaces', loadWorkspaces);
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  return (
    <>
      <div className="page-head">
        <h1>Workspaces</h1>
        <div className="actions">
          <Button
            look="primary"
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => setAsking({ kind: 'new' })}
          >
            New workspace
          </Button>
        </div>
      </div>
      <Answered state={state}>
        {(all) => (
          <Table
            label="Workspaces"
            columns={columns(all, setAsking)}
            rows={all}
            keyOf={(w) => w.workspace_id}
          />
        )}
      </Answered>
      {asking?.kind === 'new' && <NewWorkspace onClose={close} />}
      {asking?.kind === 'delete' && <DeleteWorkspace workspace={asking.workspace} onClose={close} />}
    </>
  );
}

function columns(all: Workspace[], ask: (asking: Asking) => void): Column<Workspace>[] {
  return [
    { name: 'Name', cell: (w) => <Entrance workspace={w} all={all} /> },
    { name: 'Number', className: 'num muted', cell: (w) => w.workspace_id },
    { name: 'Host name', className: 'code', cell: (w) => w.deployment_name ?? '' },
    {
      name: 'Created',
      className: 'num muted',
      title: (w) => exactly(w.creation_time),
      cell: (w) => when(w.creation_time),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (w) => <DeleteButton workspace={w} onAsk={() => ask({ kind: 'delete', workspace: w })} />,
    },
  ];
}

/** Shut where the server would refuse, with the reason: still in the order of the keys, so that it can be read. */
function DeleteButton({ workspace, onAsk }: { workspace: Workspace; onAsk: () => void }) {
  const id = useId();
  const { identity } = signIn;
  const kept = keptBecause(workspace, identity.kind === 'in' ? identity.me.workspace_id : undefined);
  return (
    <>
      <Button
        small
        look="outline"
        aria-label={`Delete ${workspace.workspace_name}`}
        title={kept ?? undefined}
        aria-disabled={kept !== null}
        aria-describedby={kept === null ? undefined : id}
        onClick={() => kept === null && onAsk()}
      >
        Delete
      </Button>
      {kept !== null && (
        <span id={id} className="visually-hidden">
          {kept}
        </span>
      )}
    </>
  );
}

/** The name, and the way in where the address is known; a workspace is another site, with a sign-in of its own. */
function Entrance({ workspace, all }: { workspace: Workspace; all: Workspace[] }) {
  const address = addressOf(workspace, all, new URL(window.location.href));
  if (address === null) return <strong className="plain-strong">{workspace.workspace_name}</strong>;
  return <a href={address}>{workspace.workspace_name}</a>;
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const [token, setToken] = useState<string | null>(null);
  if (token !== null)
    return (
      <OnceShown
        title="The workspace is there"
        label="Token"
        value={token}
        note="You are its administrator. With this token a program can set it up."
        onClose={onClose}
      />
    );
  const create = async (form: FormData): Promise<string> => {
    const host = String(form.get('host')).trim();
    const made = await call<{ token: string }>(WORKSPACES, {
      method: 'POST',
      body: {
        workspace_name: String(form.get('name')).trim(),
        ...(host === '' ? {} : { deployment_name: host }),
      },
    });
    invalidate('workspaces');
    return made.token;
  };
  return (
    <FormDialog title="New workspace" action="Create" onSubmit={create} onDone={setToken} onClose={onClose}>
      <Field label="Name" name="name" required autoFocus />
      <Field
        label="Host name"
        name="host"
        hint="The first part of its address. Letters, digits and hyphens; it cannot be changed later."
      />
    </FormDialog>
  );
}

function DeleteWorkspace({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  return (
    <TypedConfirm
      title={`Delete the workspace ${workspace.workspace_name}?`}
      text="Nobody can enter it any more, and its clusters end at once. This cannot be undone from here."
      word={workspace.workspace_name}
      action="Delete"
      onSubmit={async () => {
        await call(`${WORKSPACES}/${workspace.workspace_id}`, { method: 'DELETE' });
        invalidate('workspaces');
        toasts.show(`The workspace ${workspace.workspace_name} is deleted`);
      }}
      onClose={onClose}
    />
  );
}
