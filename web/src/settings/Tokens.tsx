import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource, useSlow } from '../api/resource.ts';
import type { TokenInfo } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { exactly, onDay, when } from '../design/format.ts';
import { OnceShown } from '../design/OnceShown.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { SCOPE_WORDS, scopeWords, usedOn } from './scopes.ts';

async function loadTokens(): Promise<TokenInfo[]> {
  return (await call<{ token_infos?: TokenInfo[] }>('/api/2.0/token/list')).token_infos ?? [];
}

export function Tokens() {
  const { state } = useResource('tokens', loadTokens);
  const [making, setMaking] = useState(false);
  const slow = useSlow(state.kind === 'loading');
  return (
    <div className="settings-body settings-wide">
      <div className="settings-head">
        <p>A token lets a program act as you. Treat it as a password.</p>
        <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {state.kind === 'ready' &&
        (state.value.length === 0 ? <p className="muted">No tokens yet.</p> : <List tokens={state.value} />)}
      {making && <NewToken onClose={() => setMaking(false)} />}
    </div>
  );
}

function List({ tokens }: { tokens: TokenInfo[] }) {
  const [revoking, setRevoking] = useState<TokenInfo | null>(null);
  const revoke = (token: TokenInfo): void => {
    call('/api/2.0/token/delete', { method: 'POST', body: { token_id: token.token_id } })
      .then(() => toasts.show('Token revoked'))
      .catch((error: unknown) => toasts.show(messageOf(error)))
      .finally(() => invalidate('tokens'));
  };
  const columns: Column<TokenInfo>[] = [
    { name: 'Comment', cell: (t) => t.comment || <span className="muted">No comment</span> },
    { name: 'ID', className: 'code', cell: (t) => t.token_id.slice(0, 12) },
    { name: 'May use', className: 'wrap', cell: (t) => scopeWords(t.scopes) },
    {
      name: 'Created',
      className: 'num muted',
      title: (t) => exactly(t.creation_time),
      cell: (t) => when(t.creation_time),
    },
    {
      name: 'Last used',
      className: 'num muted',
      cell: (t) => (t.last_used_day ? usedOn(t.last_used_day) : 'Never'),
    },
    {
      name: 'Expires',
      className: 'num muted',
      title: (t) => (t.expiry_time > 0 ? exactly(t.expiry_time) : undefined),
      cell: (t) => (t.expiry_time > 0 ? onDay(t.expiry_time) : 'Never'),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (t) => (
        <Button
          small
          look="outline"
          aria-label={`Revoke ${t.comment || t.token_id}`}
          onClick={() => setRevoking(t)}
        >
          Revoke
        </Button>
      ),
    },
  ];
  return (
    <>
      <Table label="Access tokens" columns={columns} rows={tokens} keyOf={(t) => t.token_id} />
      {revoking && (
        <Confirm
          title="Revoke this token?"
          text={`Programs that use “${revoking.comment || revoking.token_id}” lose access at once. This cannot be undone.`}
          action="Revoke"
          danger
          onClose={() => setRevoking(null)}
          onConfirm={() => revoke(revoking)}
        />
      )}
    </>
  );
}

const DAY = 86_400;

function NewToken({ onClose }: { onClose: () => void }) {
  const [value, setValue] = useState<string | null>(null);
  const [limited, setLimited] = useState(false);
  const [scopes, setScopes] = useState<string[]>([]);
  if (value !== null)
    return <OnceShown title="Your new token" label="Token" value={value} onClose={onClose} />;
  const create = async (form: FormData): Promise<string> => {
    const days = Number(form.get('days'));
    const made = await call<{ token_value: string }>('/api/2.0/token/create', {
      method: 'POST',
      body: {
        comment: String(form.get('comment')).trim(),
        ...(days > 0 ? { lifetime_seconds: days * DAY } : {}),
        ...(limited ? { scopes } : {}),
      },
    });
    invalidate('tokens');
    return made.token_value;
  };
  return (
    <FormDialog
      title="New access token"
      action="Create"
      ready={!limited || scopes.length > 0}
      onSubmit={create}
      onDone={setValue}
      onClose={onClose}
    >
      <Field label="What is it for?" name="comment" autoFocus />
      <Field
        label="Lifetime in days"
        name="days"
        type="number"
        min={0}
        max={3650}
        value="90"
        hint="0 means that it never expires, where the workspace allows that."
      />
      <fieldset className="choice">
        <legend>What may it use?</legend>
        <div>
          <label>
            <input type="radio" name="limit" checked={!limited} onChange={() => setLimited(false)} />
            Everything you may
          </label>
          <label>
            <input type="radio" name="limit" checked={limited} onChange={() => setLimited(true)} />
            Only some of it
          </label>
        </div>
      </fieldset>
      {limited && <ScopeChoice chosen={scopes} onChange={setScopes} />}
    </FormDialog>
  );
}

function ScopeChoice({ chosen, onChange }: { chosen: string[]; onChange: (scopes: string[]) => void }) {
  return (
    <fieldset className="choice scope-choice">
      <legend className="visually-hidden">Scopes</legend>
      {Object.entries(SCOPE_WORDS).map(([scope, words]) => (
        <label key={scope}>
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={(e) =>
              onChange(e.target.checked ? [...chosen, scope] : chosen.filter((s) => s !== scope))
            }
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
