import { Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { invalidate, useResource, useSlow } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Button, IconButton } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { dataStateOf } from './clusters.ts';
import {
  detailsOf,
  dotOf,
  installLibrary,
  kindWords,
  type Library,
  type LibraryStatus,
  loadLibraries,
  mavenFrom,
  nameOf,
  STATUS_WORDS,
  uninstallLibrary,
} from './libraries.ts';

const resourceOf = (id: string): string => `libraries/${id}`;

/** What a cluster has beside Spark, and how far it is with each. */
export function ClusterLibraries({ cluster }: { cluster: Cluster }) {
  const id = cluster.cluster_id;
  const { state } = useResource(resourceOf(id), () => loadLibraries(id), { pollMs: 2000 });
  const slow = useSlow(state.kind === 'loading');
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Library | null>(null);
  const off = dataStateOf(cluster.state) === 'off' || dataStateOf(cluster.state) === 'error';
  return (
    <>
      <div className="library-head">
        <p className="muted">
          {off
            ? 'Libraries are installed when the cluster starts.'
            : 'Libraries come to the cluster while it runs; cells can use them from their next run on.'}
        </p>
        <Button look="outline" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setAdding(true)}>
          Install library
        </Button>
      </div>
      {state.kind === 'failed' && (
        <p className="notice notice-err" role="alert">
          {state.message}
        </p>
      )}
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'ready' &&
        (state.value.length === 0 ? (
          <p className="empty">No libraries yet. Cells have Java, Spark and what Spark brings.</p>
        ) : (
          <Table
            label="Libraries"
            columns={columns(setLeaving)}
            rows={state.value}
            keyOf={(row) => JSON.stringify(row.library)}
            stacks
          />
        ))}
      {adding && <InstallDialog id={id} onClose={() => setAdding(false)} />}
      {leaving !== null && (
        <Confirm
          title="Uninstall this library?"
          text={
            off
              ? `${nameOf(leaving)} is not installed any more when the cluster starts.`
              : `${nameOf(leaving)} stays until the cluster restarts, since cells may be using it.`
          }
          action="Uninstall"
          danger
          onClose={() => setLeaving(null)}
          onConfirm={() =>
            void uninstallLibrary(id, leaving)
              .catch((error: unknown) => toasts.show(messageOf(error)))
              .finally(() => invalidate(resourceOf(id)))
          }
        />
      )}
    </>
  );
}

function columns(onLeave: (library: Library) => void): Column<LibraryStatus>[] {
  return [
    {
      name: 'Library',
      className: 'library-name',
      cell: ({ library }) => (
        <div className="library-cell">
          <span className="code">{nameOf(library)}</span>
          {detailsOf(library) !== '' && <span className="muted"> {detailsOf(library)}</span>}
        </div>
      ),
    },
    { name: 'Kind', className: 'muted', cell: ({ library }) => kindWords(library) },
    {
      name: 'Status',
      cell: ({ status, messages = [] }) => (
        <div className="library-cell">
          <span className="state" data-state={dotOf(status)}>
            <span className={`dot dot-${dotOf(status)}`} aria-hidden="true" />
            {STATUS_WORDS[status] ?? status}
          </span>
          {messages.map((message) => (
            <p key={message} className="muted library-message">
              {message}
            </p>
          ))}
        </div>
      ),
    },
    {
      name: 'Uninstall',
      quiet: true,
      className: 'right',
      cell: ({ library, status }) =>
        status === 'UNINSTALL_ON_RESTART' ? null : (
          <IconButton
            small
            label={`Uninstall ${nameOf(library)}`}
            icon={<Trash2 size={14} aria-hidden="true" />}
            onClick={() => onLeave(library)}
          />
        ),
    },
  ];
}

function InstallDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [kind, setKind] = useState<'maven' | 'jar'>('maven');
  const choice = useId();
  const send = (form: FormData): Promise<unknown> => {
    const text = (name: string): string => String(form.get(name) ?? '');
    const library =
      kind === 'jar'
        ? { jar: text('jar').trim() }
        : mavenFrom(text('coordinates'), text('repo'), text('exclusions'));
    return installLibrary(id, library);
  };
  return (
    <FormDialog
      title="Install library"
      action="Install"
      onSubmit={send}
      onDone={() => {
        invalidate(resourceOf(id));
        onClose();
      }}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={choice}>From</label>
        <select
          id={choice}
          className="select"
          value={kind}
          onChange={(e) => setKind(e.target.value === 'jar' ? 'jar' : 'maven')}
        >
          <option value="maven">Maven repository</option>
          <option value="jar">Jar in a volume or in DBFS</option>
        </select>
      </div>
      {kind === 'maven' ? (
        <>
          <Field
            key="coordinates"
            label="Coordinates"
            name="coordinates"
            hint="groupId:artifactId:version, such as org.jsoup:jsoup:1.15.3"
            required
            autoFocus
          />
          <Field
            key="repo"
            label="Repository (optional)"
            name="repo"
            hint="Its address, asked before the one of the installation."
          />
          <Field
            key="exclusions"
            label="Without (optional)"
            name="exclusions"
            hint="What not to bring along, as groupId:artifactId; commas between, * for any."
          />
        </>
      ) : (
        <Field
          key="jar"
          label="Path"
          name="jar"
          hint="/Volumes/main/default/… or dbfs:/…, ending in .jar"
          required
          autoFocus
        />
      )}
    </FormDialog>
  );
}
