import { ApiError, call, onSignedOut } from '../api/client.ts';
import { Observable } from '../api/observable.ts';
import { forgetAll } from '../api/resource.ts';
import type { Me } from '../api/types.ts';
import { navigate } from './router.ts';

export type Identity = { kind: 'unknown' } | { kind: 'out' } | { kind: 'in'; me: Me };

/** Who is signed in, as far as the server has said. */
class SignIn extends Observable {
  identity: Identity = { kind: 'unknown' };

  async find(): Promise<void> {
    try {
      this.#set({ kind: 'in', me: await call<Me>('/api/campanile/v1/me', { quiet401: true }) });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.left();
      else throw error;
    }
  }

  /** `chosen` takes the place of a temporary password. */
  async enter(user: string, password: string, chosen?: string): Promise<void> {
    const body = chosen === undefined ? { user, password } : { user, password, new_password: chosen };
    const me = await call<Me>('/api/campanile/v1/login', { method: 'POST', body, quiet401: true });
    forgetAll();
    this.#set({ kind: 'in', me });
  }

  async leave(): Promise<void> {
    const left = await call<{ redirect_to?: string }>('/api/campanile/v1/logout', {
      method: 'POST',
      body: {},
    });
    forgetAll();
    this.#set({ kind: 'out' });
    // An identity provider would let whoever sits here next in again: it is signed out of as well.
    if (left.redirect_to !== undefined) location.assign(left.redirect_to);
    else navigate('/login');
  }

  /** The cookie is gone or worthless: ask for sign-in and come back here. */
  left(): void {
    this.#set({ kind: 'out' });
    if (location.pathname === '/login') return;
    const here = location.pathname + location.search;
    navigate(here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`, { replace: true });
  }

  #set(identity: Identity): void {
    this.identity = identity;
    this.changed();
  }
}

export const signIn = new SignIn();
onSignedOut(() => signIn.left());
