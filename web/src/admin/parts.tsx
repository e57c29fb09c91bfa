import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { type Loaded, useResource } from '../api/resource.ts';
import { type Folder, folderOf, nameOf, type Reference, type Resource, read } from '../api/scim.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { Answered } from '../design/Answered.tsx';
import { changing, ENTITLEMENTS, setEntitlement } from './changes.ts';

export const PLACES: Record<Folder, { path: string; name: string }> = {
  Users: { path: '/admin/users', name: 'Users' },
  Groups: { path: '/admin/groups', name: 'Groups' },
  ServicePrincipals: { path: '/admin/service-principals', name: 'Service principals' },
};

export function hrefOf(folder: Folder, id: string): string {
  return `${PLACES[folder].path}/${encodeURIComponent(id)}`;
}

export function ActiveMark({ resource }: { resource: Resource }) {
  const active = resource.active ?? true;
  return (
    <span className="state">
      <span className={`dot ${active ? 'dot-running' : ''}`} aria-hidden="true" />
      {active ? 'Active' : 'Deactivated'}
    </span>
  );
}

interface OneProps {
  folder: Folder;
  id: string;
  actions: (resource: Resource) => ReactNode;
  mark?: (resource: Resource) => ReactNode;
  children: (resource: Resource) => ReactNode;
}

/** The page of one user, group or service principal. */
export function One({ folder, id, actions, mark, children }: OneProps) {
  const { state } = useResource(`scim/${folder}/one/${id}`, () => read(folder, id));
  useTitle(state.kind === 'ready' ? nameOf(state.value) : PLACES[folder].name);
  if (isMissing(state)) return <Missing folder={folder} />;
  return (
    <Answered state={state}>
      {(resource) => (
        <>
          <Above folder={folder} />
          <div className="page-head">
            <h1 className="admin-name">{nameOf(resource)}</h1>
            {mark?.(resource)}
            <div className="actions">{actions(resource)}</div>
          </div>
          {children(resource)}
        </>
      )}
    </Answered>
  );
}

function isMissing(state: Loaded<unknown>): boolean {
  return state.kind === 'failed' && state.error instanceof ApiError && state.error.status === 404;
}

function Above({ folder }: { folder: Folder }) {
  return (
    <nav className="crumbs" aria-label="Lists above">
      <Link href={PLACES[folder].path}>{PLACES[folder].name}</Link>
    </nav>
  );
}

function Missing({ folder }: { folder: Folder }) {
  return (
    <>
      <Above folder={folder} />
      <h1>This one does not exist any more</h1>
      <p className="muted">It may have been deleted, or the address is wrong.</p>
    </>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="page-section" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What somebody may do here whatever groups give; changed at once, one at a time. */
export function Entitlements({ folder, resource }: { folder: Folder; resource: Resource }) {
  const own = (resource.entitlements ?? []).map((e) => e.value);
  // A box shows at once what was asked for; what the server then says takes its place.
  const [wanted, setWanted] = useState<Record<string, boolean>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer ends the waiting.
  useEffect(() => setWanted({}), [resource]);
  const set = async (name: string, on: boolean): Promise<void> => {
    setWanted((before) => ({ ...before, [name]: on }));
    if (!(await changing(setEntitlement(folder, resource.id, name, on)))) setWanted({});
  };
  return (
    <Section title="Entitlements">
      <p className="muted">
        {folder === 'Groups'
          ? 'Every member has these.'
          : 'What groups give comes on top of these. Administrators may do everything.'}
      </p>
      <div className="entitlements">
        {ENTITLEMENTS.map(([name, words]) => (
          <label key={name} className="check">
            <input
              type="checkbox"
              checked={wanted[name] ?? own.includes(name)}
              onChange={(e) => void set(name, e.target.checked)}
            />
            {words}
          </label>
        ))}
      </div>
    </Section>
  );
}

/** The groups somebody is in, also those through other groups. */
export function MemberOf({ groups }: { groups: Reference[] }) {
  return (
    <Section title="Groups">
      {groups.length === 0 ? (
        <p className="muted">In no group. Members are added on the page of a group.</p>
      ) : (
        <ul className="plain-list">
          {groups.map((g) => (
            <li key={g.value}>
              <Link href={hrefOf('Groups', g.value)}>{g.display ?? g.value}</Link>
              {g.type === 'indirect' && <span className="muted"> through another group</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function kindOf(reference: Reference): 'USER' | 'GROUP' | 'SERVICE_PRINCIPAL' {
  const folder = folderOf(reference);
  return folder === 'Groups' ? 'GROUP' : folder === 'ServicePrincipals' ? 'SERVICE_PRINCIPAL' : 'USER';
}
