import { ChevronDown, EllipsisVertical, History, Play, RotateCcw, Square, UserPlus } from 'lucide-react';
import { lazy, type MouseEvent, Suspense, useEffect, useState } from 'react';
import { call, messageOf } from '../../api/client.ts';
import { useChanges } from '../../api/observable.ts';
import { invalidate } from '../../api/resource.ts';
import type { WorkspaceObject } from '../../api/types.ts';
import { Link } from '../../app/Link.tsx';
import { navigate, useLocation } from '../../app/router.ts';
import { Button, IconButton } from '../../design/Button.tsx';
import { Confirm, Prompt } from '../../design/Dialog.tsx';
import { Menu, type MenuEntry } from '../../design/Menu.tsx';
import { toasts } from '../../design/toast.tsx';
import { exportObject } from '../../workspace/transfer.ts';
import { useNotebook } from '../context.ts';
import { isHistory, toggleHistory } from '../history/place.ts';
import { choicesOf, languageName } from '../languages.ts';
import { ComputePicker } from './ComputePicker.tsx';
import { dialogs } from './dialogs.ts';
import { ShortcutsDialog } from './Shortcuts.tsx';

const ShareDialog = lazy(() =>
  import('../../workspace/share/index.ts').then((m) => ({ default: m.ShareDialog })),
);

export function Header() {
  const { controller } = useNotebook();
  const { session } = controller;
  useChanges(session);
  useChanges(session.doc);
  useChanges(dialogs);
  const [renaming, setRenaming] = useState(false);
  const [sharing, setSharing] = useState(false);
  const folder = session.path.split('/').slice(0, -1).join('/') || '/';
  return (
    <header className="nb-head">
      <div className="nb-title">
        <div className="nb-names">
          <nav className="nb-path" aria-label="Folder">
            <Link href="/browse" onClick={(e) => openFolder(e, session.id)}>
              {folder}
            </Link>
            <span aria-hidden="true"> /</span>
          </nav>
          <h1>
            {session.canEdit ? (
              <button type="button" className="nb-name" title="Rename" onClick={() => setRenaming(true)}>
                {session.name || '…'}
              </button>
            ) : (
              session.name || '…'
            )}
          </h1>
        </div>
        <SaveMark />
        {!session.canEdit && session.phase.kind === 'live' && (
          <span className="tag">{session.canRun ? 'Can run' : 'View only'}</span>
        )}
        <div className="nb-right">
          <ComputePicker />
          <Button
            look="outline"
            icon={<UserPlus size={14} aria-hidden="true" />}
            onClick={() => setSharing(true)}
          >
            Share
          </Button>
        </div>
      </div>
      <Toolbar onRename={() => setRenaming(true)} />
      {renaming && (
        <Prompt
          title="Rename notebook"
          label="Name"
          value={session.name}
          action="Rename"
          onClose={() => setRenaming(false)}
          onSubmit={rename}
        />
      )}
      {sharing && (
        <Suspense>
          <ShareDialog objectId={session.id} name={session.name} onClose={() => setSharing(false)} />
        </Suspense>
      )}
      {dialogs.shown === 'restart' && (
        <Confirm
          title="Restart the kernel?"
          text="Variables, imports and definitions of this notebook are lost. What is queued is canceled. Outputs stay."
          action="Restart kernel"
          danger
          onClose={() => dialogs.close()}
          onConfirm={() => session.requests.restart()}
        />
      )}
      {dialogs.shown === 'shortcuts' && <ShortcutsDialog onClose={() => dialogs.close()} />}
    </header>
  );

  async function rename(name: string): Promise<void> {
    const object = await call<{ name: string; path: string }>(
      `/api/campanile/v1/objects/${encodeURIComponent(session.id)}/move`,
      { method: 'POST', body: { name } },
    );
    session.name = object.name ?? name;
    session.path = object.path ?? session.path;
    session.changed();
    invalidate('folder');
  }
}

/** The page knows its folder's path, the address of a folder is its number: asked for when somebody goes there. */
function openFolder(e: MouseEvent, notebook: string): void {
  if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  call<WorkspaceObject>(`/api/campanile/v1/objects/${encodeURIComponent(notebook)}`).then(
    (object) => navigate(object.parent_id ? `/browse/folders/${object.parent_id}` : '/browse'),
    (error: unknown) => toasts.show(messageOf(error)),
  );
}

