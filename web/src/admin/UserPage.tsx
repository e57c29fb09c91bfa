import { useState } from 'react';
import { call } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { list, nameOf, type Resource } from '../api/scim.ts';
import { navigate } from '../app/router.ts';
import { signIn } from '../app/session.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { exactly } from '../design/format.ts';
import { type SessionInfo, SessionTable } from '../settings/SessionTable.tsx';
import type { SignInWays } from '../settings/ways.ts';
import { addMembers, changing, groupsOf, isAdmin, removeMember, setActive } from './changes.ts';
import { ActiveMark, Entitlements, Facts, MemberOf, One, Section } from './parts.tsx';
import { DeleteUser, Reset } from './UserQuestions.tsx';

export function UserPage({ id }: { id: string }) {
  const [asking, setAsking] = useState<'reset' | 'delete' | null>(null);
  const actions = (user: Resource) => (
    <>
      <Button look="outline" onClick={() => setAsking('reset')}>
        Reset the password
      </Button>
      <Button
        look="outline"
        onClick={() =>
          void changing(
            setActive('Users', user.id, !user.active),
            `${nameOf(user)} is ${user.active ? 'deactivated' : 'active again'}`,
          )
        }
      >
        {user.active ? 'Deactivate' : 'Activate'}
      </Button>
      <Button look="outline" className="danger-text" onClick={() => setAsking('delete')}>
        Delete
      </Button>
      {asking === 'reset' && <Reset user={user} onClose={() => setAsking(null)} />}
      {asking === 'delete' && (
        <DeleteUser
          user={user}
          onClose={() => setAsking(null)}
          onDone={() => navigate('/admin/users', { replace: true })}
        />
      )}
    </>
  );
  return (
    <One folder="Users" id={id} actions={actions} mark={(u) => <ActiveMark resource={u} />}>
      {(user) => (
        <>
          <Facts
            facts={[
              ['User name', user.userName],
              ['E-mail', (user.emails ?? []).map((e) => e.value).join(', ')],
              [
                'Number',
                <span key="id" className="num">
                  {user.id}
                </span>,
              ],
              ['Signs in with', <SignsIn key="ways" user={user} />],
              ['Role', <Role key="role" user={user} />],
            ]}
          />
          <Entitlements folder="Users" resource={user} />
          <MemberOf groups={groupsOf(user)} />
          <Sessions user={user} />
        </>
      )}
    </One>
  );
}

/** By password, by an identity provider, or both. */
function SignsIn({ user }: { user: Resource }) {
  const path = `/api/campanile/v1/users/${encodeURIComponent(user.id)}/sign-in`;
  const key = `sign-in/${user.id}`;
  const { state } = useResource(key, () => call<SignInWays>(path));
  if (state.kind !== 'ready')
    return <span className="muted">{state.kind === 'loading' ? '…' : state.message}</span>;
  const { password, providers } = state.value;
  const unlink = (): void =>
    void changing(
      call(`${path}/provider`, { method: 'DELETE' }).finally(() => invalidate(key)),
      `${nameOf(user)} is no longer linked; their next sign-in with a verified address links them again`,
    );
  return (
    <span className="admin-role">
      {providers.map((p) => (
        <span key={p.issuer} title={`${p.issuer}, subject ${p.subject}`}>
          {p.name}, last {exactly(p.last_sign_in_at)}
        </span>
      ))}
      {password && <span>{providers.length > 0 ? 'and a password' : 'A password'}</span>}
      {!password && providers.length === 0 && (
        <span className="muted">Nothing yet: reset the password to give them one</span>
      )}
      {providers.length > 0 && (
        <Button small look="outline" onClick={unlink}>
          Unlink
        </Button>
      )}
    </span>
  );
}

/** Administrators are those in the group `admins`, in person or through a group. */
function Role({ user }: { user: Resource }) {
  const admin = isAdmin(user);
  const direct = (user.groups ?? []).find((g) => g.display === 'admins')?.type !== 'indirect';
  const self = signIn.identity.kind === 'in' && String(signIn.identity.me.user_id) === user.id;
  const toggle = async (): Promise<void> => {
    const group = (
      await list('Groups', { search: 'admins', count: 50, attributes: 'id,displayName' })
    ).Resources.find((g) => g.displayName === 'admins');
    if (group) await (admin ? removeMember(group.id, user.id) : addMembers(group.id, [user.id]));
  };
  return (
    <span className="admin-role">
      {admin ? (direct ? 'Administrator' : 'Administrator through a group') : 'User'}
      {!self && (!admin || direct) && (
        <Button
          small
          look="outline"
          onClick={() =>
            void changing(
              toggle(),
              `${nameOf(user)} is ${admin ? 'no administrator any more' : 'an administrator'}`,
            )
          }
        >
          {admin ? 'Make an ordinary user' : 'Make an administrator'}
        </Button>
      )}
    </span>
  );
}

function Sessions({ user }: { user: Resource }) {
  const path = `/api/campanile/v1/users/${encodeURIComponent(user.id)}/sessions`;
  const key = `sessions/${user.id}`;
  const { state } = useResource(key, () => call<{ sessions: SessionInfo[] }>(path));
  return (
    <Section title="Sessions">
      <Answered state={state}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <p className="muted">Not signed in anywhere.</p>
          ) : (
            <SessionTable
              sessions={sessions}
              onEnd={(s) =>
                void changing(
                  call(`${path}/${encodeURIComponent(s.session_id)}`, { method: 'DELETE' }).finally(() =>
                    invalidate(key),
                  ),
                  'The session is ended',
                )
              }
            />
          )
        }
      </Answered>
    </Section>
  );
}
