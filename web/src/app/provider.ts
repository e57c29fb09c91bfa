import { call, url } from '../api/client.ts';

/** How one can sign in here, as the server says before anybody has. */
export interface SignInOptions {
  /** What the identity provider is called; absent where there is none. */
  provider?: string;
  passwords: boolean;
}

export function signInOptions(signal: AbortSignal): Promise<SignInOptions> {
  return call<SignInOptions>('/api/campanile/v1/sign-in', { signal, quiet401: true });
}

/** Where the way to the provider begins; it ends at `next`. */
export function startOf(next: string): string {
  return url('/oidc/sso/start', { next: next === '/' ? undefined : next });
}

/** Why the provider's word did not open the door, and what helps. */
const WORDS: Record<string, (provider: string) => string> = {
  canceled: (p) => `The sign-in with ${p} was canceled. Begin again whenever you like.`,
  stale: () => 'This sign-in took too long, or began in another browser or tab. Begin again.',
  untrusted: (p) =>
    `The answer of ${p} could not be trusted. Begin again; if it happens again, tell an administrator.`,
  unavailable: (p) => `${p} does not answer at the moment. Try again in a minute.`,
  misconfigured: (p) =>
    `${p} and this installation are not set up for each other. An administrator finds the reason in the log of identity.`,
  email_unverified: (p) =>
    `${p} has not verified your e-mail address. Verify it there, or ask whoever manages your account there, then sign in again.`,
  name_taken: (p) =>
    `Somebody here has your user name already, and ${p} cannot show that it is you. Ask an administrator of the workspace.`,
  deactivated: () =>
    'Your account here is deactivated. Ask an administrator of the workspace to activate it.',
  not_member: (p) =>
    `You are not a member of this workspace. Ask whoever manages groups in ${p}, or open the address of your own workspace.`,
  no_workspace: () => 'There are several workspaces here. Open the address of yours and sign in there.',
  address: () => 'The workspace does not let anybody sign in from this network address.',
  limited: () => 'Too many sign-ins have begun from this network address. Try again in a minute.',
};

/** Null when nothing went wrong; a name nobody knows is said as any refusal. */
export function problemInWords(problem: string | null, provider: string): string | null {
  if (problem === null || problem === '') return null;
  return Object.hasOwn(WORDS, problem)
    ? (WORDS[problem]?.(provider) ?? null)
    : `The sign-in with ${provider} did not succeed. Begin again.`;
}
