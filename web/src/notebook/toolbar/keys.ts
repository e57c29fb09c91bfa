import { useEffect } from 'react';
import { commands } from '../../app/commands.ts';
import { preferences } from '../../app/preferences.ts';
import type { NotebookController } from '../controller.ts';
import { SHORTCUTS } from './shortcutTable.ts';

const TWICE_MS = 700;

/** "Shift+M", "Mod+Enter", "D": how the table writes a stroke. */
export function strokeOf(e: KeyboardEvent): string {
  const parts: string[] = [];
  if (e.ctrlKey || e.metaKey) parts.push('Mod');
  if (e.altKey) parts.push('Alt');
  const letter = /^[a-z]$/i.test(e.key);
  if (e.shiftKey && (letter || e.key.length > 1)) parts.push('Shift');
  parts.push(letter ? e.key.toUpperCase() : e.key);
  return parts.join('+');
}

/** Letters act when the cell itself has the focus: never while somebody types. */
export function useNotebookKeys(controller: NotebookController, live: boolean): void {
  useEffect(() => {
    if (!live) return;
    let before: { stroke: string; at: number } | null = null;
    const onKey = (e: KeyboardEvent): void => {
      const target = e.target;
      if (e.defaultPrevented || e.isComposing || !(target instanceof HTMLElement)) return;
      const onCell = target.matches('[data-testid="cell"]') || target === document.body;
      const inCell = onCell || target.closest('[data-testid="cell"]') !== null;
      if (!inCell || target.closest('.cm-editor, input, textarea, select, dialog')) return;
      const stroke = strokeOf(e);
      const twice = before && e.timeStamp - before.at < TWICE_MS ? `${before.stroke} ${stroke}` : null;
      before = { stroke, at: e.timeStamp };
      const found = SHORTCUTS.find(
        (s) => s.keys.includes(stroke) || (twice !== null && s.keys.includes(twice)),
      );
      if (!found || found.mode === 'edit') return;
      const modified = e.ctrlKey || e.metaKey || e.altKey || stroke.startsWith('Shift+Enter');
      if (!modified && !onCell) {
        if (stroke === 'Escape') controller.toCommand();
        return;
      }
      const single = /^(Shift\+)?.$/.test(stroke) || twice !== null;
      if (single && !preferences.choices.singleKeys) return;
      // Nothing is active until somebody chose a cell: the page keeps its keys.
      if (target === document.body && !modified && controller.focusTick === 0) return;
      e.preventDefault();
      before = twice !== null && found.keys.includes(twice) ? null : before;
      found.run(controller);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [controller, live]);
  useEffect(() => {
    if (!live) return;
    const all = SHORTCUTS.map((s) => ({
      id: s.id,
      name: s.name,
      group: 'Notebook',
      ...(s.keys[0] ? { keys: s.keys[0] } : {}),
      run: () => s.run(controller),
    }));
    const more = [
      { id: 'nb.run.all', name: 'Run all', group: 'Notebook', run: () => controller.runMany('all') },
      {
        id: 'nb.run.above',
        name: 'Run all above',
        group: 'Notebook',
        run: () => controller.runMany('above'),
      },
      {
        id: 'nb.run.below',
        name: 'Run this and below',
        group: 'Notebook',
        run: () => controller.runMany('below'),
      },
      {
        id: 'nb.clear',
        name: 'Clear outputs',
        group: 'Notebook',
        run: () => controller.session.requests.clear(),
      },
      {
        id: 'nb.start',
        name: 'Start compute',
        group: 'Notebook',
        run: () => controller.session.requests.start(),
      },
      {
        id: 'nb.stop',
        name: 'Stop compute',
        group: 'Notebook',
        run: () => controller.session.requests.stop(),
      },
    ];
    return commands.register('notebook', [...more, ...all]);
  }, [controller, live]);
}
