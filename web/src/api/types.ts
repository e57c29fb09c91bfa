/** The wire of section 10 of docs/contracts.md and of the REST calls the pages use. */

export type CellType = 'code' | 'markdown';

export interface CellWire {
  id: string;
  type: CellType;
  lang: string | null;
  src: string;
  ver: number;
  pos: string;
  meta: Record<string, unknown>;
}

export type Op =
  | { kind: 'text'; cell: string; ver: number; changes: unknown }
  | {
      kind: 'insert';
      cell: string;
      type: CellType;
      lang?: string | null;
      pos: string;
      src?: string;
      meta?: Record<string, unknown>;
      ver?: number;
    }
  | { kind: 'delete'; cell: string }
  | { kind: 'restore'; cell: string }
  | { kind: 'move'; cell: string; pos: string }
  | { kind: 'meta'; cell: string; key: string; val: unknown }
  | { kind: 'type'; cell: string; type: CellType; lang: string | null }
  | { kind: 'language'; lang: string }
  | { kind: 'replace'; cells: CellWire[] };

export interface OpEvent {
  rev: number;
  cid: string | null;
  seq: number | null;
  actor?: string;
  at?: number;
  op: Op;
}

export type RunState = 'queued' | 'starting' | 'running' | 'ok' | 'error' | 'canceled' | 'lost';

export interface RunWire {
  run_id: string | number;
  cell: string;
  state: RunState;
  rev?: number;
  ver?: number;
  language?: string | null;
  queued_at?: number | null;
  started_at?: number | null;
  finished_at?: number | null;
  by?: string | null;
  cluster_id?: string | null;
  /** While it starts: compute that is not there yet, or the kernel on it. */
  waits_for?: 'compute' | 'kernel';
  count?: number | null;
  position?: number | null;
  message?: string | null;
  last_seq?: number;
  batch?: string | null;
}

export type MimeBundle = Record<string, unknown>;

export interface ErrorFrame {
  text: string;
  line?: number | null;
  library?: boolean;
}

export interface ErrorDetail {
  message?: string | null;
  cell_line?: number | null;
  cell_column?: number | null;
  frames?: ErrorFrame[];
  kind?: string;
}

export type Output =
  | { n: number; kind: 'stream'; name: 'stdout' | 'stderr'; text: string; at?: number }
  | {
      n: number;
      kind: 'display' | 'result' | 'update_display';
      data: MimeBundle;
      metadata?: Record<string, unknown>;
      display_id?: string | null;
      at?: number;
    }
  | {
      n: number;
      kind: 'error';
      ename: string;
      evalue: string;
      traceback: string[];
      campanile?: ErrorDetail | null;
      at?: number;
    }
  | { n: number; kind: 'clear'; wait?: boolean; at?: number }
  | { n: number; kind: 'elided'; from: number; to: number; bytes: number; lines: number; at?: number };

export type ComputeDataState = 'off' | 'starting' | 'running' | 'resizing' | 'stopping' | 'error';

export interface Compute {
  cluster_id: string | null;
  name?: string | null;
  state?: string | null;
  data_state: ComputeDataState;
  message?: string | null;
  since?: number | null;
  server_time?: number | null;
}

export interface Kernel {
  state: 'none' | 'starting' | 'idle' | 'busy' | 'restarting' | 'dead';
  since?: number | null;
}

export interface Progress {
  stages?: { id: number; tasks: number; completed: number; bytes?: number }[];
  tasks?: number;
  completed?: number;
  running?: number;
  elapsed_ms?: number;
}

export interface Snapshot {
  rev: number;
  name: string;
  path: string;
  language: string;
  permission: string;
  cells: CellWire[];
  runs: RunWire[];
  outputs: Record<string, Output[]>;
  compute: Compute;
  kernel: Kernel;
}

export interface Resume {
  rev: number;
  ops: OpEvent[];
  runs: RunWire[];
  outputs: Record<string, Output[]>;
  compute: Compute;
  kernel: Kernel;
}

export type ServerFrame = { ch?: string } & (
  | ({ t: 'snapshot' } & Snapshot)
  | ({ t: 'resume' } & Resume)
  | ({ t: 'op' } & OpEvent)
  | { t: 'ack'; cid: string; seq: number; rev: number; ver?: number }
  | {
      t: 'nack';
      cid: string;
      seq: number;
      error_code: string;
      message: string;
      recovered_cell?: string | null;
    }
  | { t: 'run'; run: RunWire }
  | { t: 'run_ack'; id: string; runs: RunWire[] }
  | { t: 'run_nack'; id: string; error_code: string; message: string }
  | { t: 'outputs'; run_id: string | number; items: Output[]; more?: boolean }
  | { t: 'progress'; run_id: string | number; progress: Progress }
  | { t: 'cleared'; cells?: string[] }
  | { t: 'compute'; compute: Compute }
  | { t: 'kernel'; kernel: Kernel }
  | { t: 'completed'; id: string; matches: { text: string; type?: string }[]; from: number; to: number }
  | { t: 'inspected'; id: string; found: boolean; text: string }
  | { t: 'gone'; message: string; error_code?: string }
  | { t: 'error'; id?: string; error_code: string; message: string }
  | { t: 'presence'; users: unknown[] }
  | { t: 'pong' }
);

export interface Me {
  user_id: number;
  user_name: string;
  display_name: string;
  admin: boolean;
  workspace_id: number;
  workspace_name?: string;
}

export interface WorkspaceObject {
  object_id: number;
  path: string;
  name: string;
  object_type: 'NOTEBOOK' | 'DIRECTORY' | 'FILE' | 'REPO';
  /** Bytes, of files. */
  size?: number;
  language?: string | null;
  permission?: string;
  parent_id?: number | null;
  created_at?: number;
  modified_at?: number;
}

export interface Cluster {
  cluster_id: string;
  cluster_name: string;
  state: string;
  state_message?: string;
  creator_user_name?: string;
  node_type_id?: string;
  spark_version?: string;
  num_workers?: number;
  autoscale?: { min_workers: number; max_workers: number };
  executors?: { node_id: string }[];
  autotermination_minutes?: number;
  start_time?: number;
  termination_reason?: { code?: string; type?: string; parameters?: Record<string, string> };
  [key: string]: unknown;
}

export interface ClusterEvent {
  cluster_id: string;
  timestamp: number;
  type: string;
  details?: Record<string, unknown>;
}

export interface TokenInfo {
  token_id: string;
  comment?: string;
  creation_time: number;
  expiry_time: number;
  /** The beginning of the day. */
  last_used_day?: number | null;
  scopes?: string[] | null;
}

export interface ResultColumn {
  name: string;
  type: string;
  nullable?: boolean;
}

export interface ResultRef {
  result_id: string;
  columns: ResultColumn[];
  rows: number;
  truncated: boolean;
  bytes?: number;
}

export interface ResultPage {
  rows: unknown[][];
  offset: number;
  total: number;
  matching: number;
}

export interface ColumnProfile {
  name: string;
  type: string;
  nulls: number;
  distinct_approx: number;
  min: unknown;
  max: unknown;
  mean?: unknown;
  histogram?: { from: number; to: number; count: number }[];
  top?: { value: unknown; count: number }[];
}
