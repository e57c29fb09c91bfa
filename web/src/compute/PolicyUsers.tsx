import { useState } from 'react';
import { useResource } from '../api/resource.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { type Act, useChanges } from '../people/changes.tsx';
import { KIND_WORDS, KindIcon } from '../people/KindIcon.tsx';
import { PeoplePicker } from '../people/PeoplePicker.tsx';
import type { Candidate } from '../people/search.ts';
import { type ClusterPolicy, letNoLongerUse, letUse, loadUsers, type User } from './policies.ts';
import '../people/share.css';

/** Who may make clusters by a policy. Administrators always may. */
export function PolicyUsers({ policy }: { policy: ClusterPolicy }) {
  const id = policy.policy_id;
  const { state, reload } = useResource(`policy-users/${id}`, () => loadUsers(id));
  const { act, failure, said } = useChanges(reload);
  return (
    <section aria-labelledby="policy-users">
      <h2 id="policy-users">Who may use it</h2>
      <Answered state={state}>
        {(users) => (
          <div className="share-parts">
            <Add id={id} users={users} act={act} />
            {failure}
            <ul className="share-list" data-testid="policy-users">
              {users.map((user) => (
                <Row key={`${user.kind}/${user.name}`} id={id} user={user} act={act} />
              ))}
            </ul>
          </div>
        )}
      </Answered>
      {said}
    </section>
  );
}

function Add({ id, users, act }: { id: string; users: User[]; act: Act }) {
  const [chosen, setChosen] = useState<Candidate[]>([]);
  const add = async (): Promise<void> => {
    const names = chosen.map((c) => c.display).join(', ');
    if (await act(letUse(id, chosen), `${names} may use it`)) setChosen([]);
  };
  return (
    <div className="share-add policy-add">
      <PeoplePicker
        label="Add people, groups or service principals"
        chosen={chosen}
        without={(c) => users.some((u) => u.kind === c.kind && u.name === c.name)}
        onChange={setChosen}
      />
      <Button look="primary" disabled={chosen.length === 0} onClick={() => void add()}>
        Add
      </Button>
    </div>
  );
}

function Row({ id, user, act }: { id: string; user: User; act: Act }) {
  return (
    <li className="share-row">
      <KindIcon kind={user.kind} />
      <span className="share-who">
        <span className="share-name">{user.display}</span>
        <span className="share-note">
          {user.direct ? KIND_WORDS[user.kind] : 'Administrators use every policy'}
        </span>
      </span>
      {user.direct && (
        <Button
          small
          aria-label={`Remove ${user.display}`}
          onClick={() => void act(letNoLongerUse(id, user), `${user.display} may no longer use it`)}
        >
          Remove
        </Button>
      )}
    </li>
  );
}
