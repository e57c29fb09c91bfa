import { useState } from 'react';
import { useResource } from '../../api/resource.ts';
import { Button } from '../../design/Button.tsx';
import type { Act } from './Changes.tsx';
import type { Repo } from './wire.ts';

/** The files a merge could not decide on: each is resolved, then the merge is made. */
export function Conflicts({ git, act, busy }: { git: Repo; act: Act; busy: boolean }) {
  const { state, reload } = useResource(`git/${git.id}/conflicts`, () => git.conflicts());
  const [open, setOpen] = useState<string | null>(null);
  if (state.kind === 'failed') return <p className="notice notice-err">{state.message}</p>;
  if (state.kind !== 'ready') return <p className="muted">Loading…</p>;
  const conflicts = state.value;
  const shown = conflicts.find((c) => c.path === open) ?? conflicts.find((c) => !c.resolved) ?? conflicts[0];
  const resolve = (path: string, take: string, content?: string): void =>
    void act('Resolving…', async () => {
      await git.post('conflicts/resolve', { path, take, ...(content === undefined ? {} : { content }) });
      await reload();
      return `${path} is resolved`;
    });
  return (
    <>
      <div className="git-changes">
        <ul className="git-files" aria-label="Files in conflict">
          {conflicts.map((c) => (
            <li key={c.path}>
              <button
                type="button"
                className="git-file"
                aria-pressed={c === shown}
                onClick={() => setOpen(c.path)}
              >
                <span className={`git-mark ${c.resolved ? 'git-added' : 'git-deleted'}`}>
                  {c.resolved ? 'resolved' : 'open'}
                </span>
                {c.path}
              </button>
            </li>
          ))}
        </ul>
        {shown && <Resolve key={shown.path} git={git} path={shown.path} busy={busy} onResolve={resolve} />}
      </div>
      <div className="dialog-actions">
        <Button
          disabled={busy}
          onClick={() =>
            void act('Aborting…', async () => {
              await git.post('merge/abort');
              return 'The folder is as it was before the pull';
            })
          }
        >
          Abort the merge
        </Button>
        <Button
          look="primary"
          disabled={busy || conflicts.some((c) => !c.resolved)}
          onClick={() =>
            void act('Merging…', async () => {
              await git.post('merge/complete');
              return 'Merged; push to share it';
            })
          }
        >
          Complete the merge
        </Button>
      </div>
    </>
  );
}

interface ResolveProps {
  git: Repo;
  path: string;
  busy: boolean;
  onResolve: (path: string, take: string, content?: string) => void;
}

function Resolve({ git, path, busy, onResolve }: ResolveProps) {
  const { state } = useResource(`git/${git.id}/versions/${path}`, () => git.versions(path));
  const [text, setText] = useState<string | null>(null);
  if (state.kind === 'failed') return <p className="notice notice-err">{state.message}</p>;
  if (state.kind !== 'ready') return <div className="git-patch" aria-busy="true" />;
  const merged = text ?? state.value.merged;
  return (
    <div className="git-resolve">
      {merged === undefined ? (
        <p className="muted">One side deleted the file, or it is not a text.</p>
      ) : (
        <textarea
          className="input git-merged"
          aria-label={`Text of ${path}`}
          spellCheck={false}
          value={merged}
          onChange={(e) => setText(e.target.value)}
        />
      )}
      <div className="dialog-actions">
        <Button disabled={busy} onClick={() => onResolve(path, 'OURS')}>
          Take ours
        </Button>
        <Button disabled={busy} onClick={() => onResolve(path, 'THEIRS')}>
          Take theirs
        </Button>
        {merged !== undefined && (
          <Button look="outline" disabled={busy} onClick={() => onResolve(path, 'CONTENT', merged)}>
            Take this text
          </Button>
        )}
      </div>
    </div>
  );
}
