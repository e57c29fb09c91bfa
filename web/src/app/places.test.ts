import { describe, expect, it } from 'vitest';
import { placesFor } from './places.ts';
import { match } from './router.ts';
import { routes } from './routes.tsx';

const names = (admin: boolean) => placesFor(admin).map((place) => place.name);

describe('placesFor', () => {
  it('leads to built pages alone', () => {
    const kinds = placesFor(true).map(
      (place) => routes.find(([pattern]) => match(pattern, place.href))?.[1].kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['page']));
    expect(names(true)).toEqual(expect.arrayContaining(['Home', 'Workspace', 'Compute']));
  });

  it('leads administrators alone to their pages', () => {
    expect(names(true)).toContain('Admin');
    expect(names(false)).not.toContain('Admin');
  });
});
