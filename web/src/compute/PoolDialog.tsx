import { useId } from 'react';
import { call } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { Answered } from '../design/Answered.tsx';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { toasts } from '../design/toast.tsx';
import { createPool, editPool, type InstancePool, wishOf } from './pools.ts';
import type { NodeType, Runtime } from './spec.ts';

interface Offered {
  nodeTypes: NodeType[];
  runtimes: Runtime[];
}

async function load(): Promise<Offered> {
  const [types, versions] = await Promise.all([
    call<{ node_types?: NodeType[] }>('/api/2.1/clusters/list-node-types'),
    call<{ versions?: Runtime[] }>('/api/2.1/clusters/spark-versions'),
  ]);
  return { nodeTypes: types.node_types ?? [], runtimes: versions.versions ?? [] };
}

/** Makes a pool, or changes one: what its nodes are stays as it was made. */
export function PoolDialog({ pool, onClose }: { pool: InstancePool | null; onClose: () => void }) {
  const { state } = useResource('pool-dialog', load);
  return (
    <FormDialog
      title={pool === null ? 'New pool' : `Edit ${pool.instance_pool_name}`}
      action={pool === null ? 'Create pool' : 'Save'}
      ready={state.kind === 'ready'}
      onSubmit={async (form) => {
        const wish = wishOf(form);
        await (pool === null ? createPool(wish) : editPool(pool, wish));
        invalidate('pools');
        toasts.show(pool === null ? 'Pool created' : 'Pool saved');
      }}
      onClose={onClose}
    >
      <Answered state={state}>{(offered) => <Fields pool={pool} offered={offered} />}</Answered>
    </FormDialog>
  );
}

function Fields({ pool, offered }: { pool: InstancePool | null; offered: Offered }) {
  return (
    <div className="pool-fields">
      <Field label="Name" name="name" required autoFocus value={pool?.instance_pool_name ?? ''} />
      {pool === null ? (
        <>
          <Select
            label="Node type"
            name="type"
            options={offered.nodeTypes.map((t) => [t.node_type_id, t.node_type_id])}
            hint="Of all of its nodes. It cannot be changed later."
          />
          <Select
            label="Runtime of idle nodes"
            name="runtime"
            options={offered.runtimes.map((r) => [r.key, r.name])}
            hint="A cluster of this runtime, a single node without Spark settings or variables of its own, is up at once."
          />
        </>
      ) : (
        <input type="hidden" name="type" value={pool.node_type_id} />
      )}
      <Field
        label="Idle nodes to keep"
        name="idle"
        type="number"
        required
        min={0}
        max={100}
        value={String(pool?.min_idle_instances ?? 1)}
        hint="Each keeps its memory, whether somebody uses it or not."
      />
      <Field
        label="Most nodes"
        name="most"
        type="number"
        min={1}
        max={10_000}
        value={pool?.max_capacity === undefined ? '' : String(pool.max_capacity)}
        hint="Those of clusters among them. Empty: no limit."
      />
      <Field
        label="Minutes until a node that is not kept ends"
        name="minutes"
        type="number"
        required
        min={0}
        max={10_000}
        value={String(pool?.idle_instance_autotermination_minutes ?? 60)}
      />
    </div>
  );
}

interface SelectProps {
  label: string;
  name: string;
  options: [value: string, words: string][];
  hint: string;
}

function Select({ label, name, options, hint }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} className="select" required aria-describedby={`${id}h`}>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <span id={`${id}h`} className="hint">
        {hint}
      </span>
    </div>
  );
}
