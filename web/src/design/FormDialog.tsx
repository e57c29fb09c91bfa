import { type ReactNode, useId, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useSlow } from '../api/resource.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

interface Props<T> {
  title: string;
  action: string;
  danger?: boolean;
  /** False keeps the button shut. */
  ready?: boolean;
  /** A refusal is shown in the dialog, which stays with what was typed. */
  onSubmit: (form: FormData) => Promise<T>;
  /** What comes after success; without it the dialog closes. */
  onDone?: (answer: T) => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog<T>({
  title,
  action,
  danger,
  ready = true,
  onSubmit,
  onDone,
  onClose,
  children,
}: Props<T>) {
  const [busy, setBusy] = useState(false);
  const slow = useSlow(busy);
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = (form: FormData): void => {
    if (busy || !ready) return;
    setBusy(true);
    setRefusal(null);
    onSubmit(form).then(onDone ?? onClose, (error: unknown) => {
      setRefusal(messageOf(error));
      setBusy(false);
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          submit(new FormData(e.currentTarget));
        }}
      >
        {children}
        {refusal !== null && (
          <p className="notice notice-err" role="alert">
            {refusal}
          </p>
        )}
        {slow && (
          <p className="muted" role="status">
            Still at it…
          </p>
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look={danger ? 'danger' : 'primary'} type="submit" disabled={busy || !ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  label: string;
  name: string;
  hint?: ReactNode;
  type?: string;
  value?: string;
  required?: boolean;
  autoFocus?: boolean;
  autoComplete?: string;
  min?: number;
  max?: number;
}

export function Field({
  label,
  name,
  hint,
  value,
  type = 'text',
  autoComplete = 'off',
  ...rest
}: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        className="input"
        defaultValue={value}
        autoComplete={autoComplete}
        aria-describedby={hint ? `${id}h` : undefined}
        {...rest}
      />
      {hint && (
        <span id={`${id}h`} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}

interface TypedProps {
  title: string;
  text: ReactNode;
  /** What has to be typed, so that a deletion is never a slip of the hand. */
  word: string;
  action: string;
  onSubmit: () => Promise<void>;
  onClose: () => void;
}

export function TypedConfirm({ title, text, word, action, onSubmit, onClose }: TypedProps) {
  const id = useId();
  const [typed, setTyped] = useState('');
  return (
    <FormDialog
      title={title}
      action={action}
      danger
      ready={typed === word}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <p>{text}</p>
      <div className="field">
        <label htmlFor={id}>
          Type <strong className="typed-word">{word}</strong> to confirm
        </label>
        <input
          id={id}
          className="input"
          autoComplete="off"
          autoFocus
          spellCheck={false}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      </div>
    </FormDialog>
  );
}
