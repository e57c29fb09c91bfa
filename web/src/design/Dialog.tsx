import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { messageOf } from '../api/client.ts';
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
  /** A refusal is shown in the dialog, which stays with what was typed. */
  onSubmit: (value: string) => Promise<void>;
  onClose: () => void;
}

export function Prompt({ title, label, value = '', action, onSubmit, onClose }: PromptProps) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = (text: string): void => {
    if (text === '' || busy) return;
    setBusy(true);
    setRefusal(null);
    onSubmit(text).then(onClose, (error: unknown) => {
      setRefusal(messageOf(error));
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="field"
        onSubmit={(e) => {
          e.preventDefault();
          submit(String(new FormData(e.currentTarget).get('value') ?? '').trim());
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
          aria-describedby={refusal === null ? undefined : `${id}e`}
          onFocus={(e) => e.currentTarget.select()}
        />
        {refusal !== null && (
          <p id={`${id}e`} className="notice notice-err" role="alert">
            {refusal}
          </p>
        )}
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
