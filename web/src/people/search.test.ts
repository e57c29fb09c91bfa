import { describe, expect, it } from 'vitest';
import { type Candidate, candidateOf, ranked } from './search.ts';

const person = (name: string, display: string): Candidate => ({ kind: 'USER', id: name, name, display });

describe('the order of suggestions', () => {
  it('has the exact name first, then beginnings, then words within', () => {
    const found = [
      person('linda@example.com', 'Linda Data'),
      person('bob@data.org', 'Bob'),
      person('data-team', 'data-team'),
      person('data', 'data'),
      person('x', 'Metadata'),
    ];
    expect(ranked('data', found).map((c) => c.name)).toEqual([
      'data',
      'data-team',
      'linda@example.com',
      'bob@data.org',
      'x',
    ]);
  });

  it('stays as it came without a question', () => {
    const found = [person('b', 'b'), person('a', 'a')];
    expect(ranked(' ', found)).toEqual(found);
  });
});

it('names a service principal by its application id', () => {
  const made = candidateOf('SERVICE_PRINCIPAL', { id: '5', displayName: 'Robot', applicationId: 'app-1' });
  expect(made).toEqual({ kind: 'SERVICE_PRINCIPAL', id: '5', name: 'app-1', display: 'Robot' });
});
