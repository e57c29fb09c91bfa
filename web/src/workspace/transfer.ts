import { call, messageOf } from '../api/client.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { toasts } from '../design/toast.tsx';

export type Format = 'JUPYTER' | 'SOURCE';

const ENDINGS: Record<string, string> = { JAVA: 'java', SQL: 'sql', SCALA: 'scala', PYTHON: 'py', R: 'r' };
const LANGUAGES: Record<string, string> = {
  java: 'JAVA',
  sql: 'SQL',
  scala: 'SCALA',
  py: 'PYTHON',
  r: 'R',
  R: 'R',
};

export async function exportObject(
  path: string,
  name: string,
  format: Format,
  language?: string | null,
): Promise<void> {
  try {
    const answer = await call<{ content: string; file_type?: string }>('/api/2.0/workspace/export', {
      query: { path, format },
    });
    const ending = format === 'JUPYTER' ? 'ipynb' : (answer.file_type ?? ENDINGS[language ?? ''] ?? 'txt');
    save(new Blob([bytesOf(answer.content) as BlobPart]), `${name}.${ending}`);
  } catch (error) {
    toasts.show(messageOf(error));
  }
}

/**
 * One file into a folder: a notebook or an archive of notebooks by its ending, anything else as the file it is; answers
 * the path made.
 */
export async function importFile(path: string, folder: number | null, file: File): Promise<string> {
  const dot = file.name.lastIndexOf('.');
  const ending = dot < 0 ? '' : file.name.slice(dot + 1);
  const plain = dot < 0 ? file.name : file.name.slice(0, dot);
  const language = LANGUAGES[ending];
  if (ending !== 'ipynb' && !language) {
    if (folder === null) throw new Error('Open a folder first');
    const made = await (ending === 'dbc'
      ? upload(folder, file, { name: plain, archive: 'DBC' })
      : upload(folder, file, { name: file.name }));
    return made.path;
  }
  const target = `${path === '/' ? '' : path}/${plain}`;
  const content = base64Of(new Uint8Array(await file.arrayBuffer()));
  const kind = ending === 'ipynb' ? { format: 'JUPYTER' } : { format: 'SOURCE', language };
  await call('/api/2.0/workspace/import', {
    method: 'POST',
    body: { path: target, content, overwrite: false, ...kind },
  });
  return target;
}

/** The bytes as they are: the browser streams them, whatever their number. */
function upload(folder: number, file: File, query: Record<string, string>): Promise<WorkspaceObject> {
  return call<WorkspaceObject>(`/api/campanile/v1/objects/${folder}/content`, {
    method: 'PUT',
    query,
    raw: file,
  });
}

export function download(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function base64Of(data: Uint8Array): string {
  let text = '';
  for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return btoa(text);
}
