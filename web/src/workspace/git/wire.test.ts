import { describe, expect, it } from 'vitest';
import { nameOf, providerOf } from './wire.ts';

describe('a repository', () => {
  it('gives its folder its name', () => {
    expect(nameOf('https://github.com/team/shop.git')).toBe('shop');
    expect(nameOf('https://github.com/team/shop/')).toBe('shop');
    expect(nameOf('')).toBe('');
  });

  it('is of the provider its host says', () => {
    expect(providerOf('https://github.com/team/shop.git')).toBe('gitHub');
    expect(providerOf('https://gitlab.com/team/shop.git')).toBe('gitLab');
    expect(providerOf('https://gitlab.corp.example/team/shop.git')).toBe('gitLabEnterpriseEdition');
    expect(providerOf('https://git.example/team/shop.git')).toBe('gitHubEnterprise');
    expect(providerOf('https://bitbucket.org/team/shop.git')).toBe('bitbucketCloud');
    expect(providerOf('nothing yet')).toBe('gitHub');
  });
});
