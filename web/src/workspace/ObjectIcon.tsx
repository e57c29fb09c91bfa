import { FileCode2, File as FileIcon, FolderGit2, Folder as FolderIcon } from 'lucide-react';
import type { WorkspaceObject } from '../api/types.ts';

/** What an object is, beside its name, which says it to those who cannot see it. */
export function ObjectIcon({ object, size = 16 }: { object: WorkspaceObject; size?: number }) {
  switch (object.object_type) {
    case 'NOTEBOOK':
      return <FileCode2 size={size} aria-hidden="true" />;
    case 'FILE':
      return <FileIcon size={size} aria-hidden="true" />;
    case 'DIRECTORY':
      return <FolderIcon size={size} aria-hidden="true" />;
    case 'REPO':
      return <FolderGit2 size={size} aria-hidden="true" />;
  }
}
