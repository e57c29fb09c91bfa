import type { EditorState } from '@codemirror/state';
import { Observable } from '../../api/observable.ts';
import type { CellType, CellWire } from '../../api/types.ts';
import type { RunModel } from './run.ts';
import { CellText } from './text.ts';

export type CellState = 'idle' | 'queued' | 'running' | 'ok' | 'error' | 'canceled' | 'stale';

export class CellModel extends Observable {
  readonly id: string;
  type: CellType;
  lang: string | null;
  pos: string;
  meta: Record<string, unknown>;
  deleted = false;
  text: CellText;
  run: RunModel | null = null;
  /** The editor's own state (undo, selection) while another cell is active. */
  editorState: EditorState | null = null;
  /** Not yet known to the server: its text waits until the insertion is committed. */
  announced = true;
  /** Asked to run, the server has not answered yet. */
  asked = false;

  constructor(wire: CellWire) {
    super();
    this.id = wire.id;
    this.type = wire.type;
    this.lang = wire.lang;
    this.pos = wire.pos;
    this.meta = wire.meta ?? {};
    this.text = new CellText(wire.src ?? '', wire.ver ?? 0);
  }

  get source(): string {
    return this.text.doc.toString();
  }

  get state(): CellState {
    if (this.asked) return 'queued';
    const run = this.run;
    if (!run || this.type === 'markdown') return 'idle';
    switch (run.wire.state) {
      case 'queued':
      case 'starting':
        return 'queued';
      case 'running':
        return 'running';
      case 'canceled':
        return 'canceled';
      case 'lost':
        return 'error';
      default:
        return this.edited ? 'stale' : run.wire.state;
    }
  }

  /** Changed since its last run. */
  get edited(): boolean {
    const ver = this.run?.wire.ver;
    return ver !== undefined && (this.text.pending || this.text.ver > ver);
  }

  flag(key: string): boolean {
    return this.meta[key] === true;
  }
}
