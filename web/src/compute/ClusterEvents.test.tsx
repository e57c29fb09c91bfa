import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterEvent } from '../api/types.ts';
import { ClusterEvents } from './ClusterEvents.tsx';

describe('the events of a cluster', () => {
  let root: Root;
  let box: HTMLElement;
  let asked: { token: string; answer: (timestamps: number[], next?: string) => Promise<void> }[];

  beforeEach(async () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    vi.useFakeTimers();
    asked = [];
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      return new Promise<Response>((done) => {
        const { page_token } = JSON.parse(String(init.body)) as { page_token: string };
        const answer = (timestamps: number[], next = ''): Promise<void> =>
          act(async () => {
            const events = timestamps.map((timestamp) => event(timestamp));
            done(new Response(JSON.stringify({ events, total_count: 9, next_page_token: next })));
            await vi.advanceTimersByTimeAsync(0);
          });
        asked.push({ token: page_token, answer });
      });
    });
    box = document.body.appendChild(document.createElement('div'));
    root = createRoot(box);
    await act(async () => root.render(createElement(ClusterEvents, { id: 'c' })));
  });

  afterEach(async () => {
    await act(async () => root.unmount());
    box.remove();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const event = (timestamp: number): ClusterEvent => ({
    cluster_id: 'c',
    timestamp,
    type: 'RUNNING',
    details: { user: `user ${timestamp}` },
  });
  const shown = (): string[] => (box.textContent ?? '').match(/user \d/g) ?? [];
  const later = (): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(5000)));
  const answer = async (ask: number, timestamps: number[], next = ''): Promise<void> =>
    asked[ask]?.answer(timestamps, next);

  it('are looked at one at a time, so that what was loaded stays', async () => {
    await answer(0, [4, 3], 'older');
    await act(async () => box.querySelector<HTMLButtonElement>('button')?.click());
    expect(asked[1]?.token).toBe('older');
    await answer(1, [2, 1]);
    expect(shown()).toEqual(['user 4', 'user 3', 'user 2', 'user 1']);

    await later();
    await later();
    expect(asked).toHaveLength(3);
    await answer(2, [5, 4]);
    expect(shown()).toEqual(['user 5', 'user 4', 'user 3', 'user 2', 'user 1']);

    await later();
    expect(asked).toHaveLength(4);
  });
});
