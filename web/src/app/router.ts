import { useSyncExternalStore } from 'react';

/** Path-based routing on the history API. Patterns use `:name`; `*` ends a pattern. */
const listeners = new Set<() => void>();
let current = location.pathname + location.search;

function announce(): void {
  current = location.pathname + location.search;
  for (const listener of [...listeners]) listener();
}

addEventListener('popstate', announce);

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (to === current) return;
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  announce();
}

export function useLocation(): { path: string; query: URLSearchParams } {
  const whole = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  const [path = '/', query = ''] = whole.split('?', 2);
  return { path, query: new URLSearchParams(query) };
}

export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  const found: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    const part = want[i]!;
    if (part === '*') return found;
    const value = have[i];
    if (value === undefined) return null;
    if (part.startsWith(':')) {
      try {
        found[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return have.length === want.length ? found : null;
}

/** Where to go after sign-in: a path of this site and nothing else. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || next.startsWith('//') || /[\\\u0000-\u001f]/.test(next)) return '/';
  const url = new URL(next, location.origin);
  // "/.//host" is a path of this site until its dots are resolved.
  if (url.origin !== location.origin || url.pathname.startsWith('//') || url.pathname === '/login')
    return '/';
  return url.pathname + url.search + url.hash;
}
