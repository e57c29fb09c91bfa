import { Plus } from 'lucide-react';
import { startTransition, useEffect, useState } from 'react';
import { useChanges } from '../api/observable.ts';
import { Button } from '../design/Button.tsx';
import { CellView } from './cell/Cell.tsx';
import { useNotebook } from './context.ts';

const FIRST = 24;
const STEP = 120;

/** The first screen at once, the rest in the pauses. */
function useGrowing(total: number): number {
  const [shown, setShown] = useState(FIRST);
  useEffect(() => {
    if (shown >= total) return;
    const handle = setTimeout(() => startTransition(() => setShown(shown + STEP)), 16);
    return () => clearTimeout(handle);
  }, [shown, total]);
  return Math.min(shown, total);
}

export function CellList() {
  const { controller } = useNotebook();
  const { doc, session } = controller;
  useChanges(doc);
  const total = doc.order.length;
  const shown = useGrowing(total);
  return (
    <div className="notebook-scroller" data-testid="notebook-scroller">
      <div className="cells" role="list" aria-label="Cells">
        {doc.order.slice(0, shown).map((id, index) => {
          const cell = doc.cell(id);
          return cell && <CellView key={id} cell={cell} index={index} total={total} />;
        })}
      </div>
      {session.canEdit && (
        <div className="cells-end">
          <Button small icon={<Plus size={14} aria-hidden="true" />} onClick={() => add('code')}>
            Code
          </Button>
          <Button small icon={<Plus size={14} aria-hidden="true" />} onClick={() => add('markdown')}>
            Text
          </Button>
        </div>
      )}
    </div>
  );

  function add(type: 'code' | 'markdown'): void {
    const id = controller.insert(total, type);
    if (id) controller.select(id, 'edit');
  }
}
