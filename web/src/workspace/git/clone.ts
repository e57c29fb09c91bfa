import { call } from '../../api/client.ts';
import { nameOf } from './wire.ts';

const CREDENTIALS = '/api/2.0/git-credentials';

export interface Wanted {
  url: string;
  provider: string;
  /** Where the new folder goes. */
  folder: string;
  user: string;
  token: string;
}

interface Credential {
  credential_id: number;
  git_provider: string;
  git_username?: string;
}

/**
 * Clones a repository. A token that was typed is tried as a credential of its own and kept only when the clone
 * succeeded: then it takes the place of the one there was for the same person at the same provider.
 */
export async function clone(wanted: Wanted): Promise<{ id: number }> {
  if (wanted.token === '') return create(wanted);
  const before = await call<{ credentials?: Credential[] }>(CREDENTIALS);
  const tried = await call<Credential>(CREDENTIALS, { method: 'POST', body: credential(wanted) });
  let made: { id: number };
  try {
    made = await create(wanted, tried.credential_id);
  } catch (error) {
    await drop(tried.credential_id);
    throw error;
  }
  const old = (before.credentials ?? []).find(
    (c) => c.git_provider === wanted.provider && (c.git_username ?? '') === wanted.user,
  );
  if (old !== undefined && (await renewed(old.credential_id, wanted))) await drop(tried.credential_id);
  return made;
}

function create({ url, provider, folder }: Wanted, credentialId?: number): Promise<{ id: number }> {
  return call<{ id: number }>('/api/2.0/repos', {
    method: 'POST',
    body: {
      url,
      provider,
      ...(folder === '/' || folder === '/Repos' ? {} : { path: `${folder}/${nameOf(url)}` }),
      ...(credentialId === undefined ? {} : { git_credential_id: credentialId }),
    },
  });
}

function credential({ url, provider, user, token }: Wanted): Record<string, string> {
  return {
    git_provider: provider,
    personal_access_token: token,
    ...(user === '' ? {} : { git_username: user }),
    // Names are one person's own, and two tries may be within a second.
    name: `${nameOf(url)} ${new Date().toISOString().slice(0, 23)}`,
  };
}

/** False when it could not be: the new one stays then, and nothing is lost. */
function renewed(id: number, { provider, token }: Wanted): Promise<boolean> {
  return call(`${CREDENTIALS}/${id}`, {
    method: 'PATCH',
    body: { git_provider: provider, personal_access_token: token },
  }).then(
    () => true,
    () => false,
  );
}

/** What went wrong before is what the person has to read: that this one is left behind is no news beside it. */
function drop(id: number): Promise<void> {
  return call(`${CREDENTIALS}/${id}`, { method: 'DELETE' }).then(
    () => undefined,
    () => undefined,
  );
}
