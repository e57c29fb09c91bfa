import { useEffect, useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { invalidate, useResource } from '../api/resource.ts';
import type { Cluster } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { navigate, useLocation } from '../app/router.ts';
import { signIn } from '../app/session.ts';
import { Price } from '../cost/parts.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { toasts } from '../design/toast.tsx';
import { dataStateOf, loadCluster } from './clusters.ts';
import { loadPools } from './pools.ts';
import { type Offered, SpecForm, SpecJson } from './SpecForm.tsx';
import { copyOf, freshSpec, type NodeType, type Policy, type Runtime, type Spec, specOf } from './spec.ts';
import './compute.css';

interface Start extends Offered {
  spec: Spec;
  /** The one that is changed; none when one is made. */
  cluster: Cluster | null;
}

async function load(id: string | undefined, from: string | null): Promise<Start> {
  const [types, versions, made, pools, cluster, model] = await Promise.all([
    call<{ node_types?: NodeType[] }>('/api/2.1/clusters/list-node-types'),
    call<{ versions?: Runtime[] }>('/api/2.1/clusters/spark-versions'),
    call<{ policies?: Policy[] }>('/api/2.0/policies/clusters/list'),
    loadPools(),
    id === undefined ? null : loadCluster(id),
    from === null ? null : loadCluster(from),
  ]);
  const nodeTypes = types.node_types ?? [];
  const runtimes = versions.versions ?? [];
  const policies = made.policies ?? [];
  const fresh = () => freshSpec(ownName(), runtimes[0]?.key ?? '', nodeTypes[0]?.node_type_id ?? '');
  return {
    nodeTypes,
    runtimes,
    policies,
    pools,
    cluster,
    spec: cluster ? specOf(cluster) : model ? copyOf(model) : fresh(),
  };
}

function ownName(): string {
  const { identity } = signIn;
  return identity.kind === 'in'
    ? `${identity.me.display_name || identity.me.user_name}'s cluster`
    : 'Cluster';
}

/** Makes a cluster, or changes one: as a form or as the JSON of the API. */
export function ClusterFormPage({ params }: { params: Record<string, string> }) {
  const id = params['id'];
  const from = useLocation().query.get('from');
  const { state } = useResource(`cluster-form/${id ?? ''}/${from ?? ''}`, () => load(id, from));
  // Whoever comes back wants the settings of then, not those of the last visit.
  useEffect(() => () => invalidate('cluster-form'), []);
  const title = id === undefined ? 'New cluster' : 'Edit cluster';
  useTitle(title);
  return (
    <main className="page" id="main" tabIndex={-1}>
      <p className="crumbs">
        <Link href="/compute/clusters">Compute</Link>
      </p>
      <div className="page-head">
        <h1>{title}</h1>
      </div>
      <Answered state={state}>{(start) => <Editing start={start} />}</Answered>
    </main>
  );
}

function Editing({ start }: { start: Start }) {
  // What is loaded again later must not take away what is being typed.
  const [begun] = useState(start);
  const [spec, setSpec] = useState(begun.spec);
  const [json, setJson] = useState(false);
  const [problems, setProblems] = useState<Record<string, string | null>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { cluster } = begun;
  const unread = Object.values(problems).some((problem) => problem !== null);
  const running = cluster !== null && dataStateOf(cluster.state) === 'running';
  const fields = {
    spec,
    onChange: setSpec,
    onProblem: (field: string, problem: string | null) =>
      setProblems((all) => ({ ...all, [field]: problem })),
  };
  const submit = (): void => {
    if (busy || unread) return;
    setBusy(true);
    setRefusal(null);
    save(cluster, spec).then(
      (id) => {
        invalidate('cluster');
        toasts.show(cluster ? 'Settings saved' : 'Cluster created: it is starting');
        navigate(`/compute/clusters/${encodeURIComponent(id)}`);
      },
      (error: unknown) => {
        setRefusal(messageOf(error));
        setBusy(false);
      },
    );
  };
  return (
    <form
      className="spec-form"
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <div className="spec-ways" role="group" aria-label="How to edit">
        <Button small look="outline" aria-pressed={!json} disabled={unread} onClick={() => setJson(false)}>
          Form
        </Button>
        <Button small look="outline" aria-pressed={json} disabled={unread} onClick={() => setJson(true)}>
          JSON
        </Button>
      </div>
      {json ? <SpecJson {...fields} /> : <SpecForm {...fields} offered={begun} />}
      <Price spec={spec} />
      {running && (
        <p className="notice">
          Saving restarts the cluster: what runs on it ends, and the variables of its notebooks are lost.
        </p>
      )}
      {refusal !== null && (
        <p className="notice notice-err" role="alert">
          {refusal}
        </p>
      )}
      <div className="spec-actions">
        <Button look="primary" type="submit" disabled={busy || unread}>
          {cluster === null ? 'Create cluster' : running ? 'Save and restart' : 'Save'}
        </Button>
        <Button
          onClick={() => navigate(cluster ? `/compute/clusters/${cluster.cluster_id}` : '/compute/clusters')}
        >
          Cancel
        </Button>
      </div>
    </form>
  );
}

async function save(cluster: Cluster | null, spec: Spec): Promise<string> {
  if (cluster === null)
    return (await call<{ cluster_id: string }>('/api/2.1/clusters/create', { method: 'POST', body: spec }))
      .cluster_id;
  await call('/api/2.1/clusters/edit', { method: 'POST', body: { ...spec, cluster_id: cluster.cluster_id } });
  return cluster.cluster_id;
}
