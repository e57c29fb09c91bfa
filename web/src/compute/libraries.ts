import { call } from '../api/client.ts';
import type { ComputeDataState } from '../api/types.ts';

export interface Maven {
  coordinates: string;
  repo?: string;
  exclusions?: string[];
}

/** As the API names one: exactly one field is set. */
export interface Library {
  jar?: string;
  maven?: Maven;
  [kind: string]: unknown;
}

export interface LibraryStatus {
  library: Library;
  status: string;
  messages?: string[];
}

export const STATUS_WORDS: Record<string, string> = {
  PENDING: 'Waiting',
  RESOLVING: 'Looking for it',
  INSTALLING: 'Installing',
  INSTALLED: 'Installed',
  SKIPPED: 'Skipped',
  FAILED: 'Failed',
  UNINSTALL_ON_RESTART: 'Leaves at the next restart',
  RESTORED: 'Installed',
};

const DOTS: Record<string, ComputeDataState> = {
  RESOLVING: 'starting',
  INSTALLING: 'starting',
  INSTALLED: 'running',
  RESTORED: 'running',
  FAILED: 'error',
  UNINSTALL_ON_RESTART: 'stopping',
};

/** The state of a cluster that has the same colour. */
export function dotOf(status: string): ComputeDataState {
  return DOTS[status] ?? 'off';
}

const KINDS: Record<string, string> = {
  jar: 'Jar',
  maven: 'Maven',
  pypi: 'PyPI',
  whl: 'Wheel',
  requirements: 'Requirements',
  cran: 'CRAN',
  egg: 'Egg',
};

function kindOf(library: Library): string {
  return Object.keys(library).find((key) => library[key] !== undefined) ?? '';
}

export function kindWords(library: Library): string {
  const kind = kindOf(library);
  return KINDS[kind] ?? kind;
}

/** A path, or what its repository calls it. */
export function nameOf(library: Library): string {
  const named = library[kindOf(library)];
  if (typeof named === 'string') return named;
  const { coordinates, package: name } = (named ?? {}) as { coordinates?: string; package?: string };
  return coordinates ?? name ?? '';
}

/** What else it was asked for with. */
export function detailsOf(library: Library): string {
  const { repo, exclusions = [] } = library.maven ?? { coordinates: '' };
  const parts = exclusions.length > 0 ? [`without ${exclusions.join(', ')}`] : [];
  if (repo !== undefined) parts.push(`from ${repo}`);
  return parts.join(', ');
}

/** The parts of a text that commas, blanks or line ends divide. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

export function mavenFrom(coordinates: string, repo: string, exclusions: string): Library {
  const without = wordsIn(exclusions);
  return {
    maven: {
      coordinates: coordinates.trim(),
      ...(repo.trim() === '' ? {} : { repo: repo.trim() }),
      ...(without.length === 0 ? {} : { exclusions: without }),
    },
  };
}

export async function loadLibraries(id: string): Promise<LibraryStatus[]> {
  const answer = await call<{ library_statuses?: LibraryStatus[] }>('/api/2.0/libraries/cluster-status', {
    query: { cluster_id: id },
  });
  return answer.library_statuses ?? [];
}

export function installLibrary(id: string, library: Library): Promise<unknown> {
  return call('/api/2.0/libraries/install', {
    method: 'POST',
    body: { cluster_id: id, libraries: [library] },
  });
}

/** A cluster that runs keeps it until it restarts. */
export function uninstallLibrary(id: string, library: Library): Promise<unknown> {
  return call('/api/2.0/libraries/uninstall', {
    method: 'POST',
    body: { cluster_id: id, libraries: [library] },
  });
}
