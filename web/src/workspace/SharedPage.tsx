import { useState } from 'react';
import { call } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { useTitle } from '../app/pages.tsx';
import { Answered } from '../design/Answered.tsx';
import { ObjectList } from './BrowsePage.tsx';
import { type Asking, Questions } from './Questions.tsx';

const loadShared = (): Promise<{ objects: WorkspaceObject[] }> =>
  call('/api/campanile/v1/objects', { query: { shared: true } });

/** What others gave to this person and lies in no folder of theirs. */
export function SharedPage() {
  useTitle('Shared with me');
  const { state, reload } = useResource('folder/shared', loadShared);
  const [asking, setAsking] = useState<Asking>(null);
  return (
    <main className="page browse" id="main" tabIndex={-1}>
      <nav className="crumbs" aria-label="Folders above">
        <Link href="/browse">Workspace</Link>
      </nav>
      <div className="page-head">
        <h1>Shared with me</h1>
      </div>
      <Answered state={state}>
        {({ objects }) =>
          objects.length === 0 ? (
            <div className="empty">
              <h2>Nothing is shared with you yet</h2>
              <p>
                Notebooks and folders that others share with you, or with a group you are in, appear here.
              </p>
            </div>
          ) : (
            <ObjectList label="Shared with me" objects={objects} withPath onAsk={setAsking} reload={reload} />
          )
        }
      </Answered>
      <Questions asking={asking} onClose={() => setAsking(null)} reload={reload} />
    </main>
  );
}
