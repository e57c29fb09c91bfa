import { call } from '../api/client.ts';
import type { Candidate, Kind } from '../people/search.ts';

export interface ClusterPolicy {
  policy_id: string;
  name: string;
  description?: string;
  /** JSON: the rules that hold, those of the family too. */
  definition?: string;
  policy_family_id?: string;
  policy_family_definition_overrides?: string;
  libraries?: unknown[];
  max_clusters_per_user?: number;
  creator_user_name?: string;
  created_at_timestamp?: number;
}

export interface Family {
  policy_family_id: string;
  name: string;
  description: string;
  definition: string;
}

/** What is edited of a policy. `rules` is its definition, or what differs from the family. */
export interface Draft {
  name: string;
  description: string;
  family: string;
  rules: string;
  most: string;
}

export interface Filled {
  attribute: string;
  value: unknown;
  rule: 'fixed' | 'default';
}

export interface Trial {
  allowed: boolean;
  cluster: Record<string, unknown>;
  filled: Filled[];
  refusals: string[];
  problem?: string | null;
}

const BASE = '/api/2.0/policies/clusters';

export async function loadPolicies(): Promise<ClusterPolicy[]> {
  const answer = await call<{ policies?: ClusterPolicy[] }>(`${BASE}/list`, {
    query: { sort_column: 'POLICY_NAME', sort_order: 'ASC' },
  });
  return answer.policies ?? [];
}

export function loadPolicy(id: string): Promise<ClusterPolicy> {
  return call<ClusterPolicy>(`${BASE}/get`, { query: { policy_id: id } });
}

export async function loadFamilies(): Promise<Family[]> {
  return (await call<{ policy_families?: Family[] }>('/api/2.0/policy-families')).policy_families ?? [];
}

export async function savePolicy(before: ClusterPolicy | null, draft: Draft): Promise<string> {
  const body = bodyOf(draft, before);
  if (before === null)
    return (await call<{ policy_id: string }>(`${BASE}/create`, { method: 'POST', body })).policy_id;
  await call(`${BASE}/edit`, { method: 'POST', body: { ...body, policy_id: before.policy_id } });
  return before.policy_id;
}

export function deletePolicy(id: string): Promise<unknown> {
  return call(`${BASE}/delete`, { method: 'POST', body: { policy_id: id } });
}

export function tryPolicy(draft: Draft, cluster: unknown, signal: AbortSignal): Promise<Trial> {
  return call<Trial>('/api/campanile/v1/policies/try', {
    method: 'POST',
    body: { ...rulesOf(draft), cluster },
    signal,
  });
}

const FRESH_RULES = `{
  "autotermination_minutes": {"type": "range", "maxValue": 120, "defaultValue": 60},
  "custom_tags.team": {"type": "unlimited"}
}`;

export function draftOf(policy: ClusterPolicy | null): Draft {
  if (policy === null) return { name: '', description: '', family: '', rules: FRESH_RULES, most: '' };
  const family = policy.policy_family_id ?? '';
  return {
    name: policy.name,
    description: policy.description ?? '',
    family,
    rules: pretty(family === '' ? policy.definition : policy.policy_family_definition_overrides),
    most: policy.max_clusters_per_user === undefined ? '' : String(policy.max_clusters_per_user),
  };
}

/** Rules that a client wrote on one line are read better on several; what cannot be read stays as it is. */
function pretty(rules: string | undefined): string {
  if (rules === undefined || rules.includes('\n')) return rules ?? '{}';
  const parsed = parsedRules(rules);
  return 'rules' in parsed ? JSON.stringify(parsed.rules, null, 2) : rules;
}

function rulesOf(draft: Draft): Record<string, string> {
  return draft.family === ''
    ? { definition: draft.rules }
    : { policy_family_id: draft.family, policy_family_definition_overrides: draft.rules };
}

/** An edit replaces everything: what this page does not show has to be sent back. */
export function bodyOf(draft: Draft, before: ClusterPolicy | null): Record<string, unknown> {
  const most = draft.most.trim();
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...rulesOf(draft),
    ...(most === '' ? {} : { max_clusters_per_user: Number(most) }),
    ...(before?.libraries === undefined ? {} : { libraries: before.libraries }),
  };
}

export interface Rule {
  type?: string;
  value?: unknown;
  values?: unknown[];
  pattern?: string;
  minValue?: number;
  maxValue?: number;
  defaultValue?: unknown;
  isOptional?: boolean;
  hidden?: boolean;
}

