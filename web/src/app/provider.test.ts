import { describe, expect, it } from 'vitest';
import { problemInWords, startOf } from './provider.ts';

describe('sign-in through a provider', () => {
  it('begins with the page one comes back to', () => {
    expect(startOf('/')).toBe('/oidc/sso/start');
    expect(startOf('/browse?x=1')).toBe('/oidc/sso/start?next=%2Fbrowse%3Fx%3D1');
  });

  it('says every problem in words, also one it does not know', () => {
    expect(problemInWords(null, 'Keycloak')).toBeNull();
    expect(problemInWords('email_unverified', 'Keycloak')).toContain('Keycloak has not verified');
    expect(problemInWords('constructor', 'Keycloak')).toContain('did not succeed');
    expect(problemInWords('<script>', 'Keycloak')).toContain('did not succeed');
  });
});
