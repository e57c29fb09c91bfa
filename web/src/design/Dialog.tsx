import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './Button.tsx';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  className?: string;
}

/** A modal of the browser: focus trap, Escape and the inert page behind it come with `<dialog>`. */
export function Dialog({ title, onClose, children, wide, className }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${wide ? 'dialog-wide' : ''} ${className ?? ''}`}
      aria-labelledby={heading}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onKeyDown={(e) => e.stopPropagation()}
      onClick={(e) => {
        if (e.target === ref.current) onClose();
      }}
    >
      <div className="dialog-body">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, text, action, danger, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          autoFocus
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

interface PromptProps {
  title: string;
  label: string;
  value?: string;
  action: string;
  onSubmit: (value: string) => void;
  onClose: () => void;
}

export function Prompt({ title, label, value = '', action, onSubmit, onClose }: PromptProps) {
  const id = useId();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="field"
        onSubmit={(e) => {
          e.preventDefault();
          const text = String(new FormData(e.currentTarget).get('value') ?? '').trim();
          if (text === '') return;
          onClose();
          onSubmit(text);
        }}
      >
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="input"
          name="value"
          defaultValue={value}
          required
          autoComplete="off"
          autoFocus
          onFocus={(e) => e.currentTarget.select()}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
