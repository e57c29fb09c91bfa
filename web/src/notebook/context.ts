import { createContext, useContext } from 'react';
import type { NotebookController } from './controller.ts';
import type { LiveEditor } from './editor/index.ts';

export interface NotebookScope {
  controller: NotebookController;
  /** Null until the editor's code has arrived. */
  editor: LiveEditor | null;
}

export const NotebookContext = createContext<NotebookScope | null>(null);

export function useNotebook(): NotebookScope {
  const scope = useContext(NotebookContext);
  if (!scope) throw new Error('Not inside a notebook');
  return scope;
}
