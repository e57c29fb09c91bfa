import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { Menu, type MenuEntry } from '../design/Menu.tsx';
import { type Act, useChanges } from '../people/changes.tsx';
import { PeoplePicker } from '../people/PeoplePicker.tsx';
import type { Candidate } from '../people/search.ts';
import '../people/share.css';

const ACLS = '/api/2.0/secrets/acls';

type Permission = 'READ' | 'WRITE' | 'MANAGE';

interface Grant {
  principal: string;
  permission: Permission;
}

const WORDS: Record<Permission, string> = { READ: 'Can read', WRITE: 'Can write', MANAGE: 'Can manage' };
const PERMISSIONS = Object.keys(WORDS) as Permission[];

async function loadGrants(scope: string): Promise<Grant[]> {
  return (await call<{ items?: Grant[] }>(`${ACLS}/list`, { query: { scope } })).items ?? [];
}

const put = (scope: string, principal: string, permission: Permission): Promise<unknown> =>
  call(`${ACLS}/put`, { method: 'POST', body: { scope, principal, permission } });

/** Who may use the secrets of a scope; whoever manages the scope changes it. */
export function SecretAccess({ scope, onClose }: { scope: string; onClose: () => void }) {
  const { state, reload } = useResource(`secret-acls/${scope}`, () => loadGrants(scope));
  const { act, failure, said } = useChanges(reload);
  return (
    <Dialog title={`Who may use ${scope}`} onClose={onClose} className="share">
      <Answered state={state}>
        {(grants) => (
          <div className="share-parts">
            <Add scope={scope} grants={grants} act={act} />
            {failure}
            <p className="muted">Administrators of the workspace manage every scope.</p>
            <ul className="share-list" data-testid="secret-grants" aria-label="Who has access">
              {grants.map((g) => (
                <li key={g.principal} className="share-row">
                  <span className="share-who share-name ellipsis">{g.principal}</span>
                  <Level scope={scope} grant={g} act={act} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </Answered>
      {said}
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

function levels(now: Permission, choose: (permission: Permission) => void): MenuEntry[] {
  return PERMISSIONS.map((p) => ({ label: WORDS[p], checked: p === now, action: () => choose(p) }));
}

function Add({ scope, grants, act }: { scope: string; grants: Grant[]; act: Act }) {
  const [chosen, setChosen] = useState<Candidate[]>([]);
  const [permission, setPermission] = useState<Permission>('READ');
  const give = async (): Promise<void> => {
    for (const c of chosen) {
      if (!(await act(put(scope, c.name, permission), `${c.display}: ${WORDS[permission]}`))) return;
      setChosen((left) => left.filter((x) => x.id !== c.id));
    }
  };
  return (
    <div className="share-add">
      <PeoplePicker
        label="Add people, groups or service principals"
        chosen={chosen}
        without={(c) => grants.some((g) => g.principal === c.name)}
        onChange={setChosen}
        autoFocus
      />
      <Menu
        label={`What they can do: ${WORDS[permission]}`}
        className="btn btn-outline"
        align="end"
        trigger={
          <>
            {WORDS[permission]}
            <ChevronDown size={13} aria-hidden="true" />
          </>
        }
        entries={() => levels(permission, setPermission)}
      />
      <Button look="primary" disabled={chosen.length === 0} onClick={() => void give()}>
        Add
      </Button>
    </div>
  );
}

function Level({ scope, grant, act }: { scope: string; grant: Grant; act: Act }) {
  const { principal, permission } = grant;
  const entries = (): MenuEntry[] => [
    ...levels(permission, (next) => {
      if (next !== permission) void act(put(scope, principal, next), `${principal}: ${WORDS[next]}`);
    }),
    { kind: 'line' },
    {
      label: 'Remove access',
      danger: true,
      action: () =>
        void act(
          call(`${ACLS}/delete`, { method: 'POST', body: { scope, principal } }),
          `${principal} has no access any more`,
        ),
    },
  ];
  return (
    <Menu
      label={`${principal}: ${WORDS[permission]}`}
      className="btn btn-small share-menu"
      align="end"
      trigger={
        <>
          {WORDS[permission]}
          <ChevronDown size={13} aria-hidden="true" />
        </>
      }
      entries={entries}
    />
  );
}
