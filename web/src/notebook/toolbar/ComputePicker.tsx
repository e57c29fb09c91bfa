import { ChevronDown, Play, Power } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useChanges } from '../../api/observable.ts';
import { useResource } from '../../api/resource.ts';
import type { Compute } from '../../api/types.ts';
import { navigate } from '../../app/router.ts';
import { dataStateOf, loadClusters, STATE_WORDS } from '../../compute/clusters.ts';
import { Button } from '../../design/Button.tsx';
import { elapsed } from '../../design/format.ts';
import { Menu, type MenuEntry } from '../../design/Menu.tsx';
import { useNotebook } from '../context.ts';

/** The cluster of this notebook: which, in what state, for how long, and the way to change that. */
export function ComputePicker() {
  const { session } = useNotebook().controller;
  useChanges(session);
  const { compute } = session;
  const since = useSince(compute, session.skew);
  const off = compute.data_state === 'off' || compute.data_state === 'error';
  const name = compute.name || (compute.cluster_id ?? 'Default compute');
  // Nothing is attached yet, and the default cluster may run already for another notebook: not "Off".
  const word = compute.cluster_id === null ? 'Not attached' : STATE_WORDS[compute.data_state];
  const { state } = useResource('clusters', loadClusters);
  const entries = (): MenuEntry[] => [
    { kind: 'title', label: 'Attach to' },
    ...(state.kind === 'ready' ? state.value : []).map(
      (c): MenuEntry => ({
        label: c.cluster_name,
        note: STATE_WORDS[dataStateOf(c.state)],
        checked: c.cluster_id === compute.cluster_id,
        action: () => session.requests.attach(c.cluster_id),
      }),
    ),
    { kind: 'line' },
    { label: 'All compute', action: () => navigate('/compute/clusters') },
  ];
  return (
    <div className="compute">
      <Menu
        label={`Compute: ${name}, ${word}`}
        named
        className="btn btn-outline compute-pick"
        align="end"
        disabled={!session.canRun}
        entries={entries}
        trigger={
          <>
            <span
              className="state"
              data-testid="compute-state"
              data-state={compute.data_state}
              title={compute.message || undefined}
            >
              <span className="visually-hidden">Compute: </span>
              <span className={`dot dot-${compute.data_state}`} aria-hidden="true" />
              <span className="compute-name ellipsis">{name}</span>
              <span className="muted num">
                {word}
                {since}
              </span>
            </span>
            <ChevronDown size={13} aria-hidden="true" />
          </>
        }
      />
      {session.canRun &&
        (off ? (
          <Button
            look="outline"
            icon={<Play size={13} aria-hidden="true" />}
            aria-label="Start compute"
            onClick={() => session.requests.start()}
          >
            Start
          </Button>
        ) : (
          <Button
            look="outline"
            icon={<Power size={13} aria-hidden="true" />}
            aria-label="Stop compute"
            disabled={compute.data_state === 'stopping'}
            onClick={() => session.requests.stop()}
          >
            Stop
          </Button>
        ))}
    </div>
  );
}

function useSince(compute: Compute, skew: number): string {
  const [, tick] = useState(0);
  const changing = ['starting', 'stopping', 'resizing'].includes(compute.data_state);
  useEffect(() => {
    if (!changing) return;
    const timer = setInterval(() => tick((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, [changing]);
  return changing && compute.since ? ` · ${elapsed(Date.now() + skew - compute.since)}` : '';
}
