import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useResource } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Dialog } from '../design/Dialog.tsx';
import { ObjectIcon } from '../workspace/ObjectIcon.tsx';
import { hrefOf, loadTree } from '../workspace/tree.ts';
import { type Command, commands, keyNames } from './commands.ts';
import { navigate } from './router.ts';

export type PaletteMode = 'commands' | 'open';

interface Item {
  key: string;
  label: string;
  note: string;
  keys?: string | undefined;
  object?: WorkspaceObject;
  run: () => void;
}

const SHOWN = 60;

export function Palette({ mode, onClose }: { mode: PaletteMode; onClose: () => void }) {
  const title = mode === 'commands' ? 'Command palette' : 'Quick open';
  return (
    <Dialog title={title} onClose={onClose} className="palette">
      {mode === 'commands' ? (
        <Chooser items={commands.list().map(commandItem)} placeholder="Run a command" onClose={onClose} />
      ) : (
        <Opener onClose={onClose} />
      )}
    </Dialog>
  );
}

function commandItem(command: Command): Item {
  return { key: command.id, label: command.name, note: command.group, keys: command.keys, run: command.run };
}

function Opener({ onClose }: { onClose: () => void }) {
  const { state } = useResource('tree', loadTree);
  const items = useMemo(() => {
    const objects: Item[] = (state.kind === 'ready' ? state.value : []).map((o) => ({
      key: String(o.object_id),
      label: o.name,
      note: o.path,
      object: o,
      run: () => navigate(hrefOf(o)),
    }));
    return [
      ...objects,
      ...commands
        .list()
        .filter((c) => c.group === 'Go to')
        .map(commandItem),
    ];
  }, [state]);
  return <Chooser items={items} placeholder="Open a notebook, a folder or a page" onClose={onClose} />;
}

/** Every letter of the question in order; near the start and near each other counts more. */
export function score(question: string, text: string): number {
  const q = question.toLowerCase();
  const t = text.toLowerCase();
  if (q === '') return 1;
  const whole = t.indexOf(q);
  if (whole >= 0) return 1000 - whole;
  let at = -1;
  let gaps = 0;
  for (const c of q) {
    const next = t.indexOf(c, at + 1);
    if (next < 0) return 0;
    gaps += at < 0 ? 0 : next - at - 1;
    at = next;
  }
  return Math.max(1, 200 - gaps);
}

function Chooser({
  items,
  placeholder,
  onClose,
}: {
  items: Item[];
  placeholder: string;
  onClose: () => void;
}) {
  const [question, setQuestion] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useMemo(
    () =>
      items
        .map((item) => ({
          item,
          points: Math.max(score(question, item.label) * 2, score(question, `${item.note} ${item.label}`)),
        }))
        .filter((x) => x.points > 0)
        .sort((a, b) => (question === '' ? 0 : b.points - a.points))
        .slice(0, SHOWN)
        .map((x) => x.item),
    [items, question],
  );
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const choose = (item: Item | undefined): void => {
    if (!item) return;
    onClose();
    // After the dialog gave the focus back, so that the command may move it.
    setTimeout(item.run, 0);
  };
  return (
    <>
      <input
        className="input"
        role="combobox"
        aria-label={placeholder}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        placeholder={placeholder}
        value={question}
        autoFocus
        onChange={(e) => {
          setQuestion(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (e.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (e.key === 'Enter') choose(found[at]);
          else return;
          e.preventDefault();
        }}
      />
      <div id={id} ref={list} role="listbox" aria-label="Matches" className="palette-list">
        {found.map((item, i) => (
          <div
            key={item.key}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="palette-item"
            onClick={() => choose(item)}
            onMouseMove={() => setAt(i)}
          >
            {item.object && <ObjectIcon object={item.object} size={15} />}
            <span>{item.label}</span>
            <span className="palette-note">{item.note}</span>
            {item.keys && (
              <span className="palette-keys">
                {keyNames(item.keys).map((k) => (
                  <kbd key={k} className="kbd">
                    {k}
                  </kbd>
                ))}
              </span>
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted">Nothing matches.</p>}
    </>
  );
}
