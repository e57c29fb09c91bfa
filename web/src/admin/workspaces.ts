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