export type ParsedRules = { rules: Record<string, Rule> } | { problem: string };

export function parsedRules(text: string): ParsedRules {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'Rules are a JSON object: { "attribute": {"type": …}, … }.' };
  return { rules: value as Record<string, Rule> };
}

/** What holds: the rules of the family, each replaced where the policy has its own. */
export function effective(draft: Draft, families: Family[]): Record<string, Rule> {
  const own = parsedRules(draft.rules);
  const family = families.find((f) => f.policy_family_id === draft.family);
  const base = parsedRules(family?.definition ?? '{}');
  return { ...('rules' in base ? base.rules : {}), ...('rules' in own ? own.rules : {}) };
}

export function ruleWords(rule: Rule): string {
  const words = boundWords(rule);
  const more = [
    rule.defaultValue === undefined ? '' : `default ${shown(rule.defaultValue)}`,
    rule.isOptional ? 'may be left out' : '',
    rule.hidden ? 'not in forms' : '',
  ].filter((part) => part !== '');
  return more.length === 0 ? words : `${words} (${more.join(', ')})`;
}

function boundWords(rule: Rule): string {
  switch (rule.type) {
    case 'fixed':
      return `is ${shown(rule.value)}`;
    case 'forbidden':
      return 'must be left out';
    case 'allowlist':
      return `is one of ${listed(rule.values)}`;
    case 'blocklist':
      return `is none of ${listed(rule.values)}`;
    case 'regex':
      return `matches ${shown(rule.pattern)}`;
    case 'range':
      return rangeWords(rule);
    case 'unlimited':
      return 'is anything';
    default:
      return `has a rule of the unknown type ${shown(rule.type)}`;
  }
}

function rangeWords({ minValue, maxValue }: Rule): string {
  if (minValue === undefined) return `is at most ${shown(maxValue)}`;
  if (maxValue === undefined) return `is at least ${shown(minValue)}`;
  return `is ${shown(minValue)} to ${shown(maxValue)}`;
}

const LISTED = 6;

function listed(values: unknown[] = []): string {
  const some = values.slice(0, LISTED).map(shown).join(', ');
  return values.length > LISTED ? `${some} and ${values.length - LISTED} more` : some;
}

export function shown(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? 'nothing' : JSON.stringify(value);
}

interface Named {
  user_name?: string;
  group_name?: string;
  service_principal_name?: string;
}

export interface User {
  kind: Kind;
  name: string;
  display: string;
  /** Given to them here, so that it can be taken away. */
  direct: boolean;
}

interface Listed extends Named {
  display_name?: string;
  all_permissions: { permission_level: string; inherited: boolean }[];
}

const access = (id: string): string => `/api/2.0/permissions/cluster-policies/${encodeURIComponent(id)}`;

export async function loadUsers(id: string): Promise<User[]> {
  const answer = await call<{ access_control_list?: Listed[] }>(access(id));
  return (answer.access_control_list ?? []).map(userOf);
}

function userOf(entry: Listed): User {
  const kind: Kind =
    entry.user_name !== undefined ? 'USER' : entry.group_name !== undefined ? 'GROUP' : 'SERVICE_PRINCIPAL';
  const name = entry.user_name ?? entry.group_name ?? entry.service_principal_name ?? '';
  return {
    kind,
    name,
    display: entry.display_name || name,
    direct: entry.all_permissions.some((p) => !p.inherited),
  };
}

function grant({ kind, name }: { kind: Kind; name: string }): Named & { permission_level: string } {
  const named =
    kind === 'USER'
      ? { user_name: name }
      : kind === 'GROUP'
        ? { group_name: name }
        : { service_principal_name: name };
  return { ...named, permission_level: 'CAN_USE' };
}

export function letUse(id: string, whom: Candidate[]): Promise<unknown> {
  return call(access(id), { method: 'PATCH', body: { access_control_list: whom.map(grant) } });
}

/** There is no call that takes one grant away: the others are read anew and put. */
export async function letNoLongerUse(id: string, who: User): Promise<void> {
  const others = (await loadUsers(id)).filter(
    (u) => u.direct && !(u.kind === who.kind && u.name === who.name),
  );
  await call(access(id), { method: 'PUT', body: { access_control_list: others.map(grant) } });
}
