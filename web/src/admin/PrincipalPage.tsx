import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { nameOf, type Resource } from '../api/scim.ts';
import { navigate } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { Field, FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { exactly, when } from '../design/format.ts';
import { CopyField, OnceShown } from '../design/OnceShown.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { changing, groupsOf, removeResource, setActive } from './changes.ts';
import { ActiveMark, Entitlements, Facts, MemberOf, One, Section } from './parts.tsx';

export function PrincipalPage({ id }: { id: string }) {
  const [deleting, setDeleting] = useState(false);
  const actions = (p: Resource) => (
    <>
      <Button
        look="outline"
        onClick={() =>
          void changing(
            setActive('ServicePrincipals', p.id, !p.active),
            `${nameOf(p)} is ${p.active ? 'deactivated' : 'active again'}`,
          )
        }
      >
        {p.active ? 'Deactivate' : 'Activate'}
      </Button>
      <Button look="outline" className="danger-text" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      {deleting && <DeletePrincipal principal={p} onClose={() => setDeleting(false)} />}
    </>
  );
  return (
    <One folder="ServicePrincipals" id={id} actions={actions} mark={(p) => <ActiveMark resource={p} />}>
      {(p) => (
        <>
          <Facts
            facts={[
              [
                'Application ID',
                <CopyField key="app" label="Application ID" value={p.applicationId ?? ''} />,
              ],
              [
                'Number',
                <span key="id" className="num">
                  {p.id}
                </span>,
              ],
            ]}
          />
          <Secrets principal={p} />
          <Entitlements folder="ServicePrincipals" resource={p} />
          <MemberOf groups={groupsOf(p)} />
        </>
      )}
    </One>
  );
}

function DeletePrincipal({ principal, onClose }: { principal: Resource; onClose: () => void }) {
  return (
    <TypedConfirm
      title={`Delete ${nameOf(principal)}?`}
      text="Programs that use it lose access at once, with all its secrets, tokens and permissions."
      word={nameOf(principal)}
      action="Delete"
      onSubmit={async () => {
        await removeResource('ServicePrincipals', principal.id);
        toasts.show(`${nameOf(principal)} is deleted`);
        navigate('/admin/service-principals', { replace: true });
      }}
      onClose={onClose}
    />
  );
}

interface ClientSecret {
  id: string;
  status: string;
  secret_hash: string;
  create_time: string;
  expire_time?: string | null;
}

const MOST_SECRETS = 5;

function Secrets({ principal }: { principal: Resource }) {
  const path = `/api/2.0/accounts/servicePrincipals/${encodeURIComponent(principal.id)}/credentials/secrets`;
  const key = `client-secrets/${principal.id}`;
  const { state } = useResource(key, () => call<{ secrets?: ClientSecret[] }>(path));
  const [making, setMaking] = useState(false);
  const [deleting, setDeleting] = useState<ClientSecret | null>(null);
  const end = (secret: ClientSecret): void => {
    const done = call(`${path}/${encodeURIComponent(secret.id)}`, { method: 'DELETE' });
    void changing(
      done.finally(() => invalidate(key)),
      'The secret is deleted',
    );
  };
  return (
    <Section title="Secrets">
      <p className="muted">
        With the application ID and a secret a program signs in by OAuth, as itself. At most {MOST_SECRETS}.
      </p>
      <Answered state={state}>
        {({ secrets = [] }) => (
          <>
            {secrets.length > 0 && (
              <Table label="Secrets" columns={columns(setDeleting)} rows={secrets} keyOf={(s) => s.id} />
            )}
            <div>
              <Button
                look="outline"
                icon={<Plus size={14} aria-hidden="true" />}
                disabled={secrets.length >= MOST_SECRETS}
                onClick={() => setMaking(true)}
              >
                New secret
              </Button>
            </div>
          </>
        )}
      </Answered>
      {making && <NewSecret path={path} cacheKey={key} onClose={() => setMaking(false)} />}
      {deleting && (
        <Confirm
          title="Delete this secret?"
          text="Programs that use it cannot sign in any more, and tokens they got with it end within seconds."
          action="Delete"
          danger
          onClose={() => setDeleting(null)}
          onConfirm={() => end(deleting)}
        />
      )}
    </Section>
  );
}

const at = (time: string): number => Date.parse(time);

function columns(onDelete: (secret: ClientSecret) => void): Column<ClientSecret>[] {
  return [
    { name: 'Begins its hash', className: 'code', cell: (s) => s.secret_hash.slice(0, 12) },
    { name: 'State', cell: (s) => (s.status === 'ACTIVE' ? 'Active' : 'Expired') },
    {
      name: 'Created',
      className: 'num muted',
      title: (s) => exactly(at(s.create_time)),
      cell: (s) => when(at(s.create_time)),
    },
    {
      name: 'Expires',
      className: 'num muted',
      cell: (s) => (s.expire_time ? exactly(at(s.expire_time)) : 'Never'),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (s) => (
        <Button
          small
          look="outline"
          aria-label={`Delete the secret ${s.secret_hash.slice(0, 12)}`}
          onClick={() => onDelete(s)}
        >
          Delete
        </Button>
      ),
    },
  ];
}

const DAY = 86_400;

function NewSecret({ path, cacheKey, onClose }: { path: string; cacheKey: string; onClose: () => void }) {
  const [value, setValue] = useState<string | null>(null);
  if (value !== null)
    return <OnceShown title="The new secret" label="Secret" value={value} onClose={onClose} />;
  const create = async (form: FormData): Promise<string> => {
    const lifetime = `${Number(form.get('days')) * DAY}s`;
    const made = await call<{ secret: string }>(path, { method: 'POST', body: { lifetime } });
    invalidate(cacheKey);
    return made.secret;
  };
  return (
    <FormDialog title="New secret" action="Create" onSubmit={create} onDone={setValue} onClose={onClose}>
      <Field
        label="Lifetime in days"
        name="days"
        type="number"
        min={1}
        max={730}
        value="365"
        required
        autoFocus
      />
    </FormDialog>
  );
}
