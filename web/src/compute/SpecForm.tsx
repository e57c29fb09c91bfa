import { useId, useState } from 'react';
import { NumberInput } from '../design/NumberInput.tsx';
import { type InstancePool, withPool } from './pools.ts';
import {
  linesOf,
  type NodeType,
  PAIRS,
  type Parsed,
  type Policy,
  pairsOf,
  type Runtime,
  type Spec,
  sizeOf,
  specFrom,
  underPolicy,
  withNodeType,
  withSetting,
  withSize,
} from './spec.ts';
import { WorkersField } from './Workers.tsx';

export interface Offered {
  nodeTypes: NodeType[];
  runtimes: Runtime[];
  policies: Policy[];
  pools: InstancePool[];
}

interface Props {
  spec: Spec;
  offered: Offered;
  onChange: (spec: Spec) => void;
  /** What is typed and cannot be read yet, by field; null when it can. */
  onProblem: (field: string, problem: string | null) => void;
}

export function SpecForm({ spec, offered, onChange, onProblem }: Props) {
  const set = (key: string, value: unknown): void => onChange(withSetting(spec, key, value));
  const pairs = { spec, onChange, onProblem };
  // Their texts begin anew with what another policy sets.
  const policy = text(spec, 'policy_id');
  const pooled = text(spec, 'instance_pool_id') !== '';
  return (
    <>
      <div className="field">
        <label htmlFor="cluster-name">Name</label>
        <input
          id="cluster-name"
          className="input"
          required
          maxLength={100}
          autoComplete="off"
          autoFocus
          value={text(spec, 'cluster_name')}
          onChange={(e) => set('cluster_name', e.target.value)}
        />
      </div>
      {(offered.policies.length > 0 || text(spec, 'policy_id') !== '') && (
        <Choice
          label="Policy"
          value={text(spec, 'policy_id')}
          none="No policy"
          options={offered.policies.map((p) => [p.policy_id, p.name])}
          hint="It sets what it fixes, and refuses what it does not allow, with the name of the setting."
          onChange={(value) => {
            for (const field of PAIRS) onProblem(field, null);
            const chosen = offered.policies.find((p) => p.policy_id === value);
            onChange(underPolicy(spec, chosen));
          }}
        />
      )}
      <Choice
        label="Runtime"
        value={text(spec, 'spark_version')}
        options={offered.runtimes.map((r) => [r.key, r.name])}
        onChange={(value) => set('spark_version', value)}
      />
      <PoolChoice spec={spec} pools={offered.pools} onChange={onChange} />
      {!pooled && (
        <Choice
          label="Node type"
          value={text(spec, 'node_type_id')}
          options={offered.nodeTypes.map((t) => [t.node_type_id, nodeTypeWords(t)])}
          hint={
            sizeOf(spec).kind === 'single'
              ? 'One node: driver and tasks share its memory and cores.'
              : 'Of each worker: tasks run there.'
          }
          onChange={(value) => onChange(withNodeType(spec, value))}
        />
      )}
      <WorkersField size={sizeOf(spec)} onChange={(size) => onChange(withSize(spec, size))} />
      {!pooled && sizeOf(spec).kind !== 'single' && (
        <Choice
          label="Driver type"
          value={text(spec, 'driver_node_type_id') || text(spec, 'node_type_id')}
          options={offered.nodeTypes.map((t) => [t.node_type_id, nodeTypeWords(t)])}
          onChange={(value) => set('driver_node_type_id', value)}
        />
      )}
      <Idle spec={spec} onChange={(minutes) => set('autotermination_minutes', minutes)} />
      <details className="spec-more" open={hasMore(spec)}>
        <summary>Spark settings, environment and tags</summary>
        <div className="spec-more-fields">
          <Pairs
            {...pairs}
            key={`conf/${policy}`}
            label="Spark settings"
            field="spark_conf"
            separator=" "
            placeholder="spark.sql.shuffle.partitions 8"
            hint="One on each line: name, space, value. A value may be {{secrets/scope/key}}."
          />
          <Pairs
            {...pairs}
            key={`variables/${policy}`}
            label="Environment variables"
            field="spark_env_vars"
            separator="="
            placeholder="STAGE=test"
            hint="One on each line: NAME=value. A value may be {{secrets/scope/key}}."
          />
          <Pairs
            {...pairs}
            key={`tags/${policy}`}
            label="Tags"
            field="custom_tags"
            separator="="
            placeholder="team=data"
          />
        </div>
      </details>
    </>
  );
}

/** Where its nodes come from; who may use no pool is not asked. */
function PoolChoice({ spec, pools, onChange }: Pick<Props, 'spec' | 'onChange'> & { pools: InstancePool[] }) {
  const chosen = text(spec, 'instance_pool_id');
  const find = (id: string) => pools.find((pool) => pool.instance_pool_id === id);
  if (pools.length === 0 && chosen === '') return null;
  return (
    <Choice
      label="Pool"
      value={chosen}
      none="No pool"
      options={pools.map((p) => [p.instance_pool_id, `${p.instance_pool_name} (${p.node_type_id})`])}
      hint="Its nodes come from the pool, and are of its type."
      onChange={(id) => onChange(withPool(spec, find(id), find(chosen)))}
    />
  );
}

