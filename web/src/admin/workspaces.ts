import { call } from '../api/client.ts';

export interface Workspace {
  workspace_id: number;
  workspace_name: string;
  deployment_name?: string;
  creation_time: number;
  /** It came with the installation and stays as long as that does. */
  is_first?: boolean;
}

/** There is one account in an installation, and this is its number. */
export const WORKSPACES = '/api/2.0/accounts/00000000-0000-4000-8000-000000000001/workspaces';

export function loadWorkspaces(): Promise<Workspace[]> {
  return call<Workspace[]>(WORKSPACES);
}

/** Why a workspace cannot be deleted from here; null where it can. `here` is the workspace of whoever asks. */
export function keptBecause(workspace: Workspace, here: number | undefined): string | null {
  if (workspace.is_first) return 'The first workspace of an installation cannot be deleted.';
  if (workspace.workspace_id === here) return 'You are in it: delete it from another workspace.';
  return null;
}

/**
 * Where a workspace is entered: its host name before the domain under which this page was opened. Null where that cannot
 * be told, as on an address of numbers.
 */
export function addressOf(workspace: Workspace, all: Workspace[], here: URL): string | null {
  const name = workspace.deployment_name;
  const domain = domainOf(all, here.hostname);
  if (name === undefined || domain === null) return null;
  return `${here.protocol}//${name}.${domain}${here.port === '' ? '' : `:${here.port}`}/`;
}

function domainOf(all: Workspace[], host: string): string | null {
  if (host === 'localhost' || host.endsWith('.localhost')) return 'localhost';
  const own = all.find((w) => w.deployment_name !== undefined && host.startsWith(`${w.deployment_name}.`));
  return own?.deployment_name === undefined ? null : host.slice(own.deployment_name.length + 1);
}
