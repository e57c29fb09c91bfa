import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetAll } from '../api/resource.ts';
import { ClusterLogs } from './ClusterLogs.tsx';

const LOG = {
  node_id: 'd',
  role: 'DRIVER',
  epoch: 1,
  stream: 'stderr',
  first_offset: 0,
  next_offset: 4,
  size: 4,
  first_at: 5,
  last_at: 6,
  live: true,
};

describe('the logs of a cluster', () => {
  let root: Root;
  let box: HTMLElement;
  let list: () => Response;
  let read: string[];
  let text: string;

  const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
  const open = (): Promise<void> =>
    act(async () => {
      root.render(createElement(ClusterLogs, { id: 'c' }));
      await vi.advanceTimersByTimeAsync(0);
    });
  const later = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(2000)));
  const press = (name: string): Promise<void> =>
    act(async () => {
      [...box.querySelectorAll('button')].find((one) => one.textContent === name)?.click();
      await vi.advanceTimersByTimeAsync(0);
    });

  beforeEach(() => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    vi.useFakeTimers();
    forgetAll();
    text = '<b>one</b>\n';
    read = [];
    list = () => json({ logs: [LOG] });
    vi.stubGlobal('fetch', async (address: string) => {
      if (address.endsWith('/logs')) return list();
      const offset = Number(/offset=(\d+)/.exec(address)?.[1] ?? 0);
      read.push(address);
      return json({ text: text.slice(offset), offset, next: text.length, end: true });
    });
    box = document.body.appendChild(document.createElement('div'));
    root = createRoot(box);
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    box.remove();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('are shown as text and followed until somebody pauses', async () => {
    await open();
    expect(box.querySelector('.log-text')?.textContent).toBe('<b>one</b>\n');
    expect(box.querySelector('.log-text b')).toBeNull();

    text += 'two\n';
    await later();
    expect(box.querySelector('.log-text')?.textContent).toBe('<b>one</b>\ntwo\n');

    await press('Pause');
    const before = read.length;
    text += 'three\n';
    await later();
    expect(read).toHaveLength(before);
    expect(box.querySelector('.log-state')?.textContent).toBe('Paused');

    await press('Follow');
    expect(box.querySelector('.log-text')?.textContent).toBe('<b>one</b>\ntwo\nthree\n');
  });

  it('say who may see them', async () => {
    list = () => json({ error_code: 'PERMISSION_DENIED', message: 'bob may not' }, 403);
    await open();

    expect(box.querySelector('[role=alert]')?.textContent).toContain('those who can manage the cluster');
  });

  it('say that there are none yet', async () => {
    list = () => json({ logs: [] });
    await open();

    expect(box.textContent).toContain('There are no logs yet');
  });
});
