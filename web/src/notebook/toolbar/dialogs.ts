import { Observable } from '../../api/observable.ts';

type Name = 'restart' | 'shortcuts';

/** Dialogs that keys, the palette and buttons open alike. */
class Dialogs extends Observable {
  shown: Name | null = null;

  open(name: Name): void {
    this.shown = name;
    this.changed();
  }

  close(): void {
    this.shown = null;
    this.changed();
  }
}

export const dialogs = new Dialogs();
