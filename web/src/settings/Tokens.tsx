import { Copy, Plus, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource, useSlow } from '../api/resource.ts';
import type { TokenInfo } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Confirm, Dialog } from '../design/Dialog.tsx';
import { exactly, when } from '../design/format.ts';
import { toasts } from '../design/toast.tsx';

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
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th>Comment</th>
            <th>ID</th>
            <th>Created</th>
            <th>Expires</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((t) => (
            <tr key={t.token_id}>
              <td>{t.comment || <span className="muted">No comment</span>}</td>
              <td className="code">{t.token_id.slice(0, 12)}</td>
              <td className="num muted" title={exactly(t.creation_time)}>
                {when(t.creation_time)}
              </td>
              <td className="num muted">{t.expiry_time > 0 ? exactly(t.expiry_time) : 'Never'}</td>
              <td className="right">
                <Button
                  small
                  look="outline"
                  aria-label={`Revoke ${t.comment || t.token_id}`}
                  onClick={() => setRevoking(t)}
                >
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
    </div>
  );
}

const DAY = 86_400;

function NewToken({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [value, setValue] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const create = async (form: FormData): Promise<void> => {
    const days = Number(form.get('days'));
    const body = {
      comment: String(form.get('comment')).trim(),
      ...(days > 0 ? { lifetime_seconds: days * DAY } : {}),
    };
    try {
      const made = await call<{ token_value: string }>('/api/2.0/token/create', { method: 'POST', body });
      setValue(made.token_value);
      invalidate('tokens');
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  if (value !== null) return <Made value={value} onClose={onClose} />;
  return (
    <Dialog title="New access token" onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          void create(new FormData(e.currentTarget));
        }}
      >
        {failure && <p className="notice notice-err">{failure}</p>}
        <div className="field">
          <label htmlFor={`${id}c`}>What is it for?</label>
          <input id={`${id}c`} name="comment" className="input" autoComplete="off" autoFocus />
        </div>
        <div className="field">
          <label htmlFor={`${id}d`}>Lifetime in days</label>
          <input
            id={`${id}d`}
            name="days"
            className="input"
            type="number"
            min={0}
            max={3650}
            defaultValue={90}
          />
          <span className="hint">0 means that it never expires.</span>
        </div>
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Made({ value, onClose }: { value: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Dialog title="Your new token" onClose={onClose}>
      <p className="notice">
        <TriangleAlert size={16} aria-hidden="true" />
        Copy it now: it is not stored and cannot be shown again.
      </p>
      <div className="token-value">
        <input
          className="input code"
          readOnly
          value={value}
          aria-label="Token"
          onFocus={(e) => e.currentTarget.select()}
        />
        <Button
          look="outline"
          icon={<Copy size={14} aria-hidden="true" />}
          onClick={() => {
            navigator.clipboard.writeText(value).then(
              () => setCopied(true),
              () => toasts.show('The browser refused to copy: select the text instead'),
            );
          }}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
