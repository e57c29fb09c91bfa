import { useId, useState } from 'react';
import { call } from '../../api/client.ts';
import { invalidate } from '../../api/resource.ts';
import { navigate } from '../../app/router.ts';
import { Field, FormDialog } from '../../design/FormDialog.tsx';
import { nameOf, PROVIDERS, providerOf } from './wire.ts';

interface Props {
  /** Where the new folder goes. */
  folder: string;
  onClose: () => void;
  onDone: () => Promise<void>;
}

/** Clones a repository; with a token, keeps it for the provider first. */
export function CloneDialog({ folder, onClose, onDone }: Props) {
  const id = useId();
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const provider = chosen ?? providerOf(url);
  const submit = async (form: FormData): Promise<{ id: number }> => {
    const token = String(form.get('token') ?? '').trim();
    const user = String(form.get('user') ?? '').trim();
    let credential: number | undefined;
    if (token !== '') {
      const made = await call<{ credential_id: number }>('/api/2.0/git-credentials', {
        method: 'POST',
        body: {
          git_provider: provider,
          personal_access_token: token,
          ...(user === '' ? {} : { git_username: user }),
          name: `${nameOf(url)} ${new Date().toISOString().slice(0, 16)}`,
        },
      });
      credential = made.credential_id;
    }
    const name = nameOf(url);
    return call<{ id: number }>('/api/2.0/repos', {
      method: 'POST',
      body: {
        url,
        provider,
        ...(folder === '/' || folder === '/Repos' ? {} : { path: `${folder}/${name}` }),
        ...(credential === undefined ? {} : { git_credential_id: credential }),
      },
    });
  };
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
