import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { messageOf } from './client.ts';

/** Server data by key, shared between components: loaded once, kept while shown again, refreshed on demand or by polling. */
export type Loaded<T> =
  | { kind: 'loading' }
  | { kind: 'failed'; message: string; error: unknown }
  | { kind: 'ready'; value: T };

interface Entry {
  state: Loaded<unknown>;
  load: () => Promise<unknown>;
  running: Promise<void> | null;
  /** The load that follows the running one. */
  next: Promise<void> | null;
  listeners: Set<() => void>;
}

const entries = new Map<string, Entry>();

function entryOf(key: string, load: () => Promise<unknown>): Entry {
  let entry = entries.get(key);
  if (!entry) {
    entry = { state: { kind: 'loading' }, load, running: null, next: null, listeners: new Set() };
    entries.set(key, entry);
  }
  return entry;
}

function refresh(entry: Entry): Promise<void> {
  entry.running ??= entry
    .load()
    .then(
      (value): Loaded<unknown> => ({ kind: 'ready', value }),
      (error: unknown): Loaded<unknown> => ({ kind: 'failed', message: messageOf(error), error }),
    )
    .then((state) => {
      entry.running = null;
      // A refresh that fails keeps what is on the screen: the banner says that the server is away.
      if (state.kind === 'failed' && entry.state.kind === 'ready') return;
      entry.state = state;
      for (const listener of [...entry.listeners]) listener();
    });
  return entry.running;
}

/**
 * Loads anew after a change. A load under way may have been answered before the change, so another one follows it,
 * whatever becomes of it.
 */
function renew(entry: Entry): Promise<void> {
  if (entry.running === null) return refresh(entry);
  const again = (): Promise<void> => {
    entry.next = null;
    return refresh(entry);
  };
  entry.next ??= entry.running.then(again, again);
  return entry.next;
}

export function useResource<T>(
  key: string,
  load: () => Promise<T>,
  options: { pollMs?: number } = {},
): { state: Loaded<T>; reload: () => Promise<void> } {
  const entry = entryOf(key, load);
  entry.load = load;
  const subscribe = useCallback(
    (listener: () => void) => {
      entry.listeners.add(listener);
      return () => entry.listeners.delete(listener);
    },
    [entry],
  );
  const state = useSyncExternalStore(subscribe, () => entry.state) as Loaded<T>;
  useEffect(() => {
    void refresh(entry);
    if (!options.pollMs) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh(entry);
    }, options.pollMs);
    return () => clearInterval(timer);
  }, [entry, options.pollMs]);
  const reload = useCallback(() => renew(entry), [entry]);
  return { state, reload };
}

export function invalidate(prefix: string): void {
  for (const [key, entry] of entries) {
    if (!key.startsWith(prefix)) continue;
    if (entry.listeners.size > 0) void renew(entry);
    else entries.delete(key);
  }
}

export function forgetAll(): void {
  entries.clear();
}

/** True once `waiting` lasted 200 ms: skeletons that flash are worse than none. */
export function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (waiting) timer.current = setTimeout(() => setSlow(true), 200);
    return () => {
      if (timer.current) clearTimeout(timer.current);
      setSlow(false);
    };
  }, [waiting]);
  return waiting && slow;
}
