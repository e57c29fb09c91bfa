import { Socket, type Transport } from '../../../api/socket.ts';
import type { Op, ServerFrame } from '../../../api/types.ts';
import type { Authority } from './authority.ts';

export const CHANNEL = 'nb:1';

/**
 * A connection whose frames wait in two queues until the test moves them, in order; it can break at any moment, and what
 * is in the queues is then lost, as it is with TCP.
 */
export class Wire implements Transport {
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly up: Record<string, unknown>[] = [];
  readonly down: string[] = [];
  readonly #server: Authority;
  #unlisten: () => void = () => undefined;

  constructor(server: Authority) {
    this.#server = server;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  send(text: string): void {
    this.up.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.#unlisten();
    this.readyState = 3;
    this.onclose?.();
  }

  /** The server reads one frame. */
  moveUp(): boolean {
    const frame = this.up.shift();
    if (!frame) return false;
    if (frame['t'] === 'sub') {
      this.#answer(this.#server.subscribe(Number(frame['rev'])));
      this.#unlisten();
      this.#unlisten = this.#server.listen((event) => this.#answer(event));
    } else if (frame['t'] === 'op') {
      this.#answer(this.#server.commit(String(frame['cid']), Number(frame['seq']), frame['op'] as Op));
    }
    return true;
  }

  /** The client reads one frame. */
  moveDown(): boolean {
    const text = this.down.shift();
    if (text === undefined) return false;
    this.onmessage?.({ data: text });
    return true;
  }

  #answer(frame: ServerFrame): void {
    this.down.push(JSON.stringify({ ch: CHANNEL, ...frame }));
  }
}

export class Network {
  readonly wires: Wire[] = [];
  readonly socket: Socket;

  constructor(server: Authority) {
    this.socket = new Socket(() => {
      const wire = new Wire(server);
      this.wires.push(wire);
      return wire;
    });
  }

  get wire(): Wire {
    return this.wires.at(-1)!;
  }

  /** Opens a connection that waits, then moves frames until nothing moves. */
  settle(): void {
    if (this.socket.status.kind === 'waiting') this.socket.hurry();
    if (this.wire.readyState === 0) this.wire.accept();
    while (this.wire.moveUp() || this.wire.moveDown());
  }
}
