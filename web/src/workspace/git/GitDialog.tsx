import { useState } from 'react';
import { messageOf } from '../../api/client.ts';
import { invalidate, useResource } from '../../api/resource.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Changes } from './Changes.tsx';
import { Conflicts } from './Conflicts.tsx';
import { type Branch, type Pulled, Repo, type Status, type Submodule } from './wire.ts';
import './git.css';

interface Props {
  repo: { object_id: number; name: string };
  onClose: () => void;
  /** Objects of the folder are others now. */
  onChange: () => Promise<void>;
}

/** What a person does with a git folder: branch, changes, commit and push, pull, conflicts. */
export function GitDialog({ repo, onClose, onChange }: Props) {
  const git = new Repo(repo.object_id);
  const status = useResource(`git/${repo.object_id}/status`, () => git.status());
  const branches = useResource(`git/${repo.object_id}/branches`, () => git.branches());
  const [busy, setBusy] = useState<string | null>(null);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const act = async (doing: string, work: () => Promise<string>): Promise<void> => {
    if (busy !== null) return;
    setBusy(doing);
    setSaid(null);
    try {
      setSaid({ text: await work(), bad: false });
    } catch (error) {
      setSaid({ text: messageOf(error), bad: true });
    }
    invalidate('tree');
    await Promise.all([status.reload(), branches.reload(), onChange()]);
    setBusy(null);
  };
  const now = status.state.kind === 'ready' ? status.state.value : null;
  return (
    <Dialog title={`Git · ${repo.name}`} onClose={onClose} wide className="git">
      {status.state.kind === 'failed' && <p className="notice notice-err">{status.state.message}</p>}
      {now === null && status.state.kind !== 'failed' && <p className="muted">Loading…</p>}
      {now && (
        <>
          <Where
            status={now}
            branches={branches.state.kind === 'ready' ? branches.state.value : []}
            busy={busy !== null}
            onSwitch={(name) =>
              void act('Switching…', async () => {
                await git.switchTo(name);
                return `On branch ${name}`;
              })
            }
            onCreate={(name) =>
              void act('Making the branch…', async () => {
                await git.post('branches', { name });
                return `On the new branch ${name}`;
              })
            }
            onPull={() => void act('Pulling…', async () => words(await git.post<Pulled>('pull')))}
            onPush={() =>
              void act('Pushing…', async () => {
                await git.post('push');
                return 'Pushed';
              })
            }
          />
          <p role="status" className={said?.bad ? 'notice notice-err' : 'git-said'}>
            {busy ?? said?.text ?? ''}
          </p>
          {now.merging ? (
            <Conflicts git={git} act={act} busy={busy !== null} />
          ) : (
            <Changes git={git} status={now} act={act} busy={busy !== null} />
          )}
          <Submodules all={now.submodules} />
        </>
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

/** Other repositories in this one: those that could not be fetched, and why. */
function Submodules({ all }: { all: Submodule[] }) {
  if (all.length === 0) return null;
  const missing = all.filter((s) => !s.fetched);
  const fetched = all.filter((s) => s.fetched).map((s) => s.path);
  return (
    <section className="git-submodules" aria-label="Submodules">
      {fetched.length > 0 && <p className="muted">Submodules, to be read only: {fetched.join(', ')}</p>}
      {missing.length > 0 && (
        <>
          <p className="muted">Submodules that were not fetched; a pull tries again:</p>
          <ul>
            {missing.map((s) => (
              <li key={s.path}>
                <code>{s.path}</code> {s.reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function words(pulled: Pulled): string {
  switch (pulled.outcome) {
    case 'UP_TO_DATE':
      return 'Nothing new at the server';
    case 'FAST_FORWARD':
      return 'Pulled';
    case 'MERGED':
      return 'Pulled and merged; push to share the merge';
    case 'CONFLICTS':
      return pulled.conflicts.length === 1
        ? '1 file in conflict'
        : `${pulled.conflicts.length} files in conflict`;
  }
}

interface WhereProps {
  status: Status;
  branches: Branch[];
  busy: boolean;
  onSwitch: (name: string) => void;
  onCreate: (name: string) => void;
  onPull: () => void;
  onPush: () => void;
}

function Where({ status, branches, busy, onSwitch, onCreate, onPull, onPush }: WhereProps) {
  const [naming, setNaming] = useState(false);
  return (
    <div className="git-where">
      {naming ? (
        <form
          className="git-name"
          onSubmit={(e) => {
            e.preventDefault();
            const name = String(new FormData(e.currentTarget).get('name') ?? '').trim();
            if (name === '') return;
            setNaming(false);
            onCreate(name);
          }}
        >
          <input
            className="input"
            name="name"
            aria-label="Name of the new branch"
            autoFocus
            autoComplete="off"
          />
          <Button type="submit" look="primary">
            Make
          </Button>
          <Button onClick={() => setNaming(false)}>Cancel</Button>
        </form>
      ) : (
        <>
          <select
            className="input"
            aria-label="Branch"
            value={status.branch ?? ''}
            disabled={busy || status.merging !== undefined}
            onChange={(e) => onSwitch(e.target.value)}
          >
            {status.branch === undefined && <option value="">at a tag</option>}
            {branches.map((b) => (
              <option key={b.name} value={b.name}>
                {b.name}
              </option>
            ))}
          </select>
          <Button onClick={() => setNaming(true)} disabled={busy || status.merging !== undefined}>
            New branch
          </Button>
        </>
      )}
      <span className="muted num">
        {status.ahead > 0 && `${status.ahead} to push`}
        {status.ahead > 0 && status.behind > 0 && ', '}
        {status.behind > 0 && `${status.behind} to pull`}
      </span>
      <Button look="outline" onClick={onPull} disabled={busy || status.merging !== undefined}>
        Pull
      </Button>
      <Button look="outline" onClick={onPush} disabled={busy || status.head_commit_id === undefined}>
        Push
      </Button>
    </div>
  );
}
