import { type ReactNode, useRef } from 'react';
import { type Loaded, useSlow } from '../api/resource.ts';

/**
 * Server data on a page: that it loads (not before 200 ms), the refusal in words, or the value. While a changed question
 * is on its way the last answer stays, so that a list does not blink at every letter of a search.
 */
export function Answered<T>({ state, children }: { state: Loaded<T>; children: (value: T) => ReactNode }) {
  const last = useRef<{ value: T } | null>(null);
  if (state.kind === 'ready') last.current = { value: state.value };
  const slow = useSlow(state.kind === 'loading' && last.current === null);
  if (state.kind === 'failed')
    return (
      <p className="notice notice-err" role="alert">
        {state.message}
      </p>
    );
  if (last.current) return <div aria-busy={state.kind === 'loading'}>{children(last.current.value)}</div>;
  return slow ? <p className="muted">Loading…</p> : null;
}
