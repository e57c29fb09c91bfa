/** The history of section 10 of docs/contracts.md. */
import type { CellType } from '../../api/types.ts';

export interface Entry {
  first_revision: number;
  revision: number;
  actor: string;
  since: number;
  at: number;
  added: number;
  removed: number;
  edited: number;
  moved: number;
  settings: number;
  replaced: boolean;
  language: boolean;
  restored?: { revision: number; at: number };
}

export interface HistoryPage {
  entries: Entry[];
  next_page_token?: string;
}

export interface Version {
  version_id: number;
  name: string;
  description: string;
  revision: number;
  revision_at: number;
  created_by: string;
  created_at: number;
}

export interface Side {
  type: CellType;
  lang: string | null;
  src: string;
  place: number;
}

export type CellDiff =
  | { cell: string; change: 'unchanged'; place: number }
  | { cell: string; change: 'added'; after: Side }
  | { cell: string; change: 'removed'; before: Side }
  | {
      cell: string;
      change: 'moved' | 'changed';
      moved: boolean;
      fields: ('source' | 'language' | 'settings')[];
      before: Side;
      after: Side;
    };

export interface Diff {
  from: number;
  to: number;
  language: { before: string; after: string };
  cells: CellDiff[];
}

export interface Restored {
  restored: number;
  before: number;
  revision: number;
}