function text(spec: Spec, key: string): string {
  const value = spec[key];
  return typeof value === 'string' ? value : '';
}

function hasMore(spec: Spec): boolean {
  return PAIRS.some((key) => Object.keys((spec[key] ?? {}) as object).length > 0);
}

function nodeTypeWords(type: NodeType): string {
  const memory = type.memory_mb >= 1024 ? `${type.memory_mb / 1024} GiB` : `${type.memory_mb} MiB`;
  return `${type.node_type_id} (${memory}, ${type.num_cores} cores)`;
}

interface ChoiceProps {
  label: string;
  value: string;
  options: [value: string, words: string][];
  hint?: string;
  /** What it means to choose none; without it one has to be chosen. */
  none?: string;
  onChange: (value: string) => void;
}

function Choice({ label, value, options, hint, none, onChange }: ChoiceProps) {
  const id = useId();
  // What JSON named and is not offered stays chosen, so that looking at the form changes nothing.
  const known = value === '' || options.some(([option]) => option === value);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        required={none === undefined}
        value={value}
        aria-describedby={hint ? `${id}h` : undefined}
        onChange={(e) => onChange(e.target.value)}
      >
        {(none !== undefined || value === '') && <option value="">{none ?? 'Choose'}</option>}
        {!known && <option value={value}>{value} (not offered)</option>}
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      {hint && (
        <span id={`${id}h`} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}

const USUAL_MINUTES = 60;

function Idle({ spec, onChange }: { spec: Spec; onChange: (minutes: number) => void }) {
  const given = spec['autotermination_minutes'];
  const minutes = typeof given === 'number' ? given : USUAL_MINUTES;
  return (
    <div className="field">
      <span className="label">When idle</span>
      <div className="spec-idle">
        <label className="check">
          <input
            type="checkbox"
            checked={minutes > 0}
            onChange={(e) => onChange(e.target.checked ? USUAL_MINUTES : 0)}
          />
          Stop after
        </label>
        <NumberInput
          label="Minutes of idleness"
          max={10_000}
          value={minutes === 0 ? null : minutes}
          onChange={onChange}
        />
        <span>minutes</span>
      </div>
      {minutes === 0 && <span className="hint">It runs, and keeps its memory, until somebody stops it.</span>}
    </div>
  );
}

interface PairsProps extends Pick<Props, 'spec' | 'onChange' | 'onProblem'> {
  label: string;
  field: string;
  separator: '=' | ' ';
  placeholder: string;
  hint?: string;
}

function Pairs({ label, field, separator, placeholder, hint, spec, onChange, onProblem }: PairsProps) {
  const read = (typed: string): Parsed<Spec> => {
    const parsed = pairsOf(typed, separator);
    return 'problem' in parsed ? parsed : { value: withSetting(spec, field, parsed.value) };
  };
  return (
    <Typed
      label={label}
      rows={3}
      placeholder={placeholder}
      initial={linesOf(spec[field], separator)}
      read={read}
      onChange={onChange}
      onProblem={(problem) => onProblem(field, problem)}
      {...(hint === undefined ? {} : { hint })}
    />
  );
}

/** The whole of it, for whoever would rather write or paste it. */
export function SpecJson({ spec, onChange, onProblem }: Omit<Props, 'offered'>) {
  return (
    <Typed
      label="Settings as JSON"
      rows={22}
      placeholder=""
      hint="What the clusters API takes. The form shows the same settings."
      initial={JSON.stringify(spec, null, 2)}
      read={specFrom}
      onChange={onChange}
      onProblem={(problem) => onProblem('json', problem)}
    />
  );
}

interface TypedProps {
  label: string;
  rows: number;
  placeholder: string;
  hint?: string;
  initial: string;
  read: (typed: string) => Parsed<Spec>;
  onChange: (spec: Spec) => void;
  onProblem: (problem: string | null) => void;
}

/** A text that means settings once it can be read; until then it says why it cannot. */
function Typed({ label, rows, placeholder, hint, initial, read, onChange, onProblem }: TypedProps) {
  const id = useId();
  const [typed, setTyped] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (next: string): void => {
    setTyped(next);
    const parsed = read(next);
    const refused = 'problem' in parsed ? parsed.problem : null;
    setProblem(refused);
    onProblem(refused);
    if ('value' in parsed) onChange(parsed.value);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input spec-text code"
        rows={rows}
        spellCheck={false}
        placeholder={placeholder}
        aria-invalid={problem !== null}
        aria-describedby={`${id}h`}
        value={typed}
        onChange={(e) => change(e.target.value)}
      />
      <span id={`${id}h`} className={problem === null ? 'hint' : 'hint danger-text'} aria-live="polite">
        {problem ?? hint}
      </span>
    </div>
  );
}
