import { useId, useState } from 'react';
import { invalidate } from '../../api/resource.ts';
import { navigate } from '../../app/router.ts';
import { Field, FormDialog } from '../../design/FormDialog.tsx';
import { clone } from './clone.ts';
import { PROVIDERS, providerOf } from './wire.ts';

interface Props {
  /** Where the new folder goes. */
  folder: string;
  onClose: () => void;
  onDone: () => Promise<void>;
}

/** Clones a repository; a token is kept for the provider once it has proved good. */
export function CloneDialog({ folder, onClose, onDone }: Props) {
  const id = useId();
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const provider = chosen ?? providerOf(url);
  const submit = (form: FormData): Promise<{ id: number }> =>
    clone({
      url,
      provider,
      folder,
      user: String(form.get('user') ?? '').trim(),
      token: String(form.get('token') ?? '').trim(),
    });
  return (
    <FormDialog
      title="Clone a repository"
      action="Clone"
      ready={/^https?:\/\/./i.test(url)}
      onSubmit={submit}
      onDone={(made) => {
        invalidate('tree');
        onClose();
        void onDone();
        navigate(`/browse/folders/${made.id}`);
      }}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={`${id}u`}>Address</label>
        <input
          id={`${id}u`}
          className="input"
          type="url"
          required
          autoFocus
          autoComplete="off"
          placeholder="https://github.com/owner/name.git"
          value={url}
          onChange={(e) => setUrl(e.target.value.trim())}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}p`}>Provider</label>
        <select id={`${id}p`} className="input" value={provider} onChange={(e) => setChosen(e.target.value)}>
          {PROVIDERS.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Field label="User name at the provider" name="user" />
      <Field
        label="Access token"
        name="token"
        type="password"
        autoComplete="off"
        hint="Kept sealed for this provider. Leave it empty for a public repository, or to use one that you gave before."
      />
    </FormDialog>
  );
}
