import { type Folder, list, nameOf, type Resource } from '../api/scim.ts';

export type Kind = 'USER' | 'GROUP' | 'SERVICE_PRINCIPAL';

export interface Candidate {
  kind: Kind;
  id: string;
  /** What the permissions API calls it: user name, name of a group, application id. */
  name: string;
  display: string;
}

const KINDS: [Folder, Kind][] = [
  ['Groups', 'GROUP'],
  ['Users', 'USER'],
  ['ServicePrincipals', 'SERVICE_PRINCIPAL'],
];
const EACH = 8;

export function candidateOf(kind: Kind, r: Resource): Candidate {
  const name = kind === 'USER' ? r.userName : kind === 'GROUP' ? r.displayName : r.applicationId;
  return { kind, id: r.id, name: name ?? r.id, display: nameOf(r) };
}

/** The best match first: a name that is the question, one that begins with it, one with a word that does. */
export function ranked(question: string, found: Candidate[]): Candidate[] {
  const q = question.trim().toLowerCase();
  const rank = (c: Candidate): number => {
    const names = [c.display.toLowerCase(), c.name.toLowerCase()];
    if (q === '' || names.includes(q)) return 0;
    if (names.some((n) => n.startsWith(q))) return 1;
    return names.some((n) => n.split(/[\s.@_-]+/).some((word) => word.startsWith(q))) ? 2 : 3;
  };
  return found
    .map((c, i) => ({ c, i, points: rank(c) }))
    .sort((a, b) => a.points - b.points || a.i - b.i)
    .map((x) => x.c);
}

export async function searchPeople(question: string, signal: AbortSignal): Promise<Candidate[]> {
  const pages = await Promise.all(
    KINDS.map(([folder]) =>
      list(
        folder,
        {
          search: question,
          count: EACH,
          attributes: 'id,userName,displayName,applicationId',
          activeOnly: true,
        },
        signal,
      ),
    ),
  );
  const found = pages.flatMap((page, i) => page.Resources.map((r) => candidateOf(KINDS[i]![1], r)));
  return ranked(question, found).slice(0, 12);
}
