import { Check, X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { type Draft, parsedRules, shown, type Trial, tryPolicy } from './policies.ts';
import { freshSpec, type NodeType, type Runtime, specFrom } from './spec.ts';

const PAUSE_MS = 350;

type Answer = { kind: 'none' } | { kind: 'failed'; message: string } | { kind: 'ready'; trial: Trial };

async function loadFresh(): Promise<string> {
  const [types, versions] = await Promise.all([
    call<{ node_types?: NodeType[] }>('/api/2.1/clusters/list-node-types'),
    call<{ versions?: Runtime[] }>('/api/2.1/clusters/spark-versions'),
  ]);
  const spec = freshSpec(
    'tried',
    versions.versions?.[0]?.key ?? '',
    types.node_types?.[0]?.node_type_id ?? '',
  );
  return JSON.stringify(spec, null, 2);
}

/** Shows, while rules or settings are typed, what the policy would do with a cluster. Nothing is made. */
export function PolicyTry({ draft }: { draft: Draft }) {
  const { state } = useResource('policy-try', loadFresh);
  return (
    <section aria-labelledby="policy-try">
      <h2 id="policy-try">Try it</h2>
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {state.kind === 'ready' && <Panel draft={draft} fresh={state.value} />}
    </section>
  );
}

function Panel({ draft, fresh }: { draft: Draft; fresh: string }) {
  const id = useId();
  const [typed, setTyped] = useState(fresh);
  const [defaults, setDefaults] = useState(true);
  const cluster = specFrom(typed);
  const problem = 'problem' in cluster ? cluster.problem : null;
  const answer = useTrial(draft, typed, defaults);
  return (
    <div className="policy-try">
      <div className="field">
        <label htmlFor={id}>A cluster that somebody asks for</label>
        <textarea
          id={id}
          className="input spec-text code"
          rows={8}
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={`${id}h`}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
        <span id={`${id}h`} className={problem === null ? 'hint' : 'hint danger-text'}>
          {problem ?? 'Nothing is made: this only shows what would be answered.'}
        </span>
      </div>
      <label className="check">
        <input type="checkbox" checked={defaults} onChange={(e) => setDefaults(e.target.checked)} />
        Fill in defaults where something is left out
      </label>
      <div aria-live="polite" data-testid="policy-trial">
        {answer.kind === 'failed' && <p className="notice notice-err">{answer.message}</p>}
        {answer.kind === 'ready' && <Result trial={answer.trial} />}
      </div>
    </div>
  );
}

/** Asks a moment after the last letter; what was asked before is not waited for. */
function useTrial(draft: Draft, typed: string, defaults: boolean): Answer {
  const [answer, setAnswer] = useState<Answer>({ kind: 'none' });
  const { rules, family } = draft;
  useEffect(() => {
    const cluster = specFrom(typed);
    if ('problem' in cluster || 'problem' in parsedRules(rules)) return;
    const gone = new AbortController();
    const timer = setTimeout(() => {
      const asked = { name: '', description: '', most: '', rules, family };
      const body = { ...cluster.value, ...(defaults ? { apply_policy_default_values: true } : {}) };
      tryPolicy(asked, body, gone.signal).then(
        (trial) => setAnswer({ kind: 'ready', trial }),
        (error: unknown) => {
          if (!gone.signal.aborted) setAnswer({ kind: 'failed', message: messageOf(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [rules, family, typed, defaults]);
  return answer;
}

function Result({ trial }: { trial: Trial }) {
  const { apply_policy_default_values: _, ...cluster } = trial.cluster;
  return (
    <div className="policy-result">
      <p className={trial.allowed ? 'policy-yes' : 'policy-no'}>
        {trial.allowed ? <Check size={16} aria-hidden="true" /> : <X size={16} aria-hidden="true" />}
        {trial.allowed ? 'Allowed' : 'Refused'}
      </p>
      {(trial.refusals.length > 0 || trial.problem) && (
        <ul>
          {trial.refusals.map((refusal) => (
            <li key={refusal}>{refusal}</li>
          ))}
          {trial.problem && <li>With or without this policy: {trial.problem}</li>}
        </ul>
      )}
      {trial.filled.length > 0 && (
        <>
          <h3>Filled in</h3>
          <ul>
            {trial.filled.map((filled) => (
              <li key={filled.attribute}>
                <span className="code">{filled.attribute}</span> = {shown(filled.value)}{' '}
                <span className="muted">({filled.rule === 'fixed' ? 'fixed' : 'by default'})</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>The cluster as it would be</summary>
        <pre className="code">{JSON.stringify(cluster, null, 2)}</pre>
      </details>
    </div>
  );
}
