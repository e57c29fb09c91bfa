import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetAll } from '../api/resource.ts';
import { navigate } from '../app/router.ts';
import { toasts } from '../design/toast.tsx';
import { VolumePage } from './VolumePage.tsx';
import { pageOf, pathOf } from './volumes.ts';

describe('the page of a volume', () => {
  const FILES = '/api/2.0/fs/files/Volumes/main/default/data';
  let root: Root;
  let box: HTMLElement;
  let asked: string[];
  /** What waits until the test lets it go on, by a part of its address. */
  let held: Map<string, () => void>;

  beforeEach(async () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    asked = [];
    held = new Map();
    vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
      asked.push(`${init.method} ${address}`);
      for (const part of held.keys())
        if (address.includes(part)) await new Promise<void>((go) => held.set(part, go));
      return answer(address);
    });
    navigate(pageOf('data', 'a'));
    box = document.body.appendChild(document.createElement('div'));
    root = createRoot(box);
    await act(async () => root.render(createElement(VolumePage, { params: { volume: 'data' } })));
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    box.remove();
    forgetAll();
    vi.unstubAllGlobals();
  });

  /** Every folder has a folder `in`; every file is there already. */
  function answer(address: string): Response {
    if (address.includes('overwrite=false'))
      return new Response(JSON.stringify({ error_code: 'ALREADY_EXISTS', message: 'There' }), {
        status: 409,
      });
    if (!address.includes('/directories/')) return new Response('');
    const path = `${decodeURIComponent(address.split('/fs/directories')[1] ?? '')}/in`;
    return new Response(
      JSON.stringify({ contents: [{ path, name: 'in', is_directory: true, last_modified: 0 }] }),
    );
  }

  const go = (inside: string): Promise<void> => act(async () => navigate(pageOf('data', inside)));
  const upload = (name: string): Promise<void> =>
    act(async () => {
      const input = box.querySelector('input[type=file]') as HTMLInputElement;
      Object.defineProperty(input, 'files', { value: [new File(['x'], name)], configurable: true });
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  const release = (part: string): Promise<void> => act(async () => held.get(part)?.());
  const press = (text: string): Promise<void> =>
    act(async () => {
      [...box.querySelectorAll('button')].find((b) => b.textContent === text)?.click();
    });
  const dialog = (): string | undefined => box.querySelector('dialog')?.textContent ?? undefined;

  it('replaces a file where it was uploaded, whatever folder is shown by then', async () => {
    held.set('a/x.csv', () => undefined);
    await upload('x.csv');
    await go('b');
    expect(box.textContent).toContain('Uploading x.csv to /Volumes/main/default/data/a…');
    await release('a/x.csv');
    held.clear();

    expect(dialog()).toContain(`already in ${pathOf('data', 'a')}`);
    await press('Replace');

    const sent = asked.filter((line) => line.startsWith('PUT'));
    expect(sent).toEqual([`PUT ${FILES}/a/x.csv?overwrite=false`, `PUT ${FILES}/a/x.csv?overwrite=true`]);
    expect(dialog()).toBeUndefined();
  });

  it('makes a folder where it was asked for', async () => {
    await press('New folder');
    expect(dialog()).toContain('New folder in a');
    await go('b');
    await act(async () => {
      const name = box.querySelector('dialog input') as HTMLInputElement;
      name.value = 'new';
      box
        .querySelector('dialog form')
        ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    });
    expect(asked).toContain('PUT /api/2.0/fs/directories/Volumes/main/default/data/a/new');
  });

  it('links what is still shown of the folder before to where it is', async () => {
    held.set('/data/b', () => undefined);
    await go('b');

    expect(box.querySelector('tbody a, .cell-main a')?.getAttribute('href')).toBe(pageOf('data', 'a/in'));
    await release('/data/b');
    expect(box.querySelector('tbody a, .cell-main a')?.getAttribute('href')).toBe(pageOf('data', 'b/in'));
  });

  it('says what was not uploaded when it cannot ask any more', async () => {
    held.set('a/x.csv', () => undefined);
    await upload('x.csv');
    await act(async () => root.render(null));
    await release('a/x.csv');

    expect(toasts.list.map((t) => t.text)).toContain(
      'Not uploaded, already in /Volumes/main/default/data/a: x.csv',
    );
  });

  it('does not exist at a path with dots', async () => {
    const before = asked.length;
    await go('../../../../../../campanile/v1/me');
    expect(asked).toHaveLength(before);
    expect(box.textContent).not.toContain('New folder');
  });
});
