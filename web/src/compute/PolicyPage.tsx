import { useEffect, useId, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate } from '../app/router.ts';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { TypedConfirm } from '../design/FormDialog.tsx';
import { toasts } from '../design/toast.tsx';
import { PolicyTry } from './PolicyTry.tsx';
import { PolicyUsers } from './PolicyUsers.tsx';
import { isAdmin } from './parts.tsx';
import {
  type ClusterPolicy,
  type Draft,
  deletePolicy,
  draftOf,
  effective,
  type Family,
  loadFamilies,
  loadPolicy,
  parsedRules,
  ruleWords,
  savePolicy,
} from './policies.ts';
import './compute.css';

interface Start {
  policy: ClusterPolicy | null;
  families: Family[];
}

async function load(id: string | undefined): Promise<Start> {
  const [policy, families] = await Promise.all([id === undefined ? null : loadPolicy(id), loadFamilies()]);
  return { policy, families };
}

/** A policy: its rules as they are written and in words, what they would do, and who may use it. */
export function PolicyPage({ params }: { params: Record<string, string> }) {
  const id = params['id'];
  const { state } = useResource(`cluster-policy/${id ?? ''}`, () => load(id));
  useEffect(() => () => invalidate('cluster-policy/'), []);
  const title =
    id === undefined ? 'New policy' : state.kind === 'ready' ? (state.value.policy?.name ?? '') : 'Policy';
  useTitle(title);
  return (
    <main className="page" id="main" tabIndex={-1}>
      <p className="crumbs">
        <Link href="/compute/policies">Policies</Link>
      </p>
      <div className="page-head">
        <h1>{title}</h1>
        {state.kind === 'ready' && state.value.policy && isAdmin() && <Delete policy={state.value.policy} />}
      </div>
      <Answered state={state}>
        {(start) =>
          isAdmin() ? (
            <Editing key={start.policy?.policy_id ?? ''} start={start} />
          ) : (
            <Reading start={start} />
          )
        }
      </Answered>
    </main>
  );
}

function Reading({ start: { policy, families } }: { start: Start }) {
  const draft = draftOf(policy);
  return (
    <>
      {draft.description !== '' && <p>{draft.description}</p>}
      <Rules draft={draft} families={families} />
    </>
  );
}

function Editing({ start }: { start: Start }) {
  // What is loaded again later must not take away what is being typed.
  const [{ policy, families }] = useState(start);
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const parsed = parsedRules(draft.rules);
  const unread = 'problem' in parsed;
  const submit = (): void => {
    if (busy || unread) return;
    setBusy(true);
    setRefusal(null);
    savePolicy(policy, draft).then(
      (id) => {
        invalidate('cluster-polic');
        toasts.show(policy ? 'Policy saved' : 'Policy made: let people use it below');
        setBusy(false);
        if (!policy) navigate(`/compute/policies/${encodeURIComponent(id)}`);
      },
      (error: unknown) => {
        setRefusal(messageOf(error));
        setBusy(false);
      },
    );
  };
  return (
    <div className="policy">
      <form
        className="spec-form"
        onSubmit={(e) => {
          e.preventDefault();
          submit();
        }}
      >
        <Fields
          draft={draft}
          families={families}
          onChange={setDraft}
          problem={unread ? parsed.problem : null}
        />
        {policy && (
          <p className="hint">
            Clusters that were made by it go on as they are; an edit or a new one obeys it.
          </p>
        )}
        {refusal !== null && (
          <p className="notice notice-err" role="alert">
            {refusal}
          </p>
        )}
        <div className="spec-actions">
          <Button look="primary" type="submit" disabled={busy || unread}>
            {policy ? 'Save' : 'Create policy'}
          </Button>
          <Button onClick={() => navigate('/compute/policies')}>Cancel</Button>
        </div>
      </form>
      <div className="policy-side">
        <Rules draft={draft} families={families} />
        <PolicyTry draft={draft} />
        {policy && <PolicyUsers policy={policy} />}
      </div>
    </div>
  );
}

interface FieldsProps {
  draft: Draft;
  families: Family[];
  problem: string | null;
  onChange: (draft: Draft) => void;
}

function Fields({ draft, families, problem, onChange }: FieldsProps) {
  const id = useId();
  const set = (changes: Partial<Draft>): void => onChange({ ...draft, ...changes });
  const family = families.find((f) => f.policy_family_id === draft.family);
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}n`}>Name</label>
        <input
          id={`${id}n`}
          className="input"
          required
          maxLength={100}
          autoComplete="off"
          autoFocus
          value={draft.name}
          onChange={(e) => set({ name: e.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}d`}>Description</label>
        <input
          id={`${id}d`}
          className="input"
          maxLength={1000}
          autoComplete="off"
          value={draft.description}
          onChange={(e) => set({ description: e.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}f`}>Family</label>
        <select
          id={`${id}f`}
          className="select"
          value={draft.family}
          aria-describedby={`${id}fh`}
          onChange={(e) => set({ family: e.target.value, rules: e.target.value === '' ? draft.rules : '{}' })}
        >
          <option value="">None: all rules are its own</option>
          {families.map((f) => (
            <option key={f.policy_family_id} value={f.policy_family_id}>
              {f.name}
            </option>
          ))}
        </select>
        <span id={`${id}fh`} className="hint">
          {family?.description ?? 'A family has rules to begin with; here stands what differs.'}
        </span>
      </div>
      <div className="field">
        <label htmlFor={`${id}r`}>{draft.family === '' ? 'Rules' : 'What differs from the family'}</label>
        <textarea
          id={`${id}r`}
          className="input spec-text code"
          rows={16}
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}rh`}
          value={draft.rules}
          onChange={(e) => set({ rules: e.target.value })}
        />
        <span id={`${id}rh`} className={problem === null ? 'hint' : 'hint danger-text'} aria-live="polite">
          {problem ??
            'JSON: attributes of a cluster with a rule each: fixed, forbidden, allowlist, blocklist, regex, range or unlimited.'}
        </span>
      </div>
      <div className="field">
        <label htmlFor={`${id}m`}>Clusters for each person</label>
        <input
          id={`${id}m`}
          className="input policy-most"
          type="number"
          min={1}
          max={1_000_000}
          step={1}
          placeholder="No limit"
          value={draft.most}
          onChange={(e) => set({ most: e.target.value })}
        />
      </div>
    </>
  );
}

function Rules({ draft, families }: { draft: Draft; families: Family[] }) {
  const rules = Object.entries(effective(draft, families));
  return (
    <section aria-labelledby="policy-rules">
      <h2 id="policy-rules">In words</h2>
      {rules.length === 0 ? (
        <p className="muted">No rules: every cluster is allowed.</p>
      ) : (
        <dl className="policy-rules">
          {rules.map(([attribute, rule]) => (
            <div key={attribute}>
              <dt className="code">{attribute}</dt>
              <dd>{typeof rule === 'object' && rule !== null ? ruleWords(rule) : 'has no rule'}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Delete({ policy }: { policy: ClusterPolicy }) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="actions">
      <Button look="outline" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <TypedConfirm
          title={`Delete ${policy.name}?`}
          text="Clusters that were made by it go on, and start again as they are. Whoever may only make clusters by it can make none any more."
          word={policy.name}
          action="Delete"
          onSubmit={async () => {
            await deletePolicy(policy.policy_id);
            invalidate('cluster-polic');
            toasts.show(`${policy.name} is deleted`);
            navigate('/compute/policies');
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
