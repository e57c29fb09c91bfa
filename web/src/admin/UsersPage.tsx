import { EllipsisVertical, Plus } from 'lucide-react';
import { useState } from 'react';
import { invalidate } from '../api/resource.ts';
import { create, nameOf, type Resource } from '../api/scim.ts';
import { Link } from '../app/Link.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { Menu } from '../design/Menu.tsx';
import { OnceShown } from '../design/OnceShown.tsx';
import type { Column } from '../design/Table.tsx';
import { changing, groupsOf, isAdmin, resetPassword, setActive } from './changes.ts';
import { Listing } from './Listing.tsx';
import { ActiveMark, hrefOf } from './parts.tsx';
import { DeleteUser, Reset } from './UserQuestions.tsx';

type Asking = { kind: 'new' } | { kind: 'reset' | 'delete'; user: Resource } | null;

export function UsersPage() {
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  return (
    <>
      <Listing title="Users" folder="Users" columns={columns(setAsking)} empty="There are no users yet.">
        <Button
          look="primary"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setAsking({ kind: 'new' })}
        >
          New user
        </Button>
      </Listing>
      {asking?.kind === 'new' && <NewUser onClose={close} />}
      {asking?.kind === 'reset' && <Reset user={asking.user} onClose={close} />}
      {asking?.kind === 'delete' && <DeleteUser user={asking.user} onClose={close} />}
    </>
  );
}

function columns(ask: (asking: Asking) => void): Column<Resource>[] {
  return [
    {
      name: 'Name',
      className: 'list-name',
      title: nameOf,
      cell: (u) => (
        <span className="cell-main">
          <Link href={hrefOf('Users', u.id)}>{nameOf(u)}</Link>
        </span>
      ),
    },
    {
      name: 'User name',
      className: 'muted list-name',
      title: (u) => u.userName,
      cell: (u) => u.userName,
    },
    { name: 'State', cell: (u) => <ActiveMark resource={u} /> },
    { name: 'Role', cell: (u) => (isAdmin(u) ? 'Administrator' : <span className="muted">User</span>) },
    {
      name: 'Groups',
      className: 'muted list-groups',
      cell: (u) =>
        groupsOf(u)
          .map((g) => g.display)
          .join(', '),
    },
    {
      name: 'Actions',
      quiet: true,
      className: 'right',
      cell: (u) => (
        <Menu
          label={`Actions for ${nameOf(u)}`}
          className="btn btn-small btn-icon"
          align="end"
          trigger={<EllipsisVertical size={14} aria-hidden="true" />}
          entries={() => [
            { label: 'Open', action: () => navigate(hrefOf('Users', u.id)) },
            { label: 'Reset the password', action: () => ask({ kind: 'reset', user: u }) },
            {
              label: u.active ? 'Deactivate' : 'Activate',
              action: () =>
                void changing(
                  setActive('Users', u.id, !u.active),
                  `${nameOf(u)} is ${u.active ? 'deactivated' : 'active again'}`,
                ),
            },
            { kind: 'line' },
            { label: 'Delete', danger: true, action: () => ask({ kind: 'delete', user: u }) },
          ]}
        />
      ),
    },
  ];
}

/** A user, and at once the password for the first sign-in. */
function NewUser({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<{ user: Resource; password: string } | null>(null);
  if (made)
    return (
      <OnceShown
        title={`${nameOf(made.user)} can sign in`}
        label="Temporary password"
        value={made.password}
        note={`Give it to ${nameOf(made.user)} together with the user name ${made.user.userName}. At the first sign-in, within three days, a password of their own takes its place.`}
        onClose={onClose}
      />
    );
  const submit = async (form: FormData) => {
    const userName = String(form.get('userName')).trim();
    const displayName = String(form.get('displayName')).trim();
    const user = await create('Users', { userName, ...(displayName === '' ? {} : { displayName }) });
    invalidate('scim');
    return { user, password: (await resetPassword(user.id)).temporary_password };
  };
  return (
    <FormDialog title="New user" action="Create" onSubmit={submit} onDone={setMade} onClose={onClose}>
      <Field label="User name" name="userName" required autoFocus hint="Often the e-mail address." />
      <Field label="Full name" name="displayName" />
    </FormDialog>
  );
}
