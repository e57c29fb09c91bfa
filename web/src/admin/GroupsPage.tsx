import { Plus } from 'lucide-react';
import { useState } from 'react';
import { create, nameOf, type Resource } from '../api/scim.ts';
import { Link } from '../app/Link.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { count } from '../design/format.ts';
import type { Column } from '../design/Table.tsx';
import { BUILT_IN, ENTITLEMENTS } from './changes.ts';
import { Listing } from './Listing.tsx';
import { hrefOf } from './parts.tsx';

export function GroupsPage() {
  const [making, setMaking] = useState(false);
  return (
    <>
      <Listing title="Groups" folder="Groups" columns={COLUMNS} empty="There are no groups yet.">
        <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setMaking(true)}>
          New group
        </Button>
      </Listing>
      {making && (
        <FormDialog
          title="New group"
          action="Create"
          onSubmit={(form) => create('Groups', { displayName: String(form.get('name')).trim() })}
          onDone={(group) => navigate(hrefOf('Groups', group.id))}
          onClose={() => setMaking(false)}
        >
          <Field label="Name" name="name" required autoFocus hint="Members are added on the next page." />
        </FormDialog>
      )}
    </>
  );
}

const COLUMNS: Column<Resource>[] = [
  {
    name: 'Name',
    cell: (g) => (
      <span className="cell-main">
        <Link href={hrefOf('Groups', g.id)}>{nameOf(g)}</Link>
        {BUILT_IN.includes(g.displayName ?? '') && <span className="tag">Built in</span>}
      </span>
    ),
  },
  { name: 'Members', className: 'num', cell: (g) => count(g.members?.length ?? 0) },
  {
    name: 'Entitlements',
    className: 'muted list-groups',
    cell: (g) =>
      (g.entitlements ?? []).map((e) => ENTITLEMENTS.find(([n]) => n === e.value)?.[1] ?? e.value).join(', '),
  },
  {
    name: 'Member of',
    className: 'muted list-groups',
    cell: (g) => (g.groups ?? []).map((x) => x.display).join(', '),
  },
];
