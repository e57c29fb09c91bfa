import { Play, Power } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../api/client.ts';
import { invalidate } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { signIn } from '../app/session.ts';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { toasts } from '../design/toast.tsx';
import { dataStateOf, STATE_WORDS, startCluster, stopCluster } from './clusters.ts';

export function ClusterState({ cluster }: { cluster: Cluster }) {
  const state = dataStateOf(cluster.state);
  return (
    <span className="state" data-state={state} title={cluster.state_message || undefined}>
      <span className={`dot dot-${state}`} aria-hidden="true" />
      {STATE_WORDS[state]}
    </span>
  );
}

/** What administrators alone may do is not offered to others. */
export function isAdmin(): boolean {
  return signIn.identity.kind === 'in' && signIn.identity.me.admin === true;
}

/** Says why a change was refused, and loads again what it touched. */
export function asked(change: Promise<unknown>): void {
  change.catch((error: unknown) => toasts.show(messageOf(error))).finally(() => invalidate('cluster'));
}

export function ClusterSwitch({ cluster }: { cluster: Cluster }) {
  const [asking, setAsking] = useState(false);
  const state = dataStateOf(cluster.state);
  const act = (action: (id: string) => Promise<unknown>): void => asked(action(cluster.cluster_id));
  const name = cluster.cluster_name;
  if (state === 'off' || state === 'error') {
    return (
      <Button
        small
        look="outline"
        icon={<Play size={12} aria-hidden="true" />}
        aria-label={`Start ${name}`}
        onClick={() => act(startCluster)}
      >
        Start
      </Button>
    );
  }
  return (
    <>
      <Button
        small
        look="outline"
        icon={<Power size={12} aria-hidden="true" />}
        aria-label={`Stop ${name}`}
        disabled={state === 'stopping'}
        onClick={() => setAsking(true)}
      >
        Stop
      </Button>
      {asking && (
        <Confirm
          title={`Stop ${name}?`}
          text="What runs on it ends, and the variables of its notebooks are lost. Notebooks and outputs stay."
          action="Stop cluster"
          danger
          onClose={() => setAsking(false)}
          onConfirm={() => act(stopCluster)}
        />
      )}
    </>
  );
}
