import { Suspense, useEffect, useState } from 'react';
import { messageOf } from '../api/client.ts';
import { useChanges } from '../api/observable.ts';
import { useSlow } from '../api/resource.ts';
import { Button } from '../design/Button.tsx';
import { ToastList } from '../design/toast.tsx';
import { AuthorizePage } from './Authorize.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { LoginPage } from './Login.tsx';
import { NotBuilt, NotFound } from './pages.tsx';
import { match, navigate, useLocation } from './router.ts';
import { routes } from './routes.tsx';
import { Shell } from './Shell.tsx';
import { signIn } from './session.ts';

export function App() {
  const { path } = useLocation();
  useOldAddresses();
  return (
    <>
      <ErrorBoundary resetKey={path}>
        <Entry path={path} />
      </ErrorBoundary>
      <ToastList />
    </>
  );
}

/** Pages that stand alone, before and beside the application. */
function Entry({ path }: { path: string }) {
  if (path === '/login') return <LoginPage />;
  if (path === '/oauth/authorize') return <AuthorizePage />;
  return <SignedIn path={path} />;
}

function SignedIn({ path }: { path: string }) {
  useChanges(signIn);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const known = signIn.identity.kind !== 'unknown';
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt asks again.
  useEffect(() => {
    if (known) return;
    setFailure(null);
    signIn.find().catch((error: unknown) => setFailure(messageOf(error)));
  }, [known, attempt]);
  if (failure !== null) return <Unreachable message={failure} onRetry={() => setAttempt(attempt + 1)} />;
  // The page may start loading its data before the server has said who asks: a 401 leads to sign-in anyway.
  const me = signIn.identity.kind === 'in' ? signIn.identity.me : null;
  return (
    <Shell me={me} path={path}>
      <ErrorBoundary resetKey={path}>
        <Suspense fallback={<Waiting />}>
          <Page path={path} />
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Page({ path }: { path: string }) {
  for (const [pattern, found] of routes) {
    const params = match(pattern, path);
    if (!params) continue;
    if (found.kind === 'unbuilt') return <NotBuilt heading={found.heading} />;
    const Component = found.page;
    // A page with another id is another page: nothing of the first may linger in it.
    return <Component key={params['id'] ?? ''} params={params} />;
  }
  return <NotFound />;
}

function Waiting() {
  return useSlow(true) ? <p className="page-wait muted">Loading…</p> : null;
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <main className="login">
      <div className="login-card">
        <h1>Campanile cannot be reached</h1>
        <p>{message}</p>
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </main>
  );
}

/** Addresses of the older hash kind lead to the new ones. */
function useOldAddresses(): void {
  useEffect(() => {
    const old = /^#notebook\/(\d+)/.exec(location.hash);
    if (old) navigate(`/editor/notebooks/${old[1]}`, { replace: true });
  }, []);
}
