import { call, encoded } from '../api/client.ts';

export interface Volume {
  name: string;
  full_name: string;
  owner: string;
  comment?: string;
  created_at: number;
}

export interface Entry {
  path: string;
  name: string;
  is_directory: boolean;
  /** Bytes, of files. */
  file_size?: number | null;
  last_modified: number;
}

/** What was read of a folder, and whether there is more in it. */
export interface Listing {
  entries: Entry[];
  cut: boolean;
}

/** The one schema there is. */
export const CATALOG = 'main';
export const SCHEMA = 'default';

const VOLUMES = '/api/2.1/unity-catalog/volumes';
const FILES = '/api/2.0/fs/files';
const FOLDERS = '/api/2.0/fs/directories';
/** More than this nobody looks through; the command line and the API have all of it. */
const MOST_PAGES = 5;

export async function loadVolumes(): Promise<Volume[]> {
  const found: Volume[] = [];
  let token: string | undefined;
  do {
    const page: { volumes?: Volume[]; next_page_token?: string } = await call(VOLUMES, {
      query: { catalog_name: CATALOG, schema_name: SCHEMA, page_token: token },
    });
    found.push(...(page.volumes ?? []));
    token = page.next_page_token || undefined;
  } while (token !== undefined);
  return found;
}

export function loadVolume(name: string): Promise<Volume> {
  return call<Volume>(`${VOLUMES}/${encodeURIComponent(`${CATALOG}.${SCHEMA}.${name}`)}`);
}

export function createVolume(name: string, comment: string): Promise<Volume> {
  return call<Volume>(VOLUMES, {
    method: 'POST',
    body: {
      catalog_name: CATALOG,
      schema_name: SCHEMA,
      name,
      volume_type: 'MANAGED',
      ...(comment === '' ? {} : { comment }),
    },
  });
}

export function changeVolume(
  volume: Volume,
  change: { new_name?: string; comment?: string },
): Promise<Volume> {
  return call<Volume>(`${VOLUMES}/${encodeURIComponent(volume.full_name)}`, {
    method: 'PATCH',
    body: change,
  });
}

export function deleteVolume(volume: Volume): Promise<unknown> {
  return call(`${VOLUMES}/${encodeURIComponent(volume.full_name)}`, { method: 'DELETE' });
}

/** Where the files of a volume are; `inside` is a path in it, with no slash before or after. */
export function pathOf(volume: string, inside: string): string {
  const root = `/Volumes/${CATALOG}/${SCHEMA}/${volume}`;
  return inside === '' ? root : `${root}/${inside}`;
}

export function fileHref(path: string): string {
  return FILES + encoded(path);
}

/** The page of a folder of a volume. */
export function pageOf(volume: string, inside = ''): string {
  const page = `/explore/data/${CATALOG}/${SCHEMA}/volumes/${encodeURIComponent(volume)}`;
  return inside === '' ? page : `${page}?path=${encodeURIComponent(inside)}`;
}

/** The page of a folder that was listed, by its own path: the list may be of one that was left meanwhile. */
export function pageAt(path: string): string {
  const [volume = '', ...inside] = path.slice(pathOf('', '').length).split('/');
  return pageOf(volume, inside.join('/'));
}

const DOTS = /\/\.\.?(\/|$)/;

function isIn(folder: string, entry: Entry): boolean {
  return entry.path.startsWith(`${folder}/`) && !DOTS.test(entry.path);
}

/** Folders first, each by name as people count. What is not in the folder is not shown as if it were. */
export async function loadEntries(path: string): Promise<Listing> {
  const entries: Entry[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page: { contents?: Entry[]; next_page_token?: string } = await call(FOLDERS + encoded(path), {
      query: { page_token: token },
    });
    entries.push(...(page.contents ?? []).filter((e) => isIn(path, e)));
    token = page.next_page_token || undefined;
    if (token === undefined) break;
  }
  entries.sort(
    (a, b) =>
      Number(!a.is_directory) - Number(!b.is_directory) ||
      a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  return { entries, cut: token !== undefined };
}

export async function makeFolder(path: string): Promise<unknown> {
  return call(FOLDERS + encoded(path), { method: 'PUT' });
}

/** The browser streams the file; refused where there is one of the name and it is not to be replaced. */
export async function upload(path: string, file: Blob, overwrite: boolean): Promise<unknown> {
  return call(FILES + encoded(path), { method: 'PUT', raw: file, query: { overwrite } });
}

export async function remove(entry: Entry): Promise<unknown> {
  return call((entry.is_directory ? FOLDERS : FILES) + encoded(entry.path), { method: 'DELETE' });
}
