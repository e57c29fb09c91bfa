import { Observable } from '../api/observable.ts';

/** Everything a person can do has an id, a name and, mostly, keys; the palette lists what applies now. */
export interface Command {
  id: string;
  name: string;
  keys?: string;
  group: string;
  enabled?: () => boolean;
  run: () => void;
}

class Commands extends Observable {
  #byOwner = new Map<string, Command[]>();

  register(owner: string, commands: Command[]): () => void {
    this.#byOwner.set(owner, commands);
    this.changed();
    return () => {
      if (this.#byOwner.get(owner) !== commands) return;
      this.#byOwner.delete(owner);
      this.changed();
    };
  }

  list(): Command[] {
    return [...this.#byOwner.values()].flat().filter((c) => c.enabled?.() ?? true);
  }
}

export const commands = new Commands();

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** "Mod+Shift+P" as the keyboard of this machine names it. */
export function keyNames(keys: string): string[] {
  const names: Record<string, string> = isMac
    ? { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Enter: '↩', Escape: 'Esc' }
    : { Mod: 'Ctrl', Escape: 'Esc' };
  return keys.split('+').map((k) => names[k] ?? k);
}
