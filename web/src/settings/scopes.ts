import { onDay } from '../design/format.ts';

/** What a token can be limited to, as people call it (section 3.1 of docs/contracts.md). */
export const SCOPE_WORDS: Record<string, string> = {
  workspace: 'Notebooks and folders',
  clusters: 'Clusters',
  'command-execution': 'Commands and contexts',
  files: 'Files',
  'unity-catalog': 'Catalog',
  secrets: 'Secrets',
  jobs: 'Jobs',
  sql: 'SQL',
  authentication: 'Sign-in and tokens',
  settings: 'Workspace settings',
  scim: 'Users and groups',
  provisioning: 'Workspaces of the account',
  audit: 'Audit log',
};

export function scopeWords(scopes: readonly string[] | null | undefined): string {
  if (!scopes || scopes.includes('all-apis')) return 'Everything';
  return scopes.map((s) => SCOPE_WORDS[s] ?? s).join(', ');
}

const DAY_MS = 86_400_000;

/** The server says only the day, in UTC. */
export function usedOn(day: number, now = Date.now()): string {
  const days = Math.floor(now / DAY_MS) - Math.floor(day / DAY_MS);
  if (days <= 0) return 'Today';
  return days === 1 ? 'Yesterday' : onDay(day);
}
