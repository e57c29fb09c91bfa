import { call } from './client.ts';

/** The part of SCIM 2.0 that the pages use. */
const BASE = '/api/2.0/preview/scim/v2';

export type Folder = 'Users' | 'Groups' | 'ServicePrincipals';

export interface Reference {
  value: string;
  display?: string;
  type?: 'direct' | 'indirect';
  $ref?: string;
}

export interface Resource {
  id: string;
  displayName?: string;
  userName?: string;
  applicationId?: string;
  active?: boolean;
  emails?: { value: string; type?: string; primary?: boolean }[];
  groups?: Reference[];
  members?: Reference[];
  entitlements?: { value: string }[];
}

export interface Page {
  totalResults: number;
  startIndex: number;
  Resources: Resource[];
}

export interface Question {
  search?: string;
  /** From one. */
  startIndex?: number;
  count: number;
  attributes?: string;
  activeOnly?: boolean;
}

const NAMES: Record<Folder, string[]> = {
  Users: ['displayName', 'userName'],
  Groups: ['displayName'],
  ServicePrincipals: ['displayName', 'applicationId'],
};

/** What a search field means: the words anywhere in one of the names. */
export function filterOf(folder: Folder, search = '', activeOnly = false): string | undefined {
  const text = search.trim();
  const named =
    text === '' ? [] : [`(${NAMES[folder].map((n) => `${n} co ${JSON.stringify(text)}`).join(' or ')})`];
  const active = activeOnly && folder !== 'Groups' ? ['active eq true'] : [];
  const all = [...active, ...named];
  return all.length === 0 ? undefined : all.join(' and ');
}

export function list(folder: Folder, question: Question, signal?: AbortSignal): Promise<Page> {
  return call<Page>(`${BASE}/${folder}`, {
    query: {
      filter: filterOf(folder, question.search, question.activeOnly),
      startIndex: question.startIndex ?? 1,
      count: question.count,
      sortBy: 'displayName',
      attributes: question.attributes,
    },
    ...(signal ? { signal } : {}),
  });
}

const one = (folder: Folder, id: string): string => `${BASE}/${folder}/${encodeURIComponent(id)}`;

export function read(folder: Folder, id: string): Promise<Resource> {
  return call<Resource>(one(folder, id));
}

export function create(folder: Folder, resource: Partial<Resource>): Promise<Resource> {
  const kind = folder === 'Users' ? 'User' : folder === 'Groups' ? 'Group' : 'ServicePrincipal';
  return call<Resource>(`${BASE}/${folder}`, {
    method: 'POST',
    body: { schemas: [`urn:ietf:params:scim:schemas:core:2.0:${kind}`], ...resource },
  });
}

export interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

export function patch(folder: Folder, id: string, operations: Operation[]): Promise<Resource> {
  return call<Resource>(one(folder, id), {
    method: 'PATCH',
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations },
  });
}

export async function remove(folder: Folder, id: string): Promise<void> {
  await call(one(folder, id), { method: 'DELETE' });
}

export function nameOf(resource: Resource): string {
  return resource.displayName || resource.userName || resource.applicationId || resource.id;
}

/** Where a member is kept: references name it as "Users/12". */
export function folderOf(reference: Reference): Folder {
  const folder = reference.$ref?.split('/')[0];
  return folder === 'Groups' || folder === 'ServicePrincipals' ? folder : 'Users';
}
