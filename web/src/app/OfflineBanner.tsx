import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useChanges } from '../api/observable.ts';
import { Button } from '../design/Button.tsx';
import { socket } from './connection.ts';

const PATIENCE_MS = 2000;

/** A short break is nobody's business; after two seconds people should know. */
export function OfflineBanner() {
  useChanges(socket);
  const status = socket.status;
  const trouble = status.kind === 'waiting' || (status.kind === 'connecting' && status.attempt > 0);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!trouble) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [trouble]);
  if (!trouble || !shown) return null;
  return (
    <div className="banner" role="status">
      <WifiOff size={16} aria-hidden="true" />
      <span>
        {navigator.onLine ? 'The connection to the server is lost.' : 'This computer is offline.'} Edits are
        kept here and sent when it is back.
      </span>
      <Button small look="outline" onClick={() => socket.hurry()}>
        Reconnect now
      </Button>
    </div>
  );
}
