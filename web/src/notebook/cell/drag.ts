import type { PointerEvent as ReactPointerEvent } from 'react';
import type { NotebookController } from '../controller.ts';

const EDGE = 48;

/** Moves a cell with the pointer; a line shows where it would go. */
export function startDrag(
  start: ReactPointerEvent<HTMLElement>,
  id: string,
  controller: NotebookController,
): void {
  if (start.button !== 0) return;
  start.preventDefault();
  start.stopPropagation();
  const handle = start.currentTarget;
  const scroller = handle.closest<HTMLElement>('[data-testid="notebook-scroller"]');
  const list = handle.closest<HTMLElement>('[role="list"]');
  if (!scroller || !list) return;
  handle.setPointerCapture(start.pointerId);
  const line = document.createElement('div');
  line.className = 'drop-line';
  list.append(line);
  let index = controller.doc.order.indexOf(id);
  const place = (e: PointerEvent): void => {
    const cells = [...list.querySelectorAll<HTMLElement>('[data-testid="cell"]')];
    const box = list.getBoundingClientRect();
    index = cells.findIndex((cell) => {
      const r = cell.getBoundingClientRect();
      return e.clientY < r.top + r.height / 2;
    });
    if (index < 0) index = cells.length;
    const next =
      cells[index]?.getBoundingClientRect().top ?? cells.at(-1)?.getBoundingClientRect().bottom ?? 0;
    line.style.transform = `translateY(${next - box.top}px)`;
    const view = scroller.getBoundingClientRect();
    if (e.clientY < view.top + EDGE) scroller.scrollBy(0, -12);
    else if (e.clientY > view.bottom - EDGE) scroller.scrollBy(0, 12);
  };
  const end = (commit: boolean): void => {
    line.remove();
    handle.removeEventListener('pointermove', place);
    handle.removeEventListener('pointerup', drop);
    handle.removeEventListener('pointercancel', cancel);
    removeEventListener('keydown', onEscape, true);
    if (commit) controller.moveTo(id, index);
  };
  const drop = (): void => end(true);
  const cancel = (): void => end(false);
  const onEscape = (e: KeyboardEvent): void => {
    if (e.key === 'Escape') end(false);
  };
  handle.addEventListener('pointermove', place);
  handle.addEventListener('pointerup', drop);
  handle.addEventListener('pointercancel', cancel);
  addEventListener('keydown', onEscape, true);
}
