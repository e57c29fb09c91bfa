import { useState } from 'react';
import { invalidate } from '../api/resource.ts';
import { folderOf, nameOf, patch, type Reference, type Resource } from '../api/scim.ts';
import { Link } from '../app/Link.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Prompt } from '../design/Dialog.tsx';
import { TypedConfirm } from '../design/FormDialog.tsx';
import { type Column, Table } from '../design/Table.tsx';
import { toasts } from '../design/toast.tsx';
import { KIND_WORDS, KindIcon } from '../people/KindIcon.tsx';
import { PeoplePicker } from '../people/PeoplePicker.tsx';
import type { Candidate } from '../people/search.ts';
import { addMembers, BUILT_IN, changing, removeMember, removeResource } from './changes.ts';
import { Entitlements, hrefOf, kindOf, MemberOf, One, Section } from './parts.tsx';

export function GroupPage({ id }: { id: string }) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const close = (): void => setAsking(null);
  const actions = (group: Resource) =>
    BUILT_IN.includes(group.displayName ?? '') ? null : (
      <>
        <Button look="outline" onClick={() => setAsking('rename')}>
          Rename
        </Button>
        <Button look="outline" className="danger-text" onClick={() => setAsking('delete')}>
          Delete
        </Button>
        {asking === 'rename' && <Rename group={group} onClose={close} />}
        {asking === 'delete' && <DeleteGroup group={group} onClose={close} />}
      </>
    );
  return (
    <One
      folder="Groups"
      id={id}
      actions={actions}
      mark={(g) => BUILT_IN.includes(g.displayName ?? '') && <span className="tag">Built in</span>}
    >
      {(group) => (
        <>
          <Members group={group} />
          <Entitlements folder="Groups" resource={group} />
          <MemberOf groups={group.groups ?? []} />
        </>
      )}
    </One>
  );
}

function Rename({ group, onClose }: { group: Resource; onClose: () => void }) {
  return (
    <Prompt
      title={`Rename “${nameOf(group)}”`}
      label="Name"
      value={nameOf(group)}
      action="Rename"
      onClose={onClose}
      onSubmit={async (name) => {
        await patch('Groups', group.id, [{ op: 'replace', path: 'displayName', value: name }]);
        invalidate('scim');
      }}
    />
  );
}

function DeleteGroup({ group, onClose }: { group: Resource; onClose: () => void }) {
  return (
    <TypedConfirm
      title={`Delete the group ${nameOf(group)}?`}
      text="What was shared with the group is no longer shared with its members. The members themselves stay."
      word={nameOf(group)}
      action="Delete"
      onSubmit={async () => {
        await removeResource('Groups', group.id);
        toasts.show(`The group ${nameOf(group)} is deleted`);
        navigate('/admin/groups', { replace: true });
      }}
      onClose={onClose}
    />
  );
}

function Members({ group }: { group: Resource }) {
  const members = [...(group.members ?? [])].sort((a, b) =>
    (a.display ?? a.value).localeCompare(b.display ?? b.value, 'en', { numeric: true }),
  );
  // Everybody is in this one, by rule.
  const fixed = group.displayName === 'users';
  return (
    <Section title="Members">
      {fixed ? (
        <p className="muted">Everybody in this workspace.</p>
      ) : (
        <AddMembers group={group} members={members} />
      )}
      {members.length === 0 ? (
        <p className="muted">Nobody yet.</p>
      ) : (
        <Table label="Members" columns={columns(group, fixed)} rows={members} keyOf={(m) => m.value} />
      )}
    </Section>
  );
}

function AddMembers({ group, members }: { group: Resource; members: Reference[] }) {
  const [chosen, setChosen] = useState<Candidate[]>([]);
  const add = async (): Promise<void> => {
    const ids = chosen.map((c) => c.id);
    if (await changing(addMembers(group.id, ids))) setChosen([]);
  };
  return (
    <div className="member-add">
      <PeoplePicker
        label="Add users, groups or service principals"
        chosen={chosen}
        without={(c) => c.id === group.id || members.some((m) => m.value === c.id)}
        onChange={setChosen}
      />
      <Button look="primary" disabled={chosen.length === 0} onClick={() => void add()}>
        Add
      </Button>
    </div>
  );
}

function columns(group: Resource, fixed: boolean): Column<Reference>[] {
  return [
    {
      name: 'Name',
      cell: (m) => (
        <span className="cell-main">
          <KindIcon kind={kindOf(m)} />
          <Link href={hrefOf(folderOf(m), m.value)}>{m.display ?? m.value}</Link>
        </span>
      ),
    },
    { name: 'Kind', className: 'muted', cell: (m) => KIND_WORDS[kindOf(m)] },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (m) =>
        fixed ? null : (
          <Button
            small
            look="outline"
            aria-label={`Remove ${m.display ?? m.value}`}
            onClick={() =>
              void changing(removeMember(group.id, m.value), `${m.display ?? m.value} is no member any more`)
            }
          >
            Remove
          </Button>
        ),
    },
  ];
}
