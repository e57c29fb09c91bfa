import { Copy, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { toasts } from './toast.tsx';

/** A text to copy, with the button for it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="copy-field">
      <input
        className="input code"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(e) => e.currentTarget.select()}
      />
      <Button
        look="outline"
        icon={<Copy size={14} aria-hidden="true" />}
        aria-label={`${copied ? 'Copied' : 'Copy'} ${label}`}
        onClick={() => {
          navigator.clipboard.writeText(value).then(
            () => setCopied(true),
            () => toasts.show('The browser refused to copy: select the text instead'),
          );
        }}
      >
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

interface Props {
  title: string;
  /** What it is, for screen readers: "Token". */
  label: string;
  value: string;
  note?: ReactNode;
  onClose: () => void;
}

/** A secret right after it was made, the only time that it is shown. */
export function OnceShown({ title, label, value, note, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="notice">
        <TriangleAlert size={16} aria-hidden="true" />
        Copy it now: it cannot be shown again.
      </p>
      <CopyField label={label} value={value} />
      {note && <p className="hint">{note}</p>}
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
