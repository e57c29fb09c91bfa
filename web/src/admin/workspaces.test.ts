import { describe, expect, it } from 'vitest';
import { addressOf, keptBecause, type Workspace } from './workspaces.ts';

const named = (deployment_name: string): Workspace => ({
  workspace_id: 1,
  workspace_name: deployment_name,
  deployment_name,
  creation_time: 0,
});

describe('the address of a workspace', () => {
  const all = [named('main'), named('acme')];

  it('is a name under localhost in development', () => {
    expect(addressOf(named('acme'), all, new URL('http://localhost:8700/admin'))).toBe(
      'http://acme.localhost:8700/',
    );
    expect(addressOf(named('acme'), all, new URL('http://main.localhost:8700/'))).toBe(
      'http://acme.localhost:8700/',
    );
  });

  it('is a sibling of the name that this page was opened by', () => {
    expect(addressOf(named('acme'), all, new URL('https://main.data.example.org/'))).toBe(
      'https://acme.data.example.org/',
    );
  });

  it('is not guessed', () => {
    expect(addressOf(named('acme'), all, new URL('http://127.0.0.1:8700/'))).toBeNull();
    const { deployment_name: _, ...nameless } = named('acme');
    expect(addressOf(nameless, all, new URL('http://localhost:8700/'))).toBeNull();
  });
});

describe('deleting a workspace', () => {
  const one = (workspace_id: number, is_first = false): Workspace => ({
    workspace_id,
    workspace_name: 'one',
    creation_time: 0,
    ...(is_first ? { is_first } : {}),
  });

  it('is not offered for the first one, wherever one is', () => {
    expect(keptBecause(one(1, true), 1)).toContain('first workspace');
    expect(keptBecause(one(1, true), 2)).toContain('first workspace');
  });

  it('is not offered for the one that one is in', () => {
    expect(keptBecause(one(2), 2)).toContain('You are in it');
    expect(keptBecause(one(2), 1)).toBeNull();
    expect(keptBecause(one(2), undefined)).toBeNull();
  });
});
