import { describe, expect, it } from 'vitest';
import { scopeWords, usedOn } from './scopes.ts';

describe('tokens in words', () => {
  it('says everything, known scopes by name and unknown ones as they are', () => {
    expect(scopeWords(null)).toBe('Everything');
    expect(scopeWords(['all-apis', 'sql'])).toBe('Everything');
    expect(scopeWords(['clusters', 'new-one'])).toBe('Clusters, new-one');
  });

  it('says the day of the last use, counted in UTC', () => {
    const now = Date.UTC(2026, 5, 10, 0, 30);
    expect(usedOn(Date.UTC(2026, 5, 10), now)).toBe('Today');
    expect(usedOn(Date.UTC(2026, 5, 9), now)).toBe('Yesterday');
    expect(usedOn(Date.UTC(2026, 0, 2), now)).toMatch(/2026/);
  });
});
