import type { Op } from '../../api/types.ts';
import type { PendingText } from './text.ts';

/** What one tab has not heard the server commit yet, whole; written before anything is sent. */
export interface OutboxRecord {
  key: string;
  notebook: string;
  cid: string;
  rev: number;
  savedAt: number;
  ops: { seq: number; op: Op }[];
  texts: Record<string, PendingText>;
}

export interface Outbox {
  put(record: OutboxRecord): Promise<void>;
  drop(key: string): Promise<void>;
  /** Records of other tabs of this browser that are gone. */
  orphans(notebook: string, ownCid: string): Promise<OutboxRecord[]>;
}

const DB = 'campanile';
const STORE = 'outbox';
const ABANDONED_MS = 15_000;

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DB, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class IndexedDbOutbox implements Outbox {
  #db: Promise<IDBDatabase> | null = null;

  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.#db ??= opened();
    return (await this.#db).transaction(STORE, mode).objectStore(STORE);
  }

  async put(record: OutboxRecord): Promise<void> {
    await done((await this.#store('readwrite')).put(record));
  }

  async drop(key: string): Promise<void> {
    await done((await this.#store('readwrite')).delete(key));
  }

  async orphans(notebook: string, ownCid: string): Promise<OutboxRecord[]> {
    const all = (await done((await this.#store('readonly')).getAll())) as OutboxRecord[];
    const found: OutboxRecord[] = [];
    for (const record of all) {
      if (record.notebook !== notebook || record.cid === ownCid) continue;
      if (await abandoned(record)) found.push(record);
    }
    return found;
  }
}

/** A living tab holds a lock named after its client id; without locks (plain HTTP), silence tells. */
async function abandoned(record: OutboxRecord): Promise<boolean> {
  if (!('locks' in navigator)) return Date.now() - record.savedAt > ABANDONED_MS;
  return navigator.locks.request(lockName(record.cid), { ifAvailable: true }, (lock) =>
    Promise.resolve(lock !== null),
  );
}

function lockName(cid: string): string {
  return `campanile-tab-${cid}`;
}

/** Held until the tab goes away, however it goes. */
export function holdTabLock(cid: string): () => void {
  if (!('locks' in navigator)) return () => undefined;
  let release: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    release = resolve;
  });
  void navigator.locks.request(lockName(cid), () => gone);
  return release;
}

export class MemoryOutbox implements Outbox {
  readonly records = new Map<string, OutboxRecord>();

  put(record: OutboxRecord): Promise<void> {
    this.records.set(record.key, structuredClone(record));
    return Promise.resolve();
  }

  drop(key: string): Promise<void> {
    this.records.delete(key);
    return Promise.resolve();
  }

  orphans(notebook: string, ownCid: string): Promise<OutboxRecord[]> {
    return Promise.resolve(
      [...this.records.values()].filter((r) => r.notebook === notebook && r.cid !== ownCid),
    );
  }
}
