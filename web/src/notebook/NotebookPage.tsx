import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { ApiError, call } from '../api/client.ts';
import { useChanges } from '../api/observable.ts';
import { useSlow } from '../api/resource.ts';
import type { Snapshot } from '../api/types.ts';
import { socket } from '../app/connection.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { useLocation } from '../app/router.ts';
import { toasts } from '../design/toast.tsx';
import { Announcer } from './Announcer.tsx';
import { CellList } from './CellList.tsx';
import { setHighlighter } from './cell/Source.tsx';
import { NotebookContext } from './context.ts';
import { NotebookController } from './controller.ts';
import type { LiveEditor } from './editor/index.ts';
import { isHistory } from './history/place.ts';
import { holdTabLock, IndexedDbOutbox } from './model/outbox.ts';
import { NotebookSession } from './model/session.ts';
import { Header } from './toolbar/Header.tsx';
import { useNotebookKeys } from './toolbar/keys.ts';
import './notebook.css';
import './outputs/outputs.css';

const outbox = new IndexedDbOutbox();
const History = lazy(() => import('./history/index.ts').then((m) => ({ default: m.History })));

interface Open {
  session: NotebookSession;
  controller: NotebookController;
  missing: boolean;
}

export function NotebookPage({ params }: { params: Record<string, string> }) {
  const id = params['id'] ?? '';
  const open = useSession(id);
  return open ? <Notebook key={id} open={open} /> : null;
}

/** Opens the channel once the first picture has come, so that the socket brings only what is newer. */
function useSession(id: string): Open | null {
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(() => {
    const session = new NotebookSession(id, socket, outbox);
    const controller = new NotebookController(session);
    session.onNotice = (message) => toasts.show(message);
    const release = holdTabLock(session.cid);
    const stop = new AbortController();
    let leave: (() => void) | null = null;
    setOpen({ session, controller, missing: false });
    call<Snapshot>(`/api/campanile/v1/notebooks/${encodeURIComponent(id)}`, { signal: stop.signal })
      .then((snapshot) => session.applySnapshot(snapshot, false))
      .catch((error: unknown) => {
        if (stop.signal.aborted) return false;
        const refused = error instanceof ApiError && (error.status === 404 || error.status === 400);
        const large = error instanceof ApiError && error.code === 'MAX_NOTEBOOK_SIZE_EXCEEDED';
        if (large) session.refused(error.code, error.message);
        else if (refused) setOpen({ session, controller, missing: true });
        return !refused && !(error instanceof ApiError && error.status === 401);
      })
      .then((go) => {
        if (go !== false && !stop.signal.aborted) leave = socket.open(session.channel, session);
      });
    const hide = (): void => {
      if (document.visibilityState === 'hidden') session.pump();
    };
    const ask = (e: BeforeUnloadEvent): void => {
      session.pump();
      if (session.pending.since !== null && Date.now() - session.pending.since > 2000) e.preventDefault();
    };
    document.addEventListener('visibilitychange', hide);
    addEventListener('beforeunload', ask);
    return () => {
      stop.abort();
      session.dispose();
      leave?.();
      release();
      document.removeEventListener('visibilitychange', hide);
      removeEventListener('beforeunload', ask);
    };
  }, [id]);
  return open;
}

function Notebook({ open }: { open: Open }) {
  const { session, controller, missing } = open;
  const { path, query } = useLocation();
  useChanges(session);
  useTitle(session.name);
  const editor = useEditor(controller, session.phase.kind === 'live');
  const scope = useMemo(() => ({ controller, editor }), [controller, editor]);
  const live = session.phase.kind === 'live';
  const wanted = query.get('cell');
  const history = isHistory(path);
  useEffect(() => {
    if (live) controller.start(wanted);
  }, [live, controller, wanted]);
  useNotebookKeys(controller, live);
  const slow = useSlow(!live);
  if (missing) return <NotFound />;
  if (session.phase.kind === 'gone') return <Gone message={session.phase.message} />;
  if (session.phase.kind === 'too-large') return <TooLarge message={session.phase.message} />;
  return (
    <NotebookContext value={scope}>
      <main className="notebook" id="main">
        <Header />
        <div className="nb-body">
          {/* An open version lies over the cells: they keep their place, but nobody gets at them. */}
          <div className="nb-main" inert={history && query.has('shown')}>
            {live ? <CellList /> : slow && <Skeleton />}
          </div>
          {live && history && (
            <Suspense fallback={null}>
              <History />
            </Suspense>
          )}
        </div>
        <Announcer />
      </main>
    </NotebookContext>
  );
}

function useEditor(controller: NotebookController, live: boolean): LiveEditor | null {
  const [editor, setEditor] = useState<LiveEditor | null>(null);
  useEffect(() => {
    if (!live) return;
    let made: LiveEditor | null = null;
    let gone = false;
    void import('./editor/index.ts').then((module) => {
      if (gone) return;
      setHighlighter(module);
      made = new module.LiveEditor(controller);
      setEditor(made);
    });
    return () => {
      gone = true;
      made?.dispose();
      setEditor(null);
    };
  }, [controller, live]);
  return editor;
}

function Skeleton() {
  return (
    <div className="notebook-skeleton" aria-hidden="true">
      {[70, 45, 85, 60].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

function TooLarge({ message }: { message: string }) {
  return (
    <main className="page" id="main">
      <h1>This notebook is too large for this page</h1>
      <p>{message}.</p>
      <p>
        Nothing of it is lost. Choose “Export as .ipynb” in its menu in <Link href="/browse">its folder</Link>
        , split the file, and import the parts.
      </p>
    </main>
  );
}

function Gone({ message }: { message: string }) {
  return (
    <main className="page" id="main">
      <h1>This notebook is gone</h1>
      <p>{message}. It was deleted, moved to the trash, or is no longer shared with you.</p>
      <p>
        <Link href="/browse/trash">Look into the trash</Link> or <Link href="/">go to the home page</Link>
      </p>
    </main>
  );
}
