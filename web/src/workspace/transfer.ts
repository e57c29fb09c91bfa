import { call, messageOf } from '../api/client.ts';
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

/** One file into a folder, by its ending; answers the path made. */
export async function importFile(folder: string, file: File): Promise<string> {
  const dot = file.name.lastIndexOf('.');
  const ending = dot < 0 ? '' : file.name.slice(dot + 1);
  const path = `${folder === '/' ? '' : folder}/${dot < 0 ? file.name : file.name.slice(0, dot)}`;
  const content = base64Of(new Uint8Array(await file.arrayBuffer()));
  const language = LANGUAGES[ending];
  if (ending !== 'ipynb' && !language)
    throw new Error(`${file.name}: only .ipynb, .java, .sql, .scala, .py and .r can be imported`);
  const kind = ending === 'ipynb' ? { format: 'JUPYTER' } : { format: 'SOURCE', language };
  await call('/api/2.0/workspace/import', {
    method: 'POST',
    body: { path, content, overwrite: false, ...kind },
  });
  return path;
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
