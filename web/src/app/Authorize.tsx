import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { call, messageOf } from '../api/client.ts';
import { Button } from '../design/Button.tsx';
import { Logo } from './Logo.tsx';
import { useTitle } from './pages.tsx';
import { useLocation } from './router.ts';

/** What a program asks for, in the words of OAuth. */
const ASKED = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'nonce',
] as const;

interface Described {
  client_name: string;
  scopes: string[];
  redirect_uri: string;
}

type Stage =
  | { kind: 'asking' }
  | { kind: 'asked'; described: Described }
  | { kind: 'sending'; described: Described }
  | { kind: 'failed'; message: string }
  | { kind: 'done' };

/** A person says whether a program on their machine may act in their name. */
export function AuthorizePage() {
  useTitle('Allow access');
  const { query } = useLocation();
  const asked = query.toString();
  const [stage, setStage] = useState<Stage>({ kind: 'asking' });
  useEffect(() => {
    const control = new AbortController();
    call<Described>('/api/campanile/v1/oauth/request', {
      query: request(new URLSearchParams(asked)),
      signal: control.signal,
    })
      .then((described) => setStage({ kind: 'asked', described }))
      .catch((error: unknown) => {
        if (!control.signal.aborted) setStage({ kind: 'failed', message: messageOf(error) });
      });
    return () => control.abort();
  }, [asked]);
  const decide = async (described: Described, allow: boolean): Promise<void> => {
    setStage({ kind: 'sending', described });
    try {
      const body = { request: request(query), allow };
      const answer = await call<{ redirect_to: string }>('/api/campanile/v1/oauth/decision', {
        method: 'POST',
        body,
      });
      setStage({ kind: 'done' });
      location.assign(answer.redirect_to);
    } catch (error) {
      setStage({ kind: 'failed', message: messageOf(error) });
    }
  };
  return (
    <main className="login">
      <div className="login-card">
        <Logo size={32} />
        <h1>Allow access to Campanile</h1>
        <Content stage={stage} onDecide={(described, allow) => void decide(described, allow)} />
      </div>
    </main>
  );
}

function Content({
  stage,
  onDecide,
}: {
  stage: Stage;
  onDecide: (described: Described, allow: boolean) => void;
}) {
  if (stage.kind === 'asking') return <p className="muted">Loading…</p>;
  if (stage.kind === 'done') return <p role="status">You can close this page and go back to the program.</p>;
  if (stage.kind === 'failed')
    return (
      <p className="notice notice-err" role="alert">
        <TriangleAlert size={16} aria-hidden="true" />
        {stage.message}
      </p>
    );
  const { described } = stage;
  return (
    <>
      <p>
        <strong>{described.client_name}</strong> wants to act in your name in this workspace. Its answer goes to{' '}
        <code>{described.redirect_uri}</code> on your own machine.
      </p>
      <ul>
        {described.scopes.map((scope) => (
          <li key={scope}>{inWords(scope)}</li>
        ))}
      </ul>
      <p className="muted">Say no if you did not start this program yourself.</p>
      <Button look="primary" disabled={stage.kind === 'sending'} onClick={() => onDecide(described, true)}>
        Allow
      </Button>
      <Button disabled={stage.kind === 'sending'} onClick={() => onDecide(described, false)}>
        No
      </Button>
    </>
  );
}

function request(query: URLSearchParams): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ASKED) {
    const value = query.get(name);
    if (value !== null) found[name] = value;
  }
  return found;
}

function inWords(scope: string): string {
  switch (scope) {
    case 'all-apis':
      return 'Everything you may do';
    case 'offline_access':
      return 'For 30 days, without asking again';
    case 'openid':
    case 'profile':
    case 'email':
      return 'To know who you are';
    default:
      return `What belongs to ${scope}`;
  }
}
