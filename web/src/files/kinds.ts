/** What a file of the workspace is shown as, by its name. Markup that could run scripts is text here, never a page. */
export type Shown = { kind: 'text'; language: string | null } | { kind: 'image'; type: string };

const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
};
const LANGUAGES: Record<string, string> = {
  java: 'JAVA',
  sql: 'SQL',
  scala: 'SCALA',
  py: 'PYTHON',
  r: 'R',
  md: 'MARKDOWN',
};

export const MOST_TEXT = 1_000_000;
export const MOST_IMAGE = 20_000_000;

export function shownAs(name: string): Shown {
  const dot = name.lastIndexOf('.');
  const ending = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  const type = IMAGES[ending];
  return type ? { kind: 'image', type } : { kind: 'text', language: LANGUAGES[ending] ?? null };
}

/**
 * The bytes as UTF-8 text; null when they are none. Where only a beginning was read, the character it broke off in is
 * left out.
 */
export function textOf(bytes: Uint8Array, whole: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return null;
  }
}
