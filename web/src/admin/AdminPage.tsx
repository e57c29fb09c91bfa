import type { ComponentType } from 'react';
import { useChanges } from '../api/observable.ts';
import { useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { match, useLocation } from '../app/router.ts';
import { signIn } from '../app/session.ts';
import { AuditPage } from './AuditPage.tsx';
import { GroupPage } from './GroupPage.tsx';
import { GroupsPage } from './GroupsPage.tsx';
import { PrincipalPage } from './PrincipalPage.tsx';
import { PrincipalsPage } from './PrincipalsPage.tsx';
import { UserPage } from './UserPage.tsx';
import { UsersPage } from './UsersPage.tsx';
import { WorkspacesPage } from './WorkspacesPage.tsx';
import { loadWorkspaces } from './workspaces.ts';
import './admin.css';

const PARTS: { path: string; name: string; account?: boolean }[] = [
  { path: '/admin/users', name: 'Users' },
  { path: '/admin/groups', name: 'Groups' },
  { path: '/admin/service-principals', name: 'Service principals' },
  { path: '/admin/audit', name: 'Audit log' },
  { path: '/admin/workspaces', name: 'Workspaces', account: true },
];

const PAGES: [pattern: string, page: ComponentType<{ id: string }>][] = [
  ['/admin', UsersPage],
  ['/admin/users', UsersPage],
  ['/admin/users/:id', UserPage],
  ['/admin/groups', GroupsPage],
  ['/admin/groups/:id', GroupPage],
  ['/admin/service-principals', PrincipalsPage],
  ['/admin/service-principals/:id', PrincipalPage],
  ['/admin/audit', AuditPage],
  ['/admin/workspaces', WorkspacesPage],
];

/** The frame of the administration; the server refuses everybody else anyway, this says it in words. */
export function AdminPage() {
  const { path } = useLocation();
  useChanges(signIn);
  if (signIn.identity.kind !== 'in') return null;
  if (!signIn.identity.me.admin) return <Forbidden />;
  for (const [pattern, Page] of PAGES) {
    const params = match(pattern, path);
    if (!params) continue;
    const id = params['id'] ?? '';
    return (
      <main className="page admin" id="main" tabIndex={-1}>
        <nav className="tabs" aria-label="Administration">
          <Parts path={path} />
        </nav>
        <Page key={`${pattern} ${id}`} id={id} />
      </main>
    );
  }
  return <NotFound />;
}

/** Only administrators of the account are answered about workspaces, and only they are shown the way there. */
function Parts({ path }: { path: string }) {
  const { state } = useResource('workspaces', loadWorkspaces);
  return PARTS.filter((p) => !p.account || state.kind === 'ready').map((p) => (
    <Link key={p.path} href={p.path} aria-current={isAt(p.path, path) ? 'page' : undefined}>
      {p.name}
    </Link>
  ));
}

function isAt(part: string, path: string): boolean {
  return path.startsWith(part) || (path === '/admin' && part === '/admin/users');
}

function Forbidden() {
  useTitle('Not allowed');
  return (
    <main className="page" id="main" tabIndex={-1}>
      <h1>This page is for administrators</h1>
      <p>Ask an administrator of this workspace if you need something changed here.</p>
      <p>
        <Link href="/">Go to the home page</Link>
      </p>
    </main>
  );
}
