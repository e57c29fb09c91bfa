import { call, messageOf } from '../api/client.ts';
import { invalidate } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { navigate } from '../app/router.ts';
import { toasts } from '../design/toast.tsx';
import { hrefOf } from './tree.ts';

/** The folder on the screen is where new things go; elsewhere the server chooses the home folder. */
export function folderOnScreen(): number | null {
  const found = /^\/browse\/folders\/(\d+)/.exec(location.pathname);
  return found ? Number(found[1]) : null;
}

async function home(): Promise<number | null> {
  const answer = await call<{ home: WorkspaceObject | null }>('/api/campanile/v1/home');
  return answer.home?.object_id ?? null;
}

async function create(type: WorkspaceObject['object_type'], name?: string): Promise<WorkspaceObject> {
  const parent = folderOnScreen() ?? (await home());
  const body = {
    object_type: type,
    ...(parent === null ? {} : { parent_id: parent }),
    ...(name ? { name } : {}),
  };
  const made = await call<WorkspaceObject>('/api/campanile/v1/objects', { method: 'POST', body });
  invalidate('folder');
  invalidate('tree');
  invalidate('home');
  return made;
}

export async function createNotebook(): Promise<void> {
  try {
    navigate(hrefOf(await create('NOTEBOOK')));
  } catch (error) {
    toasts.show(messageOf(error));
  }
}

/** Throws what the server refuses: a dialog that asked for the name shows it. */
export async function nameFolder(name?: string): Promise<void> {
  const made = await create('DIRECTORY', name);
  toasts.show(`Folder “${made.name}” created`, { label: 'Open', run: () => navigate(hrefOf(made)) });
}

export async function createFolder(): Promise<void> {
  try {
    await nameFolder();
  } catch (error) {
    toasts.show(messageOf(error));
  }
}
