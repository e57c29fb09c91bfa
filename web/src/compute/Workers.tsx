import { useId, useState } from 'react';
import { invalidate } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { FormDialog } from '../design/FormDialog.tsx';
import { NumberInput } from '../design/NumberInput.tsx';
import { resizeCluster } from './clusters.ts';
import { type Size, sizeOf } from './spec.ts';

const KINDS: [kind: Size['kind'], words: string, begun: Size][] = [
  ['single', 'Single node', { kind: 'single' }],
  ['fixed', 'Fixed number', { kind: 'fixed', workers: 2 }],
  ['scaled', 'Autoscaling', { kind: 'scaled', min: 1, max: 4 }],
];

interface Props {
  size: Size;
  onChange: (size: Size) => void;
}

/** How many workers: none, so many, or as many as the load asks for. */
export function WorkersField({ size, onChange }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Workers</label>
      <div className="spec-workers">
        <select
          id={id}
          className="select"
          value={size.kind}
          onChange={(e) => onChange(KINDS.find(([kind]) => kind === e.target.value)?.[2] ?? size)}
        >
          {KINDS.map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
        {size.kind === 'fixed' && (
          <NumberInput
            label="Number of workers"
            value={size.workers}
            onChange={(workers) => onChange({ kind: 'fixed', workers })}
          />
        )}
        {size.kind === 'scaled' && (
          <>
            <NumberInput
              label="Fewest workers"
              value={size.min}
              onChange={(min) => onChange({ kind: 'scaled', min, max: Math.max(min + 1, size.max) })}
            />
            <span>to</span>
            <NumberInput
              label="Most workers"
              value={size.max}
              min={size.min + 1}
              onChange={(max) => onChange({ ...size, max })}
            />
          </>
        )}
      </div>
    </div>
  );
}

/** Another size for a cluster that runs. */
export function ResizeDialog({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const before = sizeOf(cluster);
  const [size, setSize] = useState(before);
  const [force, setForce] = useState(false);
  const restarts = (size.kind === 'single') !== (before.kind === 'single');
  return (
    <FormDialog
      title={`Resize ${cluster.cluster_name}`}
      action="Resize"
      onSubmit={async () => {
        await resizeCluster(cluster.cluster_id, size, restarts && force);
        invalidate('cluster');
      }}
      onClose={onClose}
    >
      <WorkersField size={size} onChange={setSize} />
      {restarts && (
        <>
          <p>
            Between a single node and workers its driver restarts: the variables of its notebooks are lost.
          </p>
          <label className="check">
            <input type="checkbox" checked={force} onChange={(e) => setForce(e.target.checked)} />
            Even while a command runs
          </label>
        </>
      )}
    </FormDialog>
  );
}
