import { EllipsisVertical, GripVertical, Play, Square } from 'lucide-react';
import { type MouseEvent, memo, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { useChanges } from '../../api/observable.ts';
import { IconButton } from '../../design/Button.tsx';
import { Menu, type MenuEntry } from '../../design/Menu.tsx';
import { useNotebook } from '../context.ts';
import { choicesOf, languageName, languageOf } from '../languages.ts';
import type { CellModel } from '../model/cell.ts';
import { Outputs } from '../outputs/index.ts';
import { startDrag } from './drag.ts';
import { MarkdownView } from './MarkdownView.tsx';
import { LiveSource, StaticSource } from './Source.tsx';
import { Status } from './Status.tsx';

interface Props {
  cell: CellModel;
  index: number;
  total: number;
}

export const CellView = memo(function CellView({ cell, index, total }: Props) {
  const { controller, editor } = useNotebook();
  useChanges(cell);
  const [active, edit, selected, tick] = useActivity(cell.id);
  const root = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState(false);
  useEffect(() => {
    const element = root.current;
    if (!active || tick === 0 || !element) return;
    element.scrollIntoView({ block: 'nearest' });
    if (!edit) element.focus({ preventScroll: true });
  }, [active, edit, tick]);
  const showsMarkdown = cell.type === 'markdown' && !(active && edit);
  const language = languageName(languageOf(cell, controller.doc));
  const state = cell.state;
  const hidden = cell.flag('collapsed_input');
  return (
    <div
      ref={root}
      role="listitem"
      className={`cell ${active ? 'cell-active' : ''} ${edit && active ? 'cell-edit' : ''} ${selected ? 'cell-selected' : ''}`}
      data-testid="cell"
      data-cell-type={cell.type}
      data-cell-id={cell.id}
      data-state={state}
      data-mode={active ? (edit ? 'edit' : 'command') : undefined}
      aria-label={`${language} cell ${index + 1}, ${state}`}
      aria-posinset={index + 1}
      aria-setsize={total}
      tabIndex={active ? 0 : -1}
      style={{ containIntrinsicHeight: `auto ${estimate(cell)}px` }}
      onMouseDown={(e) => activate(e, cell)}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={(e) => {
        if (e.target === root.current && (!active || edit))
          controller.select(cell.id, 'command', { quiet: true });
      }}
    >
      <Gutter cell={cell} near={active || hovered} />
      <div className="cell-body">
        <div
          className={`source ${showsMarkdown ? 'source-rendered' : ''}`}
          data-part="source"
          onDoubleClick={() => showsMarkdown && controller.select(cell.id, 'edit')}
        >
          {hidden ? (
            <button
              type="button"
              className="folded"
              onClick={() => controller.toggle('collapsed_input', cell.id)}
            >
              {cell.text.doc.line(1).text || 'Empty cell'} …
            </button>
          ) : showsMarkdown ? (
            <MarkdownView source={cell.source} />
          ) : active && editor ? (
            <LiveSource cell={cell} focusTick={tick} edit={edit} />
          ) : (
            <StaticSource cell={cell} ready={editor !== null} />
          )}
        </div>
        {cell.type === 'code' && <Status cell={cell} />}
        {cell.type === 'code' && cell.run && <Outputs cell={cell} run={cell.run} />}
      </div>
      <div className="cell-tools">
        <LanguageChip cell={cell} />
        {(active || hovered) && <CellMenu cell={cell} />}
      </div>
    </div>
  );

  function activate(e: MouseEvent, own: CellModel): void {
    const target = e.target as HTMLElement;
    if (e.button !== 0 || target.closest('button, a, input, select, summary, [role="menu"], [role="grid"]')) {
      if (!active && !target.closest('.cell-tools, .gutter'))
        controller.select(own.id, 'command', { quiet: true });
      return;
    }
    if (e.shiftKey && !active) {
      e.preventDefault();
      controller.select(own.id, 'command', { extend: true });
      return;
    }
    const inSource = target.closest('[data-part="source"]') !== null;
    if (inSource && own.type === 'code') {
      if (active && edit) return;
      // The static text under the pointer gives way to the editor, which then gets the click to place the cursor.
      if (!active) e.preventDefault();
      flushSync(() => controller.select(own.id, 'edit'));
      if (!active) editor?.press(e.nativeEvent);
    } else if (!active || (edit && !inSource)) controller.select(own.id, 'command', { quiet: true });
  }
});

/** One string per cell, so that moving the selection renders two cells and not a thousand. */
function useActivity(id: string): [active: boolean, edit: boolean, selected: boolean, tick: number] {
  const { controller } = useNotebook();
  const subscribe = useCallback((listener: () => void) => controller.subscribe(listener), [controller]);
  const key = useSyncExternalStore(subscribe, () =>
    controller.active === id
      ? `a/${controller.mode}/${controller.anchor ? 's' : ''}/${controller.focusTick}`
      : controller.isSelected(id)
        ? 's'
        : '',
  );
  const [kind, mode, several, tick] = key.split('/');
  return [kind === 'a', mode === 'edit', kind === 's' || several === 's', Number(tick ?? 0)];
}

function estimate(cell: CellModel): number {
  const lines = Math.min(cell.text.doc.lines, 400);
  const outputs = cell.run ? cell.run.blocks.length * 120 : 0;
  return lines * 20 + 28 + (cell.run ? 24 : 0) + outputs;
}

function Gutter({ cell, near }: { cell: CellModel; near: boolean }) {
  const { controller } = useNotebook();
  const session = controller.session;
  const busy = cell.state === 'queued' || cell.state === 'running';
  const number = cell.run?.wire.count;
  const stop = (): void => session.requests.cancel(cell.run?.live ? cell.run.wire.run_id : undefined);
  return (
    <div className="gutter">
      {session.canEdit && near && (
        <span
          className="grip"
          title="Drag to move; Alt+Up and Alt+Down move too"
          onPointerDown={(e) => startDrag(e, cell.id, controller)}
        >
          <GripVertical size={14} aria-hidden="true" />
        </span>
      )}
      {cell.type === 'code' &&
        (busy ? (
          <IconButton
            small
            className="stop"
            label="Stop"
            tabIndex={-1}
            icon={<Square size={11} fill="currentColor" />}
            onClick={stop}
          />
        ) : (
          <IconButton
            small
            className="run"
            label="Run cell"
            tabIndex={-1}
            disabled={!session.canRun}
            icon={<Play size={13} fill="currentColor" />}
            onClick={() => {
              controller.select(cell.id, 'command', { quiet: true });
              controller.run([cell.id]);
            }}
          />
        ))}
      {cell.type === 'code' && <span className="count num">{number ? `[${number}]` : ''}</span>}
    </div>
  );
}

function LanguageChip({ cell }: { cell: CellModel }) {
  const { controller } = useNotebook();
  const now = languageOf(cell, controller.doc);
  const entries = (): MenuEntry[] =>
    choicesOf(now, ['MARKDOWN']).map((lang) => ({
      label: languageName(lang),
      checked: lang === now,
      action: () =>
        lang === 'MARKDOWN'
          ? controller.setType('markdown', 'MARKDOWN', [cell.id])
          : controller.setType('code', lang === controller.doc.language ? null : lang, [cell.id]),
    }));
  return (
    <Menu
      label={`Language: ${languageName(now)}`}
      className="chip"
      trigger={languageName(now)}
      entries={entries}
      align="end"
      disabled={!controller.session.canEdit}
    />
  );
}

function CellMenu({ cell }: { cell: CellModel }) {
  const { controller } = useNotebook();
  const at = (): number => controller.doc.order.indexOf(cell.id);
  const pick = (action: () => void) => () => {
    controller.select(cell.id, 'command');
    action();
  };
  const locked = !controller.session.canEdit;
  const entries = (): MenuEntry[] => [
    {
      label: 'Run all above',
      action: pick(() => controller.runMany('above')),
      disabled: !controller.session.canRun,
    },
    {
      label: 'Run this and below',
      action: pick(() => controller.runMany('below')),
      disabled: !controller.session.canRun,
    },
    { kind: 'line' },
    { label: 'Insert above', note: 'A', action: pick(() => controller.insertAbove()), disabled: locked },
    { label: 'Insert below', note: 'B', action: pick(() => controller.insertBelow()), disabled: locked },
    {
      label: 'Move up',
      note: 'Alt ↑',
      action: pick(() => controller.move(-1)),
      disabled: locked || at() === 0,
    },
    {
      label: 'Move down',
      note: 'Alt ↓',
      action: pick(() => controller.move(1)),
      disabled: locked || at() === controller.doc.order.length - 1,
    },
    {
      label: 'Merge with the cell below',
      note: 'Shift M',
      action: pick(() => controller.merge()),
      disabled: locked,
    },
    { kind: 'line' },
    {
      label: cell.flag('collapsed_input') ? 'Show source' : 'Hide source',
      action: pick(() => controller.toggle('collapsed_input')),
      disabled: locked,
    },
    {
      label: cell.flag('collapsed_output') ? 'Show output' : 'Hide output',
      note: 'O',
      action: pick(() => controller.toggle('collapsed_output')),
      disabled: locked,
    },
    {
      label: 'Clear output',
      action: pick(() => controller.session.requests.clear([cell.id])),
      disabled: locked || !cell.run,
    },
    { kind: 'line' },
    {
      label: 'Delete cell',
      note: 'D D',
      danger: true,
      action: pick(() => controller.delete()),
      disabled: locked,
    },
  ];
  return (
    <Menu
      label="Cell actions"
      className="btn btn-small btn-icon"
      trigger={<EllipsisVertical size={14} aria-hidden="true" />}
      entries={entries}
      align="end"
    />
  );
}
