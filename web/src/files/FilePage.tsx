import { Download, UserPlus } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ApiError, call } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import type { WorkspaceObject } from '../api/types.ts';
import { Link } from '../app/Link.tsx';
import { NotFound, useTitle } from '../app/pages.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { bytes, when } from '../design/format.ts';
import { contentOf } from '../workspace/tree.ts';
import { MOST_IMAGE, MOST_TEXT, shownAs, textOf } from './kinds.ts';
import '../notebook/notebook.css';
import './files.css';

const ShareDialog = lazy(() =>
  import('../workspace/share/index.ts').then((m) => ({ default: m.ShareDialog })),
);

/** A file of the workspace: text and pictures as they are, everything else to download. */
export function FilePage({ params }: { params: Record<string, string> }) {
  const id = params['id'] ?? '';
  const { state } = useResource(`file/${id}`, () =>
    call<WorkspaceObject>(`/api/campanile/v1/objects/${encodeURIComponent(id)}`),
  );
  useTitle(state.kind === 'ready' ? state.value.name : 'File');
  if (state.kind === 'failed' && state.error instanceof ApiError && [400, 404].includes(state.error.status))
    return <NotFound />;
  if (state.kind === 'ready' && state.value.object_type !== 'FILE') return <NotFound />;
  return (
    <main className="page file" id="main" tabIndex={-1}>
      <Answered state={state}>{(file) => <Whole file={file} />}</Answered>
    </main>
  );
}

function Whole({ file }: { file: WorkspaceObject }) {
  const [sharing, setSharing] = useState(false);
  const folder = file.path.split('/').slice(0, -1).join('/') || '/';
  return (
    <>
      <nav className="crumbs" aria-label="Folder">
        <Link href={file.parent_id ? `/browse/folders/${file.parent_id}` : '/browse'}>{folder}</Link>
      </nav>
      <div className="page-head">
        <h1>{file.name}</h1>
        <span className="muted num">
          {bytes(file.size ?? 0)}
          {file.modified_at ? ` · changed ${when(file.modified_at)}` : ''}
        </span>
        <div className="actions">
          <Button icon={<UserPlus size={14} aria-hidden="true" />} onClick={() => setSharing(true)}>
            Share
          </Button>
          <a className="btn btn-outline" href={contentOf(file)} download={file.name}>
            <Download size={14} aria-hidden="true" />
            Download
          </a>
        </div>
      </div>
      <Content file={file} />
      {sharing && (
        <Suspense>
          <ShareDialog objectId={file.object_id} name={file.name} onClose={() => setSharing(false)} />
        </Suspense>
      )}
    </>
  );
}

function Content({ file }: { file: WorkspaceObject }) {
  const shown = shownAs(file.name);
  if ((file.size ?? 0) === 0) return <p className="muted">This file is empty.</p>;
  if (shown.kind === 'text') return <Text file={file} language={shown.language} />;
  return (file.size ?? 0) > MOST_IMAGE ? (
    <p className="muted">This picture is too large to be shown here. Download it to look at it.</p>
  ) : (
    <Picture file={file} type={shown.type} />
  );
}

async function fetchContent(file: WorkspaceObject, most?: number): Promise<ArrayBuffer> {
  const headers = most === undefined ? {} : { Range: `bytes=0-${most - 1}` };
  const answer = await fetch(contentOf(file), { credentials: 'same-origin', headers });
  if (!answer.ok) throw new ApiError(answer.status, 'UNKNOWN', `The server answered ${answer.status}`);
  return answer.arrayBuffer();
}

/** The server sends every file as an attachment; the picture is made of its bytes, with a type that we chose. */
function Picture({ file, type }: { file: WorkspaceObject; type: string }) {
  const { state } = useResource(`file-content/${file.object_id}/${file.modified_at}`, () =>
    fetchContent(file),
  );
  return (
    <Answered state={state}>{(content) => <Drawn content={content} type={type} name={file.name} />}</Answered>
  );
}

function Drawn({ content, type, name }: { content: ArrayBuffer; type: string; name: string }) {
  const [address, setAddress] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type]);
  if (broken) return <p className="muted">This is no picture that the browser can show.</p>;
  return address && <img className="file-picture" src={address} alt={name} onError={() => setBroken(true)} />;
}

function Text({ file, language }: { file: WorkspaceObject; language: string | null }) {
  const { state } = useResource(`file-content/${file.object_id}/${file.modified_at}`, async () =>
    textOf(new Uint8Array(await fetchContent(file, MOST_TEXT)), (file.size ?? 0) <= MOST_TEXT),
  );
  return (
    <Answered state={state}>
      {(text) =>
        text === null ? (
          <p className="muted">This file is not text. Download it to open it with a program of yours.</p>
        ) : (
          <>
            {(file.size ?? 0) > MOST_TEXT && (
              <p className="notice">
                Only the first {bytes(MOST_TEXT)} are shown. Download the file to see all.
              </p>
            )}
            <Lines text={text} language={language} label={file.name} />
          </>
        )
      }
    </Answered>
  );
}

/** The text comes in as text; its colours when the language has been loaded. */
function Lines({ text, language, label }: { text: string; language: string | null; label: string }) {
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    if (language === null) return;
    let gone = false;
    void import('../notebook/editor/highlight.ts').then(async ({ highlightInto, loadLanguage }) => {
      await loadLanguage(language);
      if (!gone && code.current) highlightInto(code.current, text, language);
    });
    return () => {
      gone = true;
    };
  }, [text, language]);
  return (
    <pre className="file-text" tabIndex={0} role="region" aria-label={label}>
      <code ref={code}>{text}</code>
    </pre>
  );
}
