import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call, callForFile, encoded, part } from './client.ts';

describe('call', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('keeps what a refusal says beside its code', async () => {
    const body = {
      error_code: 'REQUEST_LIMIT_EXCEEDED',
      message: 'locked',
      details: [{ retry_after_seconds: 31, account_locked: true, other: false }],
    };
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body), { status: 429 }));

    const refused: unknown = await call('/x').catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ApiError);
    expect((refused as ApiError).retryAfterSeconds).toBe(31);
    expect([...(refused as ApiError).facts]).toEqual(['account_locked']);
  });

  it.each(['/api/x/../y', '/api/x/..', '/api/./x', '/api/x/%2E%2e/y', '/api/x/.%2e', '/api/x\\..\\y'])(
    'does not ask for %s, which is another address',
    async (path) => {
      const fetch = vi.fn();
      vi.stubGlobal('fetch', fetch);
      const refused = { status: 400, code: 'INVALID_PARAMETER_VALUE' };

      await expect(call(path)).rejects.toMatchObject(refused);
      await expect(callForFile(path)).rejects.toMatchObject(refused);
      expect(fetch).not.toHaveBeenCalled();
    },
  );

  it('asks for names that only have dots in them', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return new Response('{}');
    });

    await call('/api/..a/b../...', { query: { path: '/../x' } });

    expect(asked).toEqual(['/api/..a/b../...?path=%2F..%2Fx']);
  });
});

describe('parts of an address', () => {
  it('are encoded', () => {
    expect(encoded('/a b/%2e%2e/c?')).toBe('/a%20b/%252e%252e/c%3F');
    expect(part('a/../b')).toBe('a%2F..%2Fb');
  });

  it('are never dots', () => {
    expect(() => encoded('/a/../b')).toThrow(ApiError);
    expect(() => part('..')).toThrow(ApiError);
    expect(() => part('.')).toThrow(ApiError);
  });
});
