import { call } from '../api/client.ts';
import type { WorkspaceObject } from '../api/types.ts';

export interface Folder {
  objects: WorkspaceObject[];
  ancestors: { object_id: number; name: string; object_type?: WorkspaceObject['object_type'] }[];
}

export function loadFolder(id: string | null): Promise<Folder> {
  return call<Folder>('/api/campanile/v1/objects', { query: { parent_id: id ?? undefined } });
}

export function hrefOf(object: WorkspaceObject): string {
  switch (object.object_type) {
    case 'NOTEBOOK':
      return `/editor/notebooks/${object.object_id}`;
    case 'FILE':
      return `/editor/files/${object.object_id}`;
    case 'DIRECTORY':
    case 'REPO':
      return `/browse/folders/${object.object_id}`;
  }
}

/** Whether there can be objects in it. */
export function isFolder(object: WorkspaceObject): boolean {
  return object.object_type === 'DIRECTORY' || object.object_type === 'REPO';
}

/** Where the bytes of a file are; the server sends them as an attachment. */
export function contentOf(file: WorkspaceObject): string {
  return `/api/campanile/v1/objects/${file.object_id}/content`;
}

const FOLDERS = 60;

/** What quick open searches: the tree breadth first, as far as a person may see it, within reason. */
export async function loadTree(): Promise<WorkspaceObject[]> {
  const found: WorkspaceObject[] = [];
  let level: (string | null)[] = [null];
  let asked = 0;
  while (level.length > 0 && asked < FOLDERS) {
    const batch = level.slice(0, FOLDERS - asked);
    asked += batch.length;
    const folders = await Promise.all(batch.map(loadFolder));
    const objects = folders.flatMap((f) => f.objects);
    found.push(...objects);
    level = objects.filter(isFolder).map((o) => String(o.object_id));
  }
  return found.sort((a, b) => (b.modified_at ?? 0) - (a.modified_at ?? 0));
}
