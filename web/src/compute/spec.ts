/** What makes a cluster, as the API takes it: the JSON is the truth, the form shows parts of it. */
export type Spec = Record<string, unknown>;

export interface NodeType {
  node_type_id: string;
  memory_mb: number;
  num_cores: number;
  description?: string;
}

export interface Policy {
  policy_id: string;
  name: string;
  /** JSON: rules by the path of their attribute. */
  definition?: string;
}

export interface Runtime {
  key: string;
  name: string;
}

/** Of a cluster's details those that are settings: the rest is what became of it. */
const SETTINGS = [
  'cluster_name',
  'policy_id',
  'spark_version',
  'node_type_id',
  'driver_node_type_id',
  'instance_pool_id',
  'driver_instance_pool_id',
  'num_workers',
  'autoscale',
  'autotermination_minutes',
  'spark_conf',
  'spark_env_vars',
  'custom_tags',
  'init_scripts',
  'cluster_log_conf',
  'data_security_mode',
  'single_user_name',
  'kind',
  'runtime_engine',
  'use_ml_runtime',
  'workload_type',
  'enable_elastic_disk',
  'enable_local_disk_encryption',
  'aws_attributes',
  'azure_attributes',
  'gcp_attributes',
  'docker_image',
  'ssh_public_keys',
];

/** Settings that are names and values. */
export const PAIRS = ['spark_conf', 'spark_env_vars', 'custom_tags'];

export function specOf(cluster: Record<string, unknown>): Spec {
  const spec = Object.fromEntries(
    SETTINGS.filter((key) => cluster[key] !== undefined && cluster[key] !== null).map((key) => [
      key,
      cluster[key],
    ]),
  );
  // Beside bounds, the number is what it has now, and no setting.
  return 'autoscale' in spec ? withSetting(spec, 'num_workers', undefined) : spec;
}

/** How many workers there are to be. */
export type Size =
  | { kind: 'single' }
  | { kind: 'fixed'; workers: number }
  | { kind: 'scaled'; min: number; max: number };

export function sizeOf(spec: Spec): Size {
  const bounds = spec['autoscale'];
  if (typeof bounds === 'object' && bounds !== null) {
    const { min_workers: min, max_workers: max } = bounds as Record<string, unknown>;
    return { kind: 'scaled', min: Number(min) || 1, max: Number(max) || 2 };
  }
  const workers = Number(spec['num_workers']) || 0;
  return workers === 0 ? { kind: 'single' } : { kind: 'fixed', workers };
}

/** The field by which the API takes a size. */
export function sizeOnTheWire(size: Size): Spec {
  return size.kind === 'scaled'
    ? { autoscale: { min_workers: size.min, max_workers: size.max } }
    : { num_workers: size.kind === 'fixed' ? size.workers : 0 };
}

/** The spec of another size; a single node is of one type. */
export function withSize(spec: Spec, size: Size): Spec {
  const { num_workers: _, autoscale: __, is_single_node: ___, ...rest } = spec;
  const sized = { ...rest, ...sizeOnTheWire(size) };
  return size.kind === 'single' && 'driver_node_type_id' in sized
    ? { ...sized, driver_node_type_id: spec['node_type_id'] }
    : sized;
}

/** A copy for somebody else's hands: it is theirs, under a name of its own. */
export function copyOf(cluster: Record<string, unknown>): Spec {
  const { single_user_name: _, ...spec } = specOf(cluster);
  return { ...spec, cluster_name: `Copy of ${String(cluster['cluster_name'] ?? 'cluster')}` };
}

export function freshSpec(name: string, runtime: string, nodeType: string): Spec {
  return {
    cluster_name: name,
    spark_version: runtime,
    node_type_id: nodeType,
    num_workers: 0,
    autotermination_minutes: 60,
  };
}

export type Parsed<T> = { value: T } | { problem: string };

/** Lines of a name and a value, parted by `=` or, as in Spark's own files, by space; `#` begins a remark. */
export function pairsOf(text: string, separator: '=' | ' '): Parsed<Record<string, string>> {
  const value: Record<string, string> = {};
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const found =
      separator === '=' ? /^([^=\s]+)\s*=\s*(.*)$/.exec(line) : /^([^\s=]+)(?:\s*=\s*|\s+)(.+)$/.exec(line);
    if (!found)
      return {
        problem: `Line ${index + 1}: write a name, ${separator === '=' ? 'an equals sign' : 'a space'} and a value.`,
      };
    const [, name, given] = found as unknown as [string, string, string];
    if (Object.hasOwn(value, name)) return { problem: `Line ${index + 1}: ${name} is there twice.` };
    value[name] = given;
  }
  return { value };
}

export function linesOf(pairs: unknown, separator: '=' | ' '): string {
  if (typeof pairs !== 'object' || pairs === null) return '';
  return Object.entries(pairs)
    .map(([name, value]) => `${name}${separator}${String(value)}`)
    .join('\n');
}

/** A whole spec as somebody typed it. */
export function specFrom(text: string): Parsed<Spec> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'The settings of a cluster are a JSON object: { … }.' };
  return { value: value as Spec };
}

/** The spec with a setting; what is empty is left out rather than sent. */
export function withSetting(spec: Spec, key: string, value: unknown): Spec {
  const { [key]: _, ...rest } = spec;
  const empty =
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return empty ? rest : { ...spec, [key]: value };
}

/** A driver that was of the workers' type goes on being so. */
export function withNodeType(spec: Spec, type: string): Spec {
  const changed = withSetting(spec, 'node_type_id', type);
  const driver = spec['driver_node_type_id'];
  const own = sizeOf(spec).kind !== 'single' && driver !== spec['node_type_id'];
  return driver === undefined || own ? changed : { ...changed, driver_node_type_id: type };
}

interface PolicyRule {
  type?: string;
  value?: unknown;
  defaultValue?: unknown;
}

/** The spec as a policy begins it: with what it fixes, and its defaults for the rest. Without one it only leaves it. */
export function underPolicy(spec: Spec, policy: Policy | undefined): Spec {
  let begun = withSetting(spec, 'policy_id', policy?.policy_id);
  const rules = JSON.parse(policy?.definition || '{}') as Record<string, PolicyRule>;
  for (const [path, rule] of Object.entries(rules)) {
    const value = rule.type === 'fixed' ? rule.value : rule.defaultValue;
    const [key = '', ...rest] = path.split('.');
    if (value === undefined || path.includes('*') || !SETTINGS.includes(key)) continue;
    if (rest.length === 0) begun = withSetting(begun, key, value);
    else if (PAIRS.includes(key))
      begun = withSetting(begun, key, { ...(begun[key] as object), [rest.join('.')]: String(value) });
  }
  return begun;
}
