import { type ReactNode, useState } from 'react';
import { messageOf } from '../api/client.ts';

/** Waits for a change and says in words what came of it; false when it failed. */
export type Act = (change: Promise<unknown>, words: string) => Promise<boolean>;

interface Changes {
  act: Act;
  /** Why the last change failed, to be seen; nothing while none did. */
  failure: ReactNode;
  /** What was done, for those who hear the page. */
  said: ReactNode;
}

/** Changes of who may do what. `after` runs after each one, also after one that failed: others may have changed it. */
export function useChanges(after: () => Promise<void>): Changes {
  const [failure, setFailure] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const act: Act = async (change, words) => {
    setFailure(null);
    try {
      await change;
      setSaid(words);
      return true;
    } catch (error) {
      setFailure(messageOf(error));
      return false;
    } finally {
      await after();
    }
  };
  return {
    act,
    failure: failure !== null && (
      <p className="notice notice-err" role="alert">
        {failure}
      </p>
    ),
    said: (
      <span className="visually-hidden" role="status">
        {said}
      </span>
    ),
  };
}
