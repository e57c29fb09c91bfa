import { useId, useState } from 'react';
import { messageOf } from '../../api/client.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';

interface Props {
  title: string;
  action: string;
  name?: string;
  description?: string;
  onSubmit: (name: string, description: string) => Promise<void>;
  onClose: () => void;
}

/** A refusal is shown in the dialog, which stays with what was typed. */
export function NameDialog({ title, action, name = '', description = '', onSubmit, onClose }: Props) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = (form: FormData): void => {
    if (busy) return;
    setBusy(true);
    setRefusal(null);
    onSubmit(String(form.get('name') ?? ''), String(form.get('description') ?? '')).then(
      onClose,
      (error: unknown) => {
        setRefusal(messageOf(error));
        setBusy(false);
      },
    );
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="history-form"
        onSubmit={(e) => {
          e.preventDefault();
          submit(new FormData(e.currentTarget));
        }}
      >
        <div className="field">
          <label htmlFor={id}>Name</label>
          <input
            id={id}
            className="input"
            name="name"
            defaultValue={name}
            required
            maxLength={128}
            autoComplete="off"
            autoFocus
            aria-describedby={refusal === null ? undefined : `${id}e`}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}d`}>Description (optional)</label>
          <textarea
            id={`${id}d`}
            className="input history-area"
            name="description"
            defaultValue={description}
            maxLength={2000}
            rows={3}
          />
        </div>
        {refusal !== null && (
          <p id={`${id}e`} className="notice notice-err" role="alert">
            {refusal}
          </p>
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
