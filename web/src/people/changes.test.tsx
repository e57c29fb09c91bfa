import { createElement, act as settled } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Act, useChanges } from './changes.tsx';

describe('useChanges', () => {
  let box: HTMLElement;
  let root: Root;
  let act: Act;
  let loads = 0;

  function Page() {
    const changes = useChanges(async () => {
      loads++;
    });
    act = changes.act;
    return createElement('div', null, changes.failure, changes.said);
  }

  beforeEach(async () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    loads = 0;
    box = document.createElement('div');
    root = createRoot(box);
    await settled(async () => root.render(createElement(Page)));
  });

  afterEach(async () => {
    await settled(async () => root.unmount());
  });

  const text = (role: string): string | undefined => box.querySelector(`[role=${role}]`)?.textContent;

  it('says what was done and loads anew', async () => {
    expect(await settled(() => act(Promise.resolve(), 'Ada: Can read'))).toBe(true);

    expect(text('status')).toBe('Ada: Can read');
    expect(text('alert')).toBeUndefined();
    expect(loads).toBe(1);
  });

  it('shows why it failed, loads anew all the same, and forgets it at the next change', async () => {
    const failed = await settled(() => act(Promise.reject(new Error('Not yours')), 'Ada: Can read'));

    expect(failed).toBe(false);
    expect(text('alert')).toContain('Not yours');
    expect(text('status')).toBe('');
    expect(loads).toBe(1);
    await settled(() => act(Promise.resolve(), 'done'));
    expect(text('alert')).toBeUndefined();
  });
});
