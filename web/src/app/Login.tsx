import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError, messageOf } from '../api/client.ts';
import { Button } from '../design/Button.tsx';
import { Logo } from './Logo.tsx';
import { useTitle } from './pages.tsx';
import { passwordProblem } from './passwords.ts';
import { problemInWords, type SignInOptions, signInOptions, startOf } from './provider.ts';
import { navigate, safeNext, useLocation } from './router.ts';
import { signIn } from './session.ts';

type Attempt =
  | { kind: 'idle' }
  | { kind: 'sending' }
  | { kind: 'failed'; message: string }
  | { kind: 'limited'; until: number; account: boolean };

export function LoginPage() {
  useTitle('Sign in');
  const { query } = useLocation();
  const options = useOptions();
  const [byPassword, setByPassword] = useState(false);
  const problem = problemInWords(query.get('problem'), options?.provider ?? 'the identity provider');
  const asksPassword = options !== null && (options.passwords || byPassword);
  return (
    <main className="login">
      <div className="login-card">
        <Logo size={32} />
        <h1>Sign in to Campanile</h1>
        <div role="alert">
          {problem !== null && (
            <p className="notice notice-err">
              <TriangleAlert size={16} aria-hidden="true" />
              <span>
                {problem}
                {query.get('request') !== null && (
                  <span className="login-request"> Request {query.get('request')}</span>
                )}
              </span>
            </p>
          )}
        </div>
        {options?.provider !== undefined && (
          <a className="btn btn-primary" href={startOf(safeNext(query.get('next')))}>
            Sign in with {options.provider}
          </a>
        )}
        {options?.provider !== undefined &&
          (asksPassword ? (
            <p className="login-or muted">or with a password</p>
          ) : (
            <Button onClick={() => setByPassword(true)}>Administrators: sign in with a password</Button>
          ))}
        {asksPassword && <PasswordForm second={options.provider !== undefined} />}
      </div>
    </main>
  );
}

/** Null until the server has said; where it cannot be asked, a password can be tried. */
function useOptions(): SignInOptions | null {
  const [options, setOptions] = useState<SignInOptions | null>(null);
  useEffect(() => {
    const control = new AbortController();
    signInOptions(control.signal)
      .then(setOptions)
      .catch(() => {
        if (!control.signal.aborted) setOptions({ passwords: true });
      });
    return () => control.abort();
  }, []);
  return options;
}

/** `second`: there is a provider, whose button is the first thing to press. */
function PasswordForm({ second }: { second: boolean }) {
  const { query } = useLocation();
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'idle' });
  const [choosing, setChoosing] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (e: FormEvent<HTMLFormElement>): Promise<void> => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setAttempt({ kind: 'sending' });
    try {
      const chosen = form.get('new-password');
      if (chosen !== null && chosen !== form.get('new-password-again')) {
        setAttempt({ kind: 'failed', message: 'The two new passwords differ' });
        return;
      }
      await signIn.enter(
        String(form.get('user')).trim(),
        String(form.get('password')),
        chosen === null ? undefined : String(chosen),
      );
      navigate(safeNext(query.get('next')), { replace: true });
    } catch (error) {
      if (error instanceof ApiError && error.facts.has('password_change_required')) {
        setChoosing(true);
        setAttempt({ kind: 'idle' });
        return;
      }
      setAttempt(failed(error));
      password.current?.select();
    }
  };
  const limited = attempt.kind === 'limited';
  return (
    <form className="login-form" onSubmit={(e) => void submit(e)} aria-describedby="login-problem">
      <div id="login-problem" role="alert">
        {attempt.kind === 'failed' && (
          <p className="notice notice-err">
            <TriangleAlert size={16} aria-hidden="true" />
            {attempt.message}
          </p>
        )}
        {limited && (
          <Limited
            until={attempt.until}
            account={attempt.account}
            onOver={() => setAttempt({ kind: 'idle' })}
          />
        )}
      </div>
      <div className="field">
        <label htmlFor="login-user">User</label>
        <input
          id="login-user"
          data-testid="login-user"
          name="user"
          className="input"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus={!second}
        />
      </div>
      <div className="field">
        <label htmlFor="login-password">Password</label>
        <input
          ref={password}
          id="login-password"
          data-testid="login-password"
          name="password"
          type="password"
          className="input"
          autoComplete="current-password"
          required
        />
      </div>
      {choosing && <NewPassword />}
      <Button
        look={second ? 'outline' : 'primary'}
        type="submit"
        disabled={attempt.kind === 'sending' || limited}
      >
        {attempt.kind === 'sending' ? 'Signing in…' : choosing ? 'Set password and sign in' : 'Sign in'}
      </Button>
    </form>
  );
}

function failed(error: unknown): Attempt {
  if (error instanceof ApiError && error.status === 429)
    return {
      kind: 'limited',
      until: Date.now() + (error.retryAfterSeconds ?? 30) * 1000,
      account: error.facts.has('account_locked'),
    };
  const wrong = error instanceof ApiError && error.status === 401;
  return {
    kind: 'failed',
    message: wrong
      ? `${messageOf(error)}. An administrator can give you a new one.`
      : passwordProblem(messageOf(error)),
  };
}

/** A temporary password is good for one thing: choosing another. */
function NewPassword() {
  return (
    <>
      <p className="notice">
        Your password is a temporary one from an administrator. Choose a long one of your own, without your
        user name in it.
      </p>
      <div className="field">
        <label htmlFor="login-new">New password</label>
        <input
          id="login-new"
          name="new-password"
          type="password"
          className="input"
          autoComplete="new-password"
          required
          autoFocus
        />
      </div>
      <div className="field">
        <label htmlFor="login-again">New password again</label>
        <input
          id="login-again"
          name="new-password-again"
          type="password"
          className="input"
          autoComplete="new-password"
          required
        />
      </div>
    </>
  );
}

function Limited({ until, account, onOver }: { until: number; account: boolean; onOver: () => void }) {
  const [now, setNow] = useState(Date.now());
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left === 0) onOver();
  }, [left, onOver]);
  return (
    <p className="notice notice-err">
      <TriangleAlert size={16} aria-hidden="true" />
      <span>
        {account
          ? 'This account is locked for a short while, because its password was guessed wrongly too often. An administrator can unlock it sooner by resetting the password. '
          : 'Too many attempts. '}
        Try again in <span className="num">{left}</span> s.
      </span>
    </p>
  );
}
