import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clone } from './clone.ts';

interface Kept {
  credential_id: number;
  git_provider: string;
  git_username?: string;
  personal_access_token: string;
}

/** Git credentials and clones as the server has them; a clone succeeds with the token `good`, or without any. */
class Server {
  kept: Kept[] = [];
  clones: Record<string, unknown>[] = [];
  #next = 1;

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const body = init.body ? JSON.parse(String(init.body)) : {};
    const id = Number(/git-credentials\/(\d+)$/.exec(address)?.[1]);
    if (address.endsWith('/repos')) return this.#clone(body);
    if (init.method === 'POST') {
      const made = { ...body, credential_id: this.#next++ };
      this.kept.push(made);
      return answer(made);
    }
    if (init.method === 'DELETE') this.kept = this.kept.filter((c) => c.credential_id !== id);
    if (init.method === 'PATCH') {
      this.kept = this.kept.map((c) => (c.credential_id === id ? { ...c, ...body } : c));
    }
    return answer(init.method === 'GET' ? { credentials: this.kept } : {});
  };

  #clone(body: Record<string, unknown>): Response {
    const used = this.kept.find((c) => c.credential_id === body['git_credential_id']);
    if (used !== undefined && used.personal_access_token !== 'good')
      return answer({ error_code: 'PERMISSION_DENIED', message: 'The server refused the token' }, 403);
    this.clones.push(body);
    return answer({ id: 7 });
  }
}

function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

describe('cloning with a token', () => {
  let server: Server;
  const wanted = (token: string, user = '') => ({
    url: 'https://git.example.org/a/b.git',
    provider: 'gitHub',
    folder: '/Users/ada',
    user,
    token,
  });

  beforeEach(() => {
    server = new Server();
    vi.stubGlobal('fetch', server.fetch);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('keeps nothing of tries that failed, and the one that succeeded', async () => {
    for (const wrong of ['bad', 'worse', 'worst']) {
      await expect(clone(wanted(wrong))).rejects.toThrow('The server refused the token');
      expect(server.kept).toEqual([]);
    }

    expect(await clone(wanted('good'))).toEqual({ id: 7 });

    expect(server.kept.map((c) => c.personal_access_token)).toEqual(['good']);
    expect(server.clones).toHaveLength(1);
  });

  it('renews the one of the same person at the same provider, and no other', async () => {
    await server.fetch('/api/2.0/git-credentials', post('gitHub', 'ada', 'old'));
    await server.fetch('/api/2.0/git-credentials', post('gitHub', 'bob', 'his'));
    await server.fetch('/api/2.0/git-credentials', post('gitLab', 'ada', 'elsewhere'));

    await clone(wanted('good', 'ada'));

    expect(server.kept.map((c) => [c.credential_id, c.personal_access_token])).toEqual([
      [1, 'good'],
      [2, 'his'],
      [3, 'elsewhere'],
    ]);
  });

  it('leaves one that works alone when the new token does not', async () => {
    await server.fetch('/api/2.0/git-credentials', post('gitHub', 'ada', 'old'));

    await expect(clone(wanted('bad', 'ada'))).rejects.toThrow();

    expect(server.kept.map((c) => c.personal_access_token)).toEqual(['old']);
  });

  it('makes none where no token was typed', async () => {
    await clone(wanted(''));

    expect(server.kept).toEqual([]);
    expect(server.clones[0]).toEqual({
      url: 'https://git.example.org/a/b.git',
      provider: 'gitHub',
      path: '/Users/ada/b',
    });
  });
});

function post(git_provider: string, git_username: string, personal_access_token: string): RequestInit {
  return { method: 'POST', body: JSON.stringify({ git_provider, git_username, personal_access_token }) };
}
