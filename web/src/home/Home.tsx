import { BookOpen, FileCode2, Folder, Plus } from 'lucide-react';
import { call } from '../api/client.ts';
import { useResource, useSlow } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { dataStateOf, loadClusters } from '../compute/clusters.ts';
import { ClusterState, ClusterSwitch } from '../compute/parts.tsx';
import { Button } from '../design/Button.tsx';
import { when } from '../design/format.ts';
import { createNotebook } from '../workspace/create.ts';
import { hrefOf } from '../workspace/tree.ts';
import './home.css';

interface HomeAnswer {
  recents: WorkspaceObject[];
  getting_started: WorkspaceObject | null;
  home: WorkspaceObject | null;
}

export function Home() {
  useTitle('');
  const { state } = useResource('home', () => call<HomeAnswer>('/api/campanile/v1/home'));
  const slow = useSlow(state.kind === 'loading');
  return (
    <main className="page home" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Home</h1>
        <div className="actions">
          <Button
            look="outline"
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => void createNotebook()}
          >
            New notebook
          </Button>
        </div>
      </div>
      {slow && <p className="muted">Loading…</p>}
      {state.kind === 'failed' && <p className="notice notice-err">{state.message}</p>}
      {state.kind === 'ready' && <Content home={state.value} />}
    </main>
  );
}

function Content({ home }: { home: HomeAnswer }) {
  const start = home.getting_started;
  return (
    <>
      {start && (
        <Link href={hrefOf(start)} className="start-card">
          <BookOpen size={20} aria-hidden="true" />
          <span>
            <strong>Getting started</strong>
            <span>A notebook that runs Java and SQL on your own Spark cluster, in five minutes.</span>
          </span>
        </Link>
      )}
      <div className="home-columns">
        <section>
          <h2>Recent notebooks</h2>
          {home.recents.length === 0 ? <NoRecents home={home.home} /> : <Recents objects={home.recents} />}
        </section>
        <section>
          <h2>Running now</h2>
          <Running />
        </section>
      </div>
    </>
  );
}

function NoRecents({ home }: { home: WorkspaceObject | null }) {
  return (
    <div className="empty">
      <h3>Nothing opened yet</h3>
      <p>
        Notebooks you open appear here. {home && <Link href={hrefOf(home)}>Look into your home folder</Link>}
        {home && ' or make a new one.'}
      </p>
      <Button
        look="primary"
        icon={<Plus size={14} aria-hidden="true" />}
        onClick={() => void createNotebook()}
      >
        New notebook
      </Button>
    </div>
  );
}

function Recents({ objects }: { objects: WorkspaceObject[] }) {
  return (
    <ul className="rows">
      {objects.map((o) => (
        <li key={o.object_id}>
          <Link href={hrefOf(o)} className="row">
            {o.object_type === 'NOTEBOOK' ? (
              <FileCode2 size={16} aria-hidden="true" />
            ) : (
              <Folder size={16} aria-hidden="true" />
            )}
            <span className="row-name">{o.name}</span>
            <span className="row-path">{o.path.split('/').slice(0, -1).join('/')}</span>
            <span className="row-when num">{o.modified_at ? when(o.modified_at) : ''}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Running() {
  const { state } = useResource('clusters', loadClusters, { pollMs: 4000 });
  if (state.kind === 'failed') return <p className="muted">{state.message}</p>;
  if (state.kind === 'loading') return null;
  const live = state.value.filter((c) => !['off', 'error'].includes(dataStateOf(c.state)));
  if (live.length === 0)
    return <p className="muted home-quiet">No cluster is running. Running a cell starts yours.</p>;
  return (
    <ul className="rows">
      {live.map((c) => (
        <li key={c.cluster_id} className="row">
          <Link className="row-name" href={`/compute/clusters/${encodeURIComponent(c.cluster_id)}`}>
            {c.cluster_name}
          </Link>
          <ClusterState cluster={c} />
          <ClusterSwitch cluster={c} />
        </li>
      ))}
    </ul>
  );
}
