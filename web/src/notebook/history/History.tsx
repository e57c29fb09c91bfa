import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../api/client.ts';
import { useChanges } from '../../api/observable.ts';
import { navigate, useLocation } from '../../app/router.ts';
import { Confirm } from '../../design/Dialog.tsx';
import { toasts } from '../../design/toast.tsx';
import { useNotebook } from '../context.ts';
import { DiffView, type Question } from './DiffView.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';
import { type Against, HistoryModel, type Row } from './model.ts';
import { NameDialog } from './NameDialog.tsx';
import { historyAt } from './place.ts';
import { moment } from './words.ts';
import './history.css';

const LOOK_MS = 1500;

/** The panel on the right and, over the cells, the version that is open. */
export function History() {
  const { session } = useNotebook().controller;
  const [model] = useState(() => new HistoryModel(session.id));
  const heard = useNewest(model);
  const { query } = useLocation();
  useChanges(model);
  const newest = model.newest(heard);
  const shown = query.get('shown');
  const row = model.row(shown);
  const against: Against = query.get('against') === 'now' ? 'now' : 'before';
  const [question, setQuestion] = useState<Question | null>(null);
  useReach(model, shown, row);
  return (
    <>
      {row && (
        <DiffView
          notebook={session.id}
          model={model}
          row={row}
          against={against}
          newest={newest}
          canEdit={session.canEdit}
          onAsk={setQuestion}
        />
      )}
      <HistoryPanel notebook={session.id} model={model} shown={row ? shown : null} newest={newest} />
      {row && question && (
        <Questions
          notebook={session.id}
          model={model}
          row={row}
          question={question}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  );
}

/** The notebook moves on while the list is open: it is asked for anew, but not with every letter. */
function useNewest(model: HistoryModel): number {
  const { session } = useNotebook().controller;
  const [newest, setNewest] = useState(session.doc.rev);
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== 'visible' || session.doc.rev === model.seen) return;
      setNewest(session.doc.rev);
      void model.load(session.doc.rev);
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [model, session]);
  return newest;
}

/** An address may name a change that is pages away. */
function useReach(model: HistoryModel, shown: string | null, row: Row | undefined): void {
  const { next, loadingMore } = model;
  const ready = model.phase.kind === 'ready';
  useEffect(() => {
    if (ready && shown !== null && !row && next !== null && !loadingMore) void model.more();
  }, [model, ready, shown, row, next, loadingMore]);
}

interface AskProps {
  notebook: string;
  model: HistoryModel;
  row: Row;
  question: Question;
  onClose: () => void;
}

function Questions({ notebook, model, row, question, onClose }: AskProps) {
  const { session } = useNotebook().controller;
  const busy = useRef(false);
  const name = row.kind === 'version' ? `“${row.version.name}”` : `the version of ${moment(row.at)}`;
  if (question === 'name') {
    const version = row.kind === 'version' ? row.version : null;
    return (
      <NameDialog
        title={version ? 'Rename version' : 'Name this version'}
        action={version ? 'Save' : 'Name version'}
        {...(version ? { name: version.name, description: version.description } : {})}
        onSubmit={(text, about) => model.name(row, text, about)}
        onClose={onClose}
      />
    );
  }
  if (question === 'unname' && row.kind === 'version') {
    return (
      <Confirm
        title="Remove the name?"
        text={`The name ${name} goes away. What the notebook was then stays in its history.`}
        action="Remove the name"
        onClose={onClose}
        onConfirm={() => {
          navigate(historyAt(notebook), { replace: true });
          model.unname(row.version).catch((error: unknown) => toasts.show(messageOf(error)));
        }}
      />
    );
  }
  return (
    <Confirm
      title="Restore this version?"
      text={`Cells, their order and their settings become what they were in ${name}; outputs stay. Everyone who has the notebook open sees it at once. Nothing is lost: what is there now stays in the history, and you can undo this.`}
      action="Restore"
      onClose={onClose}
      onConfirm={() => void restore(row.revision, `Restored ${name}`)}
    />
  );

  async function restore(revision: number, said: string, undoes = false): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    try {
      session.pump();
      const done = await model.restore(revision);
      navigate(historyAt(notebook), { replace: true });
      const undo = { label: 'Undo', run: () => void restore(done.before, 'The restore was undone', true) };
      toasts.show(said, undoes ? undefined : undo);
      await model.load(Math.max(session.doc.rev, done.revision));
    } catch (error) {
      toasts.show(`Not restored. ${messageOf(error)}`);
    } finally {
      busy.current = false;
    }
  }
}
