import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { Field, FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { exactly, when } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { SecretAccess } from './SecretAccess.tsx';

const SECRETS = '/api/2.0/secrets';

interface Scope {
  name: string;
}

interface Key {
  key: string;
  last_updated_timestamp: number;
}

async function loadScopes(): Promise<Scope[]> {
  return (await call<{ scopes?: Scope[] }>(`${SECRETS}/scopes/list`)).scopes ?? [];
}

const post = (path: string, body: object): Promise<unknown> =>
  call(`${SECRETS}/${path}`, { method: 'POST', body });

/** Scopes and the names of what is in them; values go in here and are read by programs alone. */
export function Secrets() {
  const { state } = useResource('secrets/scopes', loadScopes);
  const [making, setMaking] = useState(false);
  return (
    <div className="settings-body settings-wide">
      <div className="settings-head">
        <p>Cells read secrets with dbutils.secrets.get. Values are never shown, here or in outputs.</p>
        <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setMaking(true)}>
          New scope
        </Button>
      </div>
      <Answered state={state}>
        {(scopes) =>
          scopes.length === 0 ? (
            <p className="muted">No scopes yet. A scope holds secrets that the same people may use.</p>
          ) : (
            scopes.map((s) => <ScopePart key={s.name} scope={s.name} />)
          )
        }
      </Answered>
      {making && (
        <FormDialog
          title="New scope"
          action="Create"
          onSubmit={async (form) => {
            await post('scopes/create', { scope: String(form.get('name')).trim() });
            invalidate('secrets');
          }}
          onClose={() => setMaking(false)}
        >
          <Field label="Name" name="name" required autoFocus hint="Letters, digits, and . _ - @" />
        </FormDialog>
      )}
    </div>
  );
}

type Asking =
  | { kind: 'put'; key?: string }
  | { kind: 'delete'; key: string }
  | { kind: 'scope' }
  | { kind: 'access' }
  | null;

function ScopePart({ scope }: { scope: string }) {
  const { state } = useResource(`secrets/keys/${scope}`, async () => {
    const answer = await call<{ secrets?: Key[] }>(`${SECRETS}/list`, { query: { scope } });
    return answer.secrets ?? [];
  });
  const [asking, setAsking] = useState<Asking>(null);
  return (
    <section className="settings-part" aria-label={`Scope ${scope}`}>
      <div className="settings-head">
        <h2 className="scope-name">
          <KeyRound size={14} aria-hidden="true" />
          {scope}
        </h2>
        <div className="scope-actions">
          <Button
            small
            look="outline"
            onClick={() => setAsking({ kind: 'put' })}
            aria-label={`Add to ${scope}`}
          >
            Add a secret
          </Button>
          <Button
            small
            look="outline"
            onClick={() => setAsking({ kind: 'access' })}
            aria-label={`Who may use ${scope}`}
          >
            Access
          </Button>
          <Button
            small
            look="outline"
            onClick={() => setAsking({ kind: 'scope' })}
            aria-label={`Delete the scope ${scope}`}
          >
            Delete scope
          </Button>
        </div>
      </div>
      <Answered state={state}>
        {(keys) =>
          keys.length === 0 ? (
            <p className="muted">Nothing in it yet.</p>
          ) : (
            <Table
              label={`Secrets of ${scope}`}
              columns={columns(setAsking)}
              rows={keys}
              keyOf={(k) => k.key}
            />
          )
        }
      </Answered>
      <ScopeQuestions scope={scope} asking={asking} onClose={() => setAsking(null)} />
    </section>
  );
}

function columns(ask: (asking: Asking) => void): Column<Key>[] {
  return [
    { name: 'Key', className: 'code', cell: (k) => k.key },
    {
      name: 'Changed',
      className: 'num muted',
      title: (k) => exactly(k.last_updated_timestamp),
      cell: (k) => when(k.last_updated_timestamp),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (k) => (
        <span className="scope-actions">
          <Button
            small
            look="outline"
            aria-label={`Replace ${k.key}`}
            onClick={() => ask({ kind: 'put', key: k.key })}
          >
            Replace
          </Button>
          <Button
            small
            look="outline"
            aria-label={`Delete ${k.key}`}
            onClick={() => ask({ kind: 'delete', key: k.key })}
          >
            Delete
          </Button>
        </span>
      ),
    },
  ];
}

interface QuestionProps {
  scope: string;
  asking: Asking;
  onClose: () => void;
}

function ScopeQuestions({ scope, asking, onClose }: QuestionProps) {
  if (asking === null) return null;
  if (asking.kind === 'put') return <PutSecret scope={scope} known={asking.key} onClose={onClose} />;
  if (asking.kind === 'access') return <SecretAccess scope={scope} onClose={onClose} />;
  if (asking.kind === 'scope')
    return (
      <TypedConfirm
        title={`Delete the scope ${scope}?`}
        text="All its secrets are deleted with it. Notebooks and clusters that read them fail from then on."
        word={scope}
        action="Delete"
        onSubmit={async () => {
          await post('scopes/delete', { scope });
          invalidate('secrets');
        }}
        onClose={onClose}
      />
    );
  const { key } = asking;
  return (
    <Confirm
      title={`Delete the secret ${key}?`}
      text="What reads it fails from then on. The value cannot be brought back."
      action="Delete"
      danger
      onClose={onClose}
      onConfirm={() => {
        post('delete', { scope, key })
          .then(() => toasts.show(`The secret ${key} is deleted`))
          .catch((error: unknown) => toasts.show(messageOf(error)))
          .finally(() => invalidate('secrets'));
      }}
    />
  );
}

function PutSecret({
  scope,
  known,
  onClose,
}: {
  scope: string;
  known?: string | undefined;
  onClose: () => void;
}) {
  return (
    <FormDialog
      title={known === undefined ? `New secret in ${scope}` : `Replace ${known}`}
      action={known === undefined ? 'Add' : 'Replace'}
      onSubmit={async (form) => {
        const key = known ?? String(form.get('key')).trim();
        await post('put', { scope, key, string_value: String(form.get('value')) });
        invalidate('secrets');
      }}
      onClose={onClose}
    >
      {known === undefined && <Field label="Key" name="key" required autoFocus />}
      <Field
        label="Value"
        name="value"
        type="password"
        autoComplete="off"
        required
        autoFocus={known !== undefined}
        hint="It is sealed at once and cannot be read on this page."
      />
    </FormDialog>
  );
}
