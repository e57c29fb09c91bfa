import { call, callForFile, messageOf } from '../api/client.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { toasts } from '../design/toast.tsx';

export type Format = 'JUPYTER' | 'SOURCE';

/** Of an .ipynb file; of others the server accepts less, and says so. */
const LARGEST = 100 * 1024 * 1024;

const LANGUAGES: Record<string, string> = {
  java: 'JAVA',
  sql: 'SQL',
  scala: 'SCALA',
  py: 'PYTHON',
  r: 'R',
  R: 'R',
};

export async function exportObject(path: string, format: Format): Promise<void> {
  try {
    const { file, name } = await callForFile('/api/2.0/workspace/export', {
      query: { path, format, direct_download: true },
    });
    save(file, name);
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
  if (file.size > LARGEST)
    throw new Error(`${file.name} has more than 100 MB, the most that can be imported`);
  const content = await base64Of(file);
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

/** The browser encodes it by itself, outside of the page's own code: that of a hundred megabytes would stop the page. */
function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error('The file could not be read'));
    reader.readAsDataURL(file);
  });
}
