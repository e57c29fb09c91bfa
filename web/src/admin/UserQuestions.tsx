import { useState } from 'react';
import { nameOf, type Resource } from '../api/scim.ts';
import { FormDialog, TypedConfirm } from '../design/FormDialog.tsx';
import { exactly } from '../design/format.ts';
import { OnceShown } from '../design/OnceShown.tsx';
import { toasts } from '../design/toast.tsx';
import { removeResource, resetPassword } from './changes.ts';

interface Props {
  user: Resource;
  onClose: () => void;
}

export function Reset({ user, onClose }: Props) {
  const [made, setMade] = useState<{ temporary_password: string; expires_at: number } | null>(null);
  if (made)
    return (
      <OnceShown
        title="The temporary password"
        label="Temporary password"
        value={made.temporary_password}
        note={`Give it to ${nameOf(user)}. It works until ${exactly(made.expires_at)}; at sign-in a password of their own takes its place.`}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={`Reset the password of ${nameOf(user)}?`}
      action="Reset the password"
      onSubmit={() => resetPassword(user.id)}
      onDone={setMade}
      onClose={onClose}
    >
      <p>
        The present password ends, and so do all sessions of {nameOf(user)}. You get a temporary one to hand
        over.
      </p>
    </FormDialog>
  );
}

export function DeleteUser({ user, onClose, onDone }: Props & { onDone?: () => void }) {
  return (
    <TypedConfirm
      title={`Delete ${nameOf(user)}?`}
      text="The user cannot sign in any more and loses every token and permission at once. Notebooks in the home folder stay. To shut somebody out for a while, deactivate instead."
      word={user.userName ?? user.id}
      action="Delete"
      onSubmit={async () => {
        await removeResource('Users', user.id);
        toasts.show(`${nameOf(user)} is deleted`);
        onDone?.();
      }}
      onClose={onClose}
    />
  );
}
