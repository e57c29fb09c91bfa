import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call } from './client.ts';

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
});
