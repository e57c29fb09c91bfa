import { useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { passwordProblem } from '../app/passwords.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Field } from '../design/FormDialog.tsx';
import { toasts } from '../design/toast.tsx';
import { type SessionInfo, SessionTable } from './SessionTable.tsx';
import type { SignInWays } from './ways.ts';

/** The own password, and where one is signed in. */
export function Account() {
  return (
    <div className="settings-body settings-wide">
      <Ways />
      <section className="settings-part" aria-label="Sessions">
        <h2>Sessions</h2>
        <p className="muted">Where you are signed in. End what you do not know, and change your password.</p>
        <Sessions />
      </section>
    </div>
  );
}

/** A person whom an identity provider vouches for has perhaps no password here to change. */
function Ways() {
  const { state } = useResource('sign-in/own', () => call<SignInWays>('/api/campanile/v1/me/sign-in'));
  return (
    <Answered state={state}>
      {(ways) => (
        <>
          {ways.providers.length > 0 && (
            <section className="settings-part" aria-label="Single sign-on">
              <h2>Single sign-on</h2>
              {ways.providers.map((p) => (
                <p key={p.issuer}>
                  You sign in with {p.name}, <span className="code">{p.issuer}</span>. Change your name,
                  e-mail address and password there.
                </p>
              ))}
            </section>
          )}
          {ways.password && (
            <section className="settings-part" aria-label="Password">
              <h2>Password</h2>
              <ChangePassword />
            </section>
          )}
        </>
      )}
    </Answered>
  );
}

function ChangePassword() {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const change = async (form: HTMLFormElement): Promise<void> => {
    const given = new FormData(form);
    if (given.get('new') !== given.get('again')) {
      setRefusal('The new password is not the same both times.');
      return;
    }
    setBusy(true);
    setRefusal(null);
    try {
      await call('/api/campanile/v1/me/password', {
        method: 'POST',
        body: { old_password: given.get('old'), new_password: given.get('new') },
      });
      form.reset();
      toasts.show('Your password is changed; your other sessions are ended');
      invalidate('sessions');
    } catch (error) {
      setRefusal(passwordProblem(messageOf(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="password-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (!busy) void change(e.currentTarget);
      }}
    >
      <Field
        label="Your present password"
        name="old"
        type="password"
        autoComplete="current-password"
        required
      />
      <Field label="New password" name="new" type="password" autoComplete="new-password" required />
      <Field label="New password again" name="again" type="password" autoComplete="new-password" required />
      {refusal !== null && (
        <p className="notice notice-err" role="alert">
          {refusal}
        </p>
      )}
      <div>
        <Button look="primary" type="submit" disabled={busy}>
          Change the password
        </Button>
      </div>
    </form>
  );
}

const SESSIONS = '/api/campanile/v1/sessions';

async function loadSessions(): Promise<{ sessions: SessionInfo[]; current: string | null }> {
  const [all, own] = await Promise.all([
    call<{ sessions: SessionInfo[] }>(SESSIONS),
    call<{ session_id?: string | null }>('/api/campanile/v1/me/session'),
  ]);
  return { sessions: all.sessions, current: own.session_id ?? null };
}

function Sessions() {
  const { state } = useResource('sessions/own', loadSessions);
  const end = (ids: string[], words: string): void => {
    Promise.all(ids.map((id) => call(`${SESSIONS}/${encodeURIComponent(id)}`, { method: 'DELETE' })))
      .then(() => toasts.show(words))
      .catch((error: unknown) => toasts.show(messageOf(error)))
      .finally(() => invalidate('sessions'));
  };
  return (
    <Answered state={state}>
      {({ sessions, current }) => {
        const others = sessions.filter((s) => s.session_id !== current);
        return (
          <>
            <SessionTable
              sessions={sessions}
              current={current}
              onEnd={(s) => end([s.session_id], 'The session is ended')}
            />
            {others.length > 1 && (
              <div className="settings-after">
                <Button
                  look="outline"
                  onClick={() =>
                    end(
                      others.map((s) => s.session_id),
                      'All other sessions are ended',
                    )
                  }
                >
                  End all others
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Answered>
  );
}
