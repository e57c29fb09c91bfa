import { useEffect, useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client.ts';
import { invalidate } from '../api/resource.ts';
import { plural } from '../design/format.ts';
import { toasts } from '../design/toast.tsx';
import { upload } from './volumes.ts';

/** Files and the folder they go to: the page may show another one by the time they are there. */
export interface Batch {
  into: string;
  files: File[];
}

export interface Uploads {
  now: { into: string; name: string } | null;
  /** What is there already, to be asked about. */
  taken: Batch | null;
  send: (batch: Batch, overwrite: boolean) => void;
  /** The question about what is there already has its answer. */
  answered: () => void;
}

/** Loads a folder of a volume again where it is shown, or else when it is next. */
export function reread(folder: string): void {
  invalidate(`volume/${folder}`);
}

/** Uploads one file after the other; what is there already is asked about once, after the rest. */
export function useUploads(): Uploads {
  const [now, setNow] = useState<Uploads['now']>(null);
  const [taken, setTaken] = useState<Batch | null>(null);
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const send = async ({ into, files }: Batch, overwrite: boolean): Promise<void> => {
    const there: File[] = [];
    const sent: string[] = [];
    for (const file of files) {
      setNow({ into, name: file.name });
      try {
        await upload(`${into}/${file.name}`, file, overwrite);
        sent.push(file.name);
      } catch (error) {
        if (!overwrite && error instanceof ApiError && error.code.endsWith('ALREADY_EXISTS'))
          there.push(file);
        else toasts.show(`${file.name}: ${messageOf(error)}`);
      }
    }
    setNow(null);
    if (sent.length > 0) toasts.show(`Uploaded ${sent.length === 1 ? sent[0] : plural(sent.length, 'file')}`);
    reread(into);
    if (there.length === 0) return;
    if (shown.current) setTaken({ into, files: there });
    // Nobody can be asked on another page, but what is missing has to be known.
    else toasts.show(`Not uploaded, already in ${into}: ${there.map((file) => file.name).join(', ')}`);
  };
  return {
    now,
    taken,
    send: (batch, overwrite) => void send(batch, overwrite),
    answered: () => setTaken(null),
  };
}
