import { call, messageOf } from '../api/client.ts';
import { invalidate } from '../api/resource.ts';
import { type Folder, patch, type Reference, type Resource, remove } from '../api/scim.ts';
import { toasts } from '../design/toast.tsx';

export const ENTITLEMENTS: [name: string, words: string][] = [
  ['workspace-access', 'Use the workspace'],
  ['databricks-sql-access', 'Use SQL'],
  ['allow-cluster-create', 'Create clusters'],
  ['allow-instance-pool-create', 'Create pools'],
  ['workspace-consume', 'See what is shared'],
];

export const ADMINS = 'admins';
/** Groups every workspace has; who is in `users` is not up to anybody. */
export const BUILT_IN = [ADMINS, 'users'];

export function isAdmin(resource: Resource): boolean {
  return (resource.groups ?? []).some((g) => g.display === ADMINS);
}

/** The groups that mean something: everybody is in `users`. */
export function groupsOf(resource: Resource): Reference[] {
  return (resource.groups ?? []).filter((g) => g.display !== 'users');
}

export function setEntitlement(folder: Folder, id: string, name: string, on: boolean): Promise<Resource> {
  return patch(folder, id, [
    on
      ? { op: 'add', path: 'entitlements', value: [{ value: name }] }
      : { op: 'remove', path: `entitlements[value eq "${name}"]` },
  ]);
}

export function setActive(folder: Folder, id: string, active: boolean): Promise<Resource> {
  return patch(folder, id, [{ op: 'replace', path: 'active', value: active }]);
}

export function addMembers(group: string, ids: string[]): Promise<Resource> {
  return patch('Groups', group, [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }]);
}

export function removeMember(group: string, id: string): Promise<Resource> {
  return patch('Groups', group, [{ op: 'remove', path: `members[value eq "${id}"]` }]);
}

export async function removeResource(folder: Folder, id: string): Promise<void> {
  await remove(folder, id);
  invalidate('scim');
}

export function resetPassword(id: string): Promise<{ temporary_password: string; expires_at: number }> {
  return call(`/api/campanile/v1/users/${encodeURIComponent(id)}/password-reset`, {
    method: 'POST',
    body: {},
  });
}

/** Says how a change went, and loads again what it touched. */
export async function changing(change: Promise<unknown>, words?: string): Promise<boolean> {
  try {
    await change;
    if (words !== undefined) toasts.show(words);
    return true;
  } catch (error) {
    toasts.show(messageOf(error));
    return false;
  } finally {
    invalidate('scim');
  }
}
