import { useCallback, useSyncExternalStore } from 'react';

/** Something that changes and says so; views re-read it. */
export class Observable {
  #listeners = new Set<() => void>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  changed(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Renders again on every change of the observable. */
export function useChanges(observable: Observable): number {
  const subscribe = useCallback((listener: () => void) => observable.subscribe(listener), [observable]);
  return useSyncExternalStore(subscribe, () => observable.version);
}
