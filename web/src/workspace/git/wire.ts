/** Git folders as the server speaks of them. */
import { call } from '../../api/client.ts';

export interface Change {
  path: string;
  kind: 'ADDED' | 'MODIFIED' | 'DELETED';
  object_id?: number;
  /** The one it is in: there it cannot be committed. */
  submodule?: string;
}

export interface Submodule {
  path: string;
  commit_id: string;
  fetched: boolean;
  reason?: string;
}

export interface Status {
  branch?: string;
  head_commit_id?: string;
  merging?: string;
  ahead: number;
  behind: number;
  changes: Change[];
  submodules: Submodule[];
}

export interface Diff {
  path: string;
  shown: boolean;
  patch?: string;
}

export interface Branch {
  name: string;
  current: boolean;
}

export interface Conflict {
  path: string;
  resolved: boolean;
}

export interface Versions {
  path: string;
  ours?: string;
  theirs?: string;
  merged?: string;
}

export interface Pulled {
  outcome: 'UP_TO_DATE' | 'FAST_FORWARD' | 'MERGED' | 'CONFLICTS';
  conflicts: string[];
}

export class Repo {
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }

  status(): Promise<Status> {
    return this.get('status');
  }

  async branches(): Promise<Branch[]> {
    return (await this.get<{ branches: Branch[] }>('branches')).branches;
  }

  diff(path: string): Promise<Diff> {
    return this.get('diff', { path });
  }

  async conflicts(): Promise<Conflict[]> {
    return (await this.get<{ conflicts: Conflict[] }>('conflicts')).conflicts;
  }

  versions(path: string): Promise<Versions> {
    return this.get('conflicts/versions', { path });
  }

  post<T>(what: string, body: unknown = {}): Promise<T> {
    return call<T>(this.url(what), { method: 'POST', body });
  }

  /** To the server's latest of a branch. */
  switchTo(branch: string): Promise<unknown> {
    return call(`/api/2.0/repos/${this.id}`, { method: 'PATCH', body: { branch } });
  }

  private get<T>(what: string, query: Record<string, string> = {}): Promise<T> {
    return call<T>(this.url(what), { query });
  }

  private url(what: string): string {
    return `/api/campanile/v1/repos/${this.id}/${what}`;
  }
}

export const PROVIDERS: readonly [string, string][] = [
  ['gitHub', 'GitHub'],
  ['gitLab', 'GitLab'],
  ['bitbucketCloud', 'Bitbucket'],
  ['azureDevOpsServices', 'Azure DevOps'],
  ['awsCodeCommit', 'AWS CodeCommit'],
  ['gitHubEnterprise', 'GitHub Enterprise Server'],
  ['gitLabEnterpriseEdition', 'GitLab, self-managed'],
  ['bitbucketServer', 'Bitbucket Server'],
];

/** The provider a host is known to be; the first one where it is not. */
export function providerOf(url: string): string {
  const host = /^https?:\/\/([^/:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (host.includes('gitlab')) return host === 'gitlab.com' ? 'gitLab' : 'gitLabEnterpriseEdition';
  if (host.includes('bitbucket')) return host === 'bitbucket.org' ? 'bitbucketCloud' : 'bitbucketServer';
  if (host.endsWith('dev.azure.com') || host.endsWith('visualstudio.com')) return 'azureDevOpsServices';
  if (host.startsWith('git-codecommit.')) return 'awsCodeCommit';
  return host === '' || host === 'github.com' ? 'gitHub' : 'gitHubEnterprise';
}

/** The name of the folder a repository goes to. */
export function nameOf(url: string): string {
  const last = url.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return last.replace(/\.git$/, '');
}
