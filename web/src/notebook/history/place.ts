import { navigate } from '../../app/router.ts';

/** Addresses of the history. Small on purpose: the header and the keys know it before anything else of the history. */
export const notebookAt = (id: string): string => `/editor/notebooks/${encodeURIComponent(id)}`;

export function historyAt(id: string, shown?: { row: string; against?: string }): string {
  const query = shown ? `?shown=${shown.row}${shown.against ? `&against=${shown.against}` : ''}` : '';
  return `${notebookAt(id)}/history${query}`;
}

export const isHistory = (path: string): boolean => /^\/editor\/notebooks\/[^/]+\/history$/.test(path);

/** Opens the history, or closes it and gives the focus back to its button. */
export function toggleHistory(id: string): void {
  if (!isHistory(location.pathname)) {
    navigate(historyAt(id));
    return;
  }
  navigate(notebookAt(id));
  document.getElementById('nb-history')?.focus();
}
