import { X } from 'lucide-react';
import { Observable, useChanges } from '../api/observable.ts';
import { Button, IconButton } from './Button.tsx';

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6000;

class Toasts extends Observable {
  list: Toast[] = [];
  #next = 1;

  show(text: string, action?: Toast['action']): void {
    if (this.list.some((t) => t.text === text && !t.action)) return;
    const id = this.#next++;
    this.list = [...this.list.slice(-2), action ? { id, text, action } : { id, text }];
    this.changed();
    setTimeout(() => this.close(id), action ? SHOWN_MS * 2 : SHOWN_MS);
  }

  close(id: number): void {
    if (!this.list.some((t) => t.id === id)) return;
    this.list = this.list.filter((t) => t.id !== id);
    this.changed();
  }
}

export const toasts = new Toasts();

export function ToastList() {
  useChanges(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.list.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          {toast.action && (
            <Button
              small
              onClick={() => {
                toasts.close(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton small label="Dismiss" icon={<X size={14} />} onClick={() => toasts.close(toast.id)} />
        </div>
      ))}
    </div>
  );
}
