import { Plus } from 'lucide-react';
import { useState } from 'react';
import { create, nameOf, type Resource } from '../api/scim.ts';
import { Link } from '../app/Link.tsx';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import type { Column } from '../design/Table.tsx';
import { groupsOf } from './changes.ts';
import { Listing } from './Listing.tsx';
import { ActiveMark, hrefOf } from './parts.tsx';

export function PrincipalsPage() {
  const [making, setMaking] = useState(false);
  return (
    <>
      <Listing
        title="Service principals"
        folder="ServicePrincipals"
        columns={COLUMNS}
        empty="There are none yet. A service principal lets a program act in its own name, not in a person's."
      >
        <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setMaking(true)}>
          New service principal
        </Button>
      </Listing>
      {making && (
        <FormDialog
          title="New service principal"
          action="Create"
          onSubmit={(form) =>
            create('ServicePrincipals', { displayName: String(form.get('name')).trim(), active: true })
          }
          onDone={(made) => navigate(hrefOf('ServicePrincipals', made.id))}
          onClose={() => setMaking(false)}
        >
          <Field label="Name" name="name" required autoFocus hint="Secrets are made on the next page." />
        </FormDialog>
      )}
    </>
  );
}

const COLUMNS: Column<Resource>[] = [
  {
    name: 'Name',
    cell: (p) => (
      <span className="cell-main">
        <Link href={hrefOf('ServicePrincipals', p.id)}>{nameOf(p)}</Link>
      </span>
    ),
  },
  { name: 'Application ID', className: 'code muted', cell: (p) => p.applicationId },
  { name: 'State', cell: (p) => <ActiveMark resource={p} /> },
  {
    name: 'Groups',
    className: 'muted list-groups',
    cell: (p) =>
      groupsOf(p)
        .map((g) => g.display)
        .join(', '),
  },
];
