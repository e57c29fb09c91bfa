import { describe, expect, it } from 'vitest';
import { filterOf, folderOf, nameOf } from './scim.ts';

describe('what a search means', () => {
  it('looks for the words in every name', () => {
    expect(filterOf('Users', ' ada ')).toBe('(displayName co "ada" or userName co "ada")');
    expect(filterOf('Groups', 'ada')).toBe('(displayName co "ada")');
    expect(filterOf('Groups', '  ')).toBeUndefined();
  });

  it('keeps quotes and backslashes inside the text', () => {
    expect(filterOf('Groups', 'a" or id pr or displayName co "\\')).toBe(
      '(displayName co "a\\" or id pr or displayName co \\"\\\\")',
    );
  });

  it('leaves out deactivated people where that is wanted', () => {
    expect(filterOf('Users', '', true)).toBe('active eq true');
    expect(filterOf('ServicePrincipals', 'x', true)).toBe(
      'active eq true and (displayName co "x" or applicationId co "x")',
    );
    expect(filterOf('Groups', '', true)).toBeUndefined();
  });
});

describe('resources', () => {
  it('are called by the best name they have', () => {
    expect(nameOf({ id: '1', displayName: '', userName: 'ada' })).toBe('ada');
    expect(nameOf({ id: '1', applicationId: 'app' })).toBe('app');
  });

  it('say by a reference where they are kept', () => {
    expect(folderOf({ value: '1', $ref: 'Groups/1' })).toBe('Groups');
    expect(folderOf({ value: '1', $ref: 'ServicePrincipals/1' })).toBe('ServicePrincipals');
    expect(folderOf({ value: '1' })).toBe('Users');
  });
});
