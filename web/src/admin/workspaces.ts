import { call } from '../api/client.ts';

export interface Workspace {
  workspace_id: number;
  workspace_name: string;
  deployment_name?: string;
  creation_time: number;
}

/** There is one account in an installation, and this is its number. */
export const WORKSPACES = '/api/2.0/accounts/00000000-0000-4000-8000-000000000001/workspaces';

export function loadWorkspaces(): Promise<Workspace[]> {
  return call<Workspace[]>(WORKSPACES);
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
