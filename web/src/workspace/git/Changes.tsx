import { useState } from 'react';
import { useResource } from '../../api/resource.ts';
import { Button } from '../../design/Button.tsx';
import { Confirm } from '../../design/Dialog.tsx';
import type { Change, Repo, Status } from './wire.ts';

export type Act = (doing: string, work: () => Promise<string>) => Promise<void>;

interface Props {
  git: Repo;
  status: Status;
  act: Act;
  busy: boolean;
}

const MARKS = { ADDED: 'A', MODIFIED: 'M', DELETED: 'D' } as const;
const WORDS = { ADDED: 'new', MODIFIED: 'changed', DELETED: 'deleted' } as const;

/** The changed files, what was changed in one of them, and the commit of those that are chosen. */
export function Changes({ git, status, act, busy }: Props) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string | null>(null);
  const [message, setMessage] = useState('');
  const [discarding, setDiscarding] = useState(false);
  const chosen = status.changes.filter((c) => !left.has(c.path));
  const committed = chosen.filter((c) => c.submodule === undefined);
  const shown = status.changes.find((c) => c.path === open) ?? status.changes[0];
  if (status.changes.length === 0) return <p className="muted">No file has changes.</p>;
  const commit = (push: boolean): void =>
    void act('Committing…', async () => {
      await git.post('commit', { message, paths: committed.map((c) => c.path) });
      setMessage('');
      if (push) await git.post('push');
      return push ? 'Committed and pushed' : 'Committed';
    });
  const toggle = (path: string): void => {
    const next = new Set(left);
    if (!next.delete(path)) next.add(path);
    setLeft(next);
  };
  return (
    <>
      <div className="git-changes">
        <ul className="git-files" aria-label="Changed files">
          {status.changes.map((change) => (
            <li key={change.path}>
              <input
                type="checkbox"
                aria-label={`${change.submodule === undefined ? 'Commit' : 'Discard'} ${change.path}`}
                checked={!left.has(change.path)}
                onChange={() => toggle(change.path)}
              />
              <button
                type="button"
                className="git-file"
                aria-pressed={change === shown}
                onClick={() => setOpen(change.path)}
              >
                <span className={`git-mark git-${change.kind.toLowerCase()}`} title={WORDS[change.kind]}>
                  {MARKS[change.kind]}
                </span>
                {change.path}
                {change.submodule !== undefined && <span className="muted">in a submodule</span>}
              </button>
            </li>
          ))}
        </ul>
        {shown && <Patch key={shown.path} git={git} change={shown} />}
      </div>
      {committed.length < chosen.length && (
        <p className="muted">
          What is in a submodule is another repository's: it is not committed here, only discarded.
        </p>
      )}
      <form
        className="git-commit"
        onSubmit={(e) => {
          e.preventDefault();
          commit(true);
        }}
      >
        <textarea
          className="input git-message"
          aria-label="Commit message"
          placeholder="What was changed, and why"
          rows={2}
          value={message}
          onChange={(e) => setMessage(e.target.value)}
        />
        <div className="dialog-actions">
          <Button look="outline" disabled={busy || chosen.length === 0} onClick={() => setDiscarding(true)}>
            Discard…
          </Button>
          <Button
            look="outline"
            disabled={busy || committed.length === 0 || message.trim() === ''}
            onClick={() => commit(false)}
          >
            Commit
          </Button>
          <Button
            look="primary"
            type="submit"
            disabled={busy || committed.length === 0 || message.trim() === ''}
          >
            Commit and push
          </Button>
        </div>
      </form>
      {discarding && (
        <Confirm
          title={`Discard the changes in ${chosen.length === 1 ? chosen[0]!.path : `${chosen.length} files`}?`}
          text="They become what the last commit has. What was changed since cannot be brought back."
          action="Discard"
          danger
          onClose={() => setDiscarding(false)}
          onConfirm={() =>
            void act('Discarding…', async () => {
              await git.post('discard', { paths: chosen.map((c) => c.path) });
              return 'Discarded';
            })
          }
        />
      )}
    </>
  );
}

function Patch({ git, change }: { git: Repo; change: Change }) {
  const { state } = useResource(`git/${git.id}/diff/${change.path}`, () => git.diff(change.path));
  if (state.kind === 'failed') return <p className="notice notice-err">{state.message}</p>;
  if (state.kind !== 'ready') return <div className="git-patch" aria-busy="true" />;
  if (!state.value.shown) return <p className="git-patch muted">Not a text, or too long to show.</p>;
  return (
    <section className="git-patch" tabIndex={0} aria-label={`Changes in ${change.path}`}>
      <pre>
        {(state.value.patch ?? '').split('\n').map((line, i) => (
          <span key={i} className={lookOf(line)}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
    </section>
  );
}

function lookOf(line: string): string | undefined {
  if (line.startsWith('@@')) return 'git-hunk';
  if (line.startsWith('+')) return 'git-plus';
  return line.startsWith('-') ? 'git-minus' : undefined;
}
