import { describe, expect, it } from 'vitest';
import { score } from './Palette.tsx';
import { match, safeNext } from './router.ts';

describe('safeNext', () => {
  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/login',
    '',
    null,
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
  ])('leads home instead of to %s', (next) => {
    expect(safeNext(next)).toBe('/');
  });

  it('keeps paths of this site', () => {
    expect(safeNext('/editor/notebooks/7?cell=a')).toBe('/editor/notebooks/7?cell=a');
    const asked = '/oauth/authorize?client_id=campanile-cli&redirect_uri=http%3A%2F%2Flocalhost%3A8020';
    expect(safeNext(asked)).toBe(asked);
  });
});

describe('match', () => {
  it('names the parts of a path', () => {
    expect(match('/jobs/:id/runs/:run', '/jobs/1/runs/2')).toEqual({ id: '1', run: '2' });
    expect(match('/jobs/:id', '/jobs')).toBeNull();
    expect(match('/jobs', '/jobs/1')).toBeNull();
    expect(match('/jobs/:id', '/jobs/%E0%A4%A')).toBeNull();
  });
});

describe('score', () => {
  it('prefers what stands together and early', () => {
    expect(score('run', 'Run all')).toBeGreaterThan(score('run', 'Restart until now'));
    expect(score('xyz', 'Run all')).toBe(0);
  });
});
