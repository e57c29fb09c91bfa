import { call, part, url } from '../api/client.ts';

/** A log as the list has it; the text is read by offsets of its bytes. */
export interface LogInfo {
  node_id: string;
  role: string;
  executor_id?: number;
  epoch: number;
  stream: string;
  first_offset: number;
  next_offset: number;
  size: number;
  first_at: number;
  last_at: number;
  live: boolean;
}

export interface LogPage {
  text: string;
  offset: number;
  next: number;
  end: boolean;
}

const base = (id: string): string => `/api/campanile/v1/clusters/${part(id)}/logs`;

export const logPath = (id: string, log: LogInfo): string =>
  `${base(id)}/${part(log.node_id)}/${part(log.stream)}`;

export const downloadOf = (id: string, log: LogInfo): string => url(`${logPath(id, log)}/download`);

export async function loadLogs(id: string): Promise<LogInfo[]> {
  return (await call<{ logs?: LogInfo[] }>(base(id))).logs ?? [];
}

export function readLog(
  id: string,
  log: LogInfo,
  where: { offset?: number; before?: number },
  signal: AbortSignal,
): Promise<LogPage> {
  return call<LogPage>(logPath(id, log), { query: { ...where, limit: PIECE }, signal });
}

export const PIECE = 256 * 1024;
/** What is kept on the page; older lines are read again when somebody asks. */
export const MOST = 10 * 1024 * 1024;

export const keyOf = (log: LogInfo): string => `${log.epoch}/${log.node_id}/${log.stream}`;

export function nodeName(log: LogInfo): string {
  return log.role === 'WORKER' ? `Worker ${log.executor_id ?? ''}`.trim() : 'Driver';
}

/** One start of the cluster and the nodes it had, the latest start first, its driver before its workers. */
export interface Start {
  epoch: number;
  firstAt: number;
  live: boolean;
  nodes: { id: string; name: string; logs: LogInfo[] }[];
}

export function startsOf(logs: LogInfo[]): Start[] {
  const starts = new Map<number, Start>();
  for (const log of logs) {
    const start = starts.get(log.epoch) ?? {
      epoch: log.epoch,
      firstAt: log.first_at,
      live: false,
      nodes: [],
    };
    starts.set(log.epoch, start);
    start.firstAt = Math.min(start.firstAt, log.first_at);
    start.live ||= log.live;
    const node = start.nodes.find((one) => one.id === log.node_id);
    if (node) node.logs.push(log);
    else start.nodes.push({ id: log.node_id, name: nodeName(log), logs: [log] });
  }
  for (const start of starts.values()) {
    start.nodes.sort((a, b) => orderOf(a) - orderOf(b));
    for (const node of start.nodes) node.logs.sort((a, b) => streamOrder(a.stream) - streamOrder(b.stream));
  }
  return [...starts.values()].sort((a, b) => b.epoch - a.epoch);
}

const orderOf = ({ logs }: { logs: LogInfo[] }): number =>
  logs[0]?.role === 'WORKER' ? 1 + (logs[0].executor_id ?? 0) : 0;

const FIRST = ['log4j', 'stderr', 'stdout'];
const streamOrder = (stream: string): number => {
  const at = FIRST.indexOf(stream);
  return at < 0 ? FIRST.length : at;
};

/** The one that was chosen, or what most people look for: the driver's log of the latest start. */
export function chosen(logs: LogInfo[], key: string): LogInfo | undefined {
  return logs.find((log) => keyOf(log) === key) ?? startsOf(logs)[0]?.nodes[0]?.logs[0];
}

/** A log of another node, of the same stream where it has one. */
export function onNode(logs: LogInfo[], nodeId: string, stream: string): LogInfo | undefined {
  const node = startsOf(logs)
    .flatMap((start) => start.nodes)
    .find(({ id }) => id === nodeId);
  return node?.logs.find((log) => log.stream === stream) ?? node?.logs[0];
}

/** Escape sequences of terminals, and what else is no text. */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export function plain(text: string): string {
  return text.replace(ESCAPES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '\ufffd');
}

/** A part of what is shown; never changed, so that what was drawn of it stays. */
export interface Block {
  key: number;
  text: string;
}

/** What is shown of a log: its blocks from one offset to another. */
export interface Shown {
  blocks: Block[];
  first: number;
  next: number;
  size: number;
  keys: number;
}

export const NOTHING: Shown = { blocks: [], first: 0, next: 0, size: 0, keys: 0 };
const BLOCK = 16 * 1024;

/** Blocks of whole lines, so that each can be drawn by itself. */
export function blocksOf(text: string, key: number): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf('\n', Math.min(at + BLOCK, text.length - 1));
    const end = line < 0 ? text.length : line + 1;
    blocks.push({ key: key + blocks.length, text: text.slice(at, end) });
    at = end;
  }
  return blocks;
}

export function begun(page: LogPage): Shown {
  return appended({ ...NOTHING, first: page.offset, next: page.offset }, page);
}

/** With what came after it; beyond the most the oldest goes. */
export function appended(shown: Shown, page: LogPage): Shown {
  if (page.offset < shown.next) return shown;
  const text = plain(page.text);
  const added = blocksOf(text, shown.keys);
  const all = { ...shown, next: page.next, keys: shown.keys + added.length };
  // Many short pieces, as they come from a log that is followed, become blocks of a fair size.
  const last = shown.blocks.at(-1);
  const joins = last !== undefined && added.length === 1 && last.text.length + text.length <= BLOCK;
  const blocks = joins
    ? [...shown.blocks.slice(0, -1), { key: all.keys - 1, text: last.text + text }]
    : [...shown.blocks, ...added];
  let size = shown.size + text.length;
  let from = 0;
  while (size > MOST && from < blocks.length - 1) size -= blocks[from++]?.text.length ?? 0;
  // How many bytes the dropped text had is not known: nothing can be put before what is left.
  return {
    ...all,
    blocks: from === 0 ? blocks : blocks.slice(from),
    size,
    first: from === 0 ? all.first : -1,
  };
}

/** With the lines before it. */
export function preceded(shown: Shown, page: LogPage): Shown {
  if (page.next !== shown.first || page.next <= page.offset) return shown;
  const text = plain(page.text);
  const added = blocksOf(text, shown.keys);
  return {
    ...shown,
    first: page.offset,
    blocks: [...added, ...shown.blocks],
    size: shown.size + text.length,
    keys: shown.keys + added.length,
  };
}

export const canPrecede = (shown: Shown, log: LogInfo): boolean =>
  shown.first > log.first_offset && shown.size < MOST && shown.blocks.length > 0;

/** Where a word stands in a block, whatever its capitals. */
export function foundIn(text: string, words: string): number[] {
  if (words === '') return [];
  const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  return [...text.matchAll(pattern)].map((match) => match.index);
}

export const MOST_FOUND = 2000;

export interface Found {
  block: number;
  nth: number;
}

/** Each place where the words stand, up to a number that somebody can go through. */
export function find(blocks: Block[], words: string): Found[] {
  const found: Found[] = [];
  for (const block of blocks) {
    const count = foundIn(block.text, words).length;
    for (let nth = 0; nth < count && found.length < MOST_FOUND; nth++) found.push({ block: block.key, nth });
    if (found.length === MOST_FOUND) break;
  }
  return found;
}
