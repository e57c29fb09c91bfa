import { Observable } from './observable.ts';
import type { ServerFrame } from './types.ts';

export type SocketStatus =
  | { kind: 'connecting'; attempt: number }
  | { kind: 'open'; since: number }
  | { kind: 'waiting'; attempt: number; until: number }
  | { kind: 'closed' };

export interface Channel {
  onOpen(): void;
  onClose(): void;
  onFrame(frame: ServerFrame): void;
}

export interface Transport {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
}

const PING_MS = 20_000;
const PONG_MS = 10_000;

/** One WebSocket a tab, shared by channels; reconnects for ever with growing pauses. */
export class Socket extends Observable {
  status: SocketStatus = { kind: 'closed' };
  #channels = new Map<string, Channel>();
  #transport: Transport | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #ping: ReturnType<typeof setInterval> | null = null;
  #pong: ReturnType<typeof setTimeout> | null = null;
  readonly #dial: () => Transport;
  readonly #onRefused: () => void;

  constructor(dial: () => Transport, onRefused: () => void = () => undefined) {
    super();
    this.#dial = dial;
    this.#onRefused = onRefused;
  }

  open(name: string, channel: Channel): () => void {
    this.#channels.set(name, channel);
    if (this.status.kind === 'open') channel.onOpen();
    else if (this.status.kind === 'closed') this.#connect();
    return () => {
      if (this.#channels.get(name) !== channel) return;
      this.send(name, { t: 'unsub' });
      this.#channels.delete(name);
      if (this.#channels.size === 0) this.#shut();
    };
  }

  get isOpen(): boolean {
    return this.status.kind === 'open';
  }

  send(channel: string, frame: object): boolean {
    if (!this.isOpen || !this.#transport) return false;
    this.#transport.send(JSON.stringify({ ch: channel, ...frame }));
    return true;
  }

  /** The browser says the network is back, or a person pressed "Reconnect now". */
  hurry(): void {
    if (this.status.kind !== 'waiting') return;
    if (this.#retry) clearTimeout(this.#retry);
    this.#connect();
  }

  #connect(): void {
    this.#set({ kind: 'connecting', attempt: this.#attempt });
    const transport = this.#dial();
    this.#transport = transport;
    let opened = false;
    transport.onopen = () => {
      if (this.#transport !== transport) return;
      opened = true;
      this.#attempt = 0;
      this.#set({ kind: 'open', since: Date.now() });
      this.#ping = setInterval(() => this.#beat(), PING_MS);
      for (const channel of [...this.#channels.values()]) channel.onOpen();
    };
    transport.onmessage = (event) => this.#receive(event.data);
    transport.onclose = () => {
      if (this.#transport !== transport) return;
      this.#lost(opened);
    };
  }

  #lost(opened: boolean): void {
    this.#stopBeat();
    this.#transport = null;
    for (const channel of [...this.#channels.values()]) channel.onClose();
    if (this.#channels.size === 0) {
      this.#set({ kind: 'closed' });
      return;
    }
    if (!opened) this.#onRefused();
    this.#attempt++;
    const pause = Math.min(8000, 250 * 2 ** Math.min(this.#attempt - 1, 6)) * (0.7 + Math.random() * 0.6);
    this.#set({ kind: 'waiting', attempt: this.#attempt, until: Date.now() + pause });
    this.#retry = setTimeout(() => this.#connect(), pause);
  }

  #receive(data: unknown): void {
    if (this.#pong) clearTimeout(this.#pong);
    this.#pong = null;
    if (typeof data !== 'string') return;
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.ch) this.#channels.get(frame.ch)?.onFrame(frame);
    else if (frame.t !== 'pong') for (const channel of [...this.#channels.values()]) channel.onFrame(frame);
  }

  #beat(): void {
    const name = this.#channels.keys().next().value;
    if (name === undefined || !this.send(name, { t: 'ping' })) return;
    const transport = this.#transport;
    this.#pong ??= setTimeout(() => {
      // A half-open connection: nothing came for a whole ping. Drop it without waiting for TCP to notice.
      if (transport && this.#transport === transport) {
        transport.close();
        if (this.#transport === transport) this.#lost(true);
      }
    }, PONG_MS);
  }

  #stopBeat(): void {
    if (this.#ping) clearInterval(this.#ping);
    if (this.#pong) clearTimeout(this.#pong);
    this.#ping = null;
    this.#pong = null;
  }

  #shut(): void {
    this.#stopBeat();
    if (this.#retry) clearTimeout(this.#retry);
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
    this.#attempt = 0;
    this.#set({ kind: 'closed' });
  }

  #set(status: SocketStatus): void {
    this.status = status;
    this.changed();
  }
}