const SAVE_WORDS = { saved: 'Saved', saving: 'Saving…', unsaved: 'Unsaved changes — reconnecting' };

/** A save takes milliseconds: "Saving…" is shown when it does not. */
function SaveMark() {
  const { controller } = useNotebook();
  const { session } = controller;
  useChanges(session.pending);
  useChanges(session);
  const now = session.saveState;
  const [shown, setShown] = useState(now);
  useEffect(() => {
    if (now !== 'saving') {
      setShown(now);
      return;
    }
    const timer = setTimeout(() => setShown('saving'), 150);
    return () => clearTimeout(timer);
  }, [now]);
  if (session.phase.kind !== 'live') return <span data-testid="save-state" data-state="saved" />;
  // A test or a person that reads "Saved" must be able to rely on it, so the attribute never lags.
  return (
    <span className={`save save-${shown}`} data-testid="save-state" data-state={now} role="status">
      {SAVE_WORDS[now === 'saving' && shown !== 'saving' ? 'saving' : now]}
    </span>
  );
}

function Toolbar({ onRename }: { onRename: () => void }) {
  const { controller } = useNotebook();
  const { session, doc } = controller;
  const { path } = useLocation();
  useChanges(doc.activity);
  const run = session.canRun && session.phase.kind === 'live';
  const more = (): MenuEntry[] => [
    { label: 'Rename', action: onRename, disabled: !session.canEdit },
    { label: 'Clear outputs', action: () => session.requests.clear(), disabled: !session.canEdit },
    { kind: 'line' },
    { label: 'Export as .ipynb', action: () => void exportObject(session.path, 'JUPYTER') },
    {
      label: 'Export as source',
      action: () => void exportObject(session.path, 'SOURCE'),
    },
    { kind: 'line' },
    { label: 'Keyboard shortcuts', note: 'H', action: () => dialogs.open('shortcuts') },
  ];
  const languages: MenuEntry[] = choicesOf(doc.language).map((lang) => ({
    label: languageName(lang),
    checked: lang === doc.language,
    action: () => session.apply({ kind: 'language', lang }),
  }));
  const busy = session.kernel.state === 'busy' || doc.busy;
  return (
    <div className="nb-bar" role="toolbar" aria-label="Notebook">
      <div className="nb-run">
        <Button
          icon={<Play size={14} aria-hidden="true" />}
          disabled={!run}
          onClick={() => controller.runMany('all')}
        >
          Run all
        </Button>
        <Menu
          label="More ways to run"
          className="btn btn-icon btn-half"
          disabled={!run}
          trigger={<ChevronDown size={14} aria-hidden="true" />}
          entries={() => [
            { label: 'Run all above', action: () => controller.runMany('above') },
            { label: 'Run this and below', action: () => controller.runMany('below') },
          ]}
        />
      </div>
      <Button
        icon={<Square size={12} aria-hidden="true" />}
        disabled={!run}
        onClick={() => session.requests.cancel()}
        className={busy ? 'nb-stop-live' : ''}
        aria-label="Stop all"
      >
        Stop
      </Button>
      <IconButton
        label="Restart kernel"
        icon={<RotateCcw size={14} />}
        disabled={!run}
        onClick={() => dialogs.open('restart')}
      />
      <KernelMark />
      <span className="nb-gap" />
      <Menu
        label={`Language of the notebook: ${languageName(doc.language)}`}
        trigger={
          <>
            {languageName(doc.language)}
            <ChevronDown size={13} aria-hidden="true" />
          </>
        }
        entries={languages}
        align="end"
        disabled={!session.canEdit}
      />
      <IconButton
        id="nb-history"
        label="History"
        icon={<History size={15} />}
        aria-pressed={isHistory(path)}
        onClick={() => toggleHistory(session.id)}
      />
      <Menu
        label="Notebook actions"
        className="btn btn-icon"
        trigger={<EllipsisVertical size={15} aria-hidden="true" />}
        entries={more}
        align="end"
      />
    </div>
  );
}

const KERNEL_WORDS: Record<string, string> = {
  starting: 'Kernel starting',
  busy: 'Kernel busy',
  restarting: 'Kernel restarting',
  dead: 'Kernel stopped',
  idle: 'Kernel idle',
};

function KernelMark() {
  const { session } = useNotebook().controller;
  const word = KERNEL_WORDS[session.kernel.state];
  return word ? <span className="nb-kernel">{word}</span> : null;
}
