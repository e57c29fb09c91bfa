import { memo, useLayoutEffect, useRef } from 'react';
import { useChanges } from '../../api/observable.ts';
import { bytes } from '../../design/format.ts';
import { useNotebook } from '../context.ts';
import type { CellModel } from '../model/cell.ts';
import type { Block, RunModel } from '../model/run.ts';
import { ErrorOutput } from './ErrorOutput.tsx';
import { MimeOutput } from './Mime.tsx';
import { StreamOutput } from './StreamOutput.tsx';

/** What a run has shown. While a new run is silent the place keeps its height, so that nothing below jumps. */
export function Outputs({ cell, run }: { cell: CellModel; run: RunModel }) {
  useChanges(run);
  const { controller } = useNotebook();
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const empty = run.blocks.length === 0;
  useLayoutEffect(() => {
    if (!empty && box.current) height.current = box.current.offsetHeight;
  });
  if (cell.flag('collapsed_output') && !empty) {
    return (
      <button type="button" className="folded" onClick={() => controller.toggle('collapsed_output', cell.id)}>
        Output hidden …
      </button>
    );
  }
  const hold = empty && run.live && !run.cleared ? Math.min(height.current, 600) : 0;
  if (empty && hold === 0) return null;
  return (
    <div
      ref={box}
      className="outputs"
      data-testid="cell-output"
      style={hold ? { minHeight: hold } : undefined}
    >
      {run.blocks
        .filter((block) => !saidAlready(block, run))
        .map((block) => (
          <BlockView
            key={`${run.id}/${block.key}`}
            block={block}
            version={'version' in block ? block.version : 0}
            cell={cell}
            run={run}
          />
        ))}
    </div>
  );
}

/** Somebody stopped the cell: its status line says so, and nothing is wrong with the code. */
function saidAlready(block: Block, run: RunModel): boolean {
  return block.kind === 'error' && block.detail?.kind === 'interrupted' && run.wire.state === 'canceled';
}

interface BlockProps {
  block: Block;
  /** Streams are changed in place; the number is what memo compares. */
  version: number;
  cell: CellModel;
  run: RunModel;
}

const BlockView = memo(function BlockView({ block, cell, run }: BlockProps) {
  const { controller } = useNotebook();
  switch (block.kind) {
    case 'left-out':
      return (
        <p className="muted output-left-out">
          Outputs of {bytes(block.bytes)} are not shown: this notebook has more of them than a page can hold.
          Run the cell again to see them, or export the notebook as .ipynb, which has them all.
        </p>
      );
    case 'stream':
      return (
        <StreamOutput fold={block.fold} name={block.name} notebook={controller.session.id} runId={run.id} />
      );
    case 'error':
      return <ErrorOutput block={block} onLine={(line) => controller.goTo(cell.id, line)} />;
    case 'display':
      return (
        <MimeOutput
          data={block.data}
          chart={cell.meta['chart']}
          onChart={
            controller.session.canEdit ? (chart) => controller.setMeta(cell.id, 'chart', chart) : undefined
          }
        />
      );
  }
});
