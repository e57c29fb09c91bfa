/** JSON over the same origin with the session cookie; every refusal is an ApiError, 401 also leads to sign-in. */

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  /** Names of what the refusal says beyond its code, such as `password_change_required`. */
  readonly facts: ReadonlySet<string>;

  constructor(
    status: number,
    code: string,
    message: string,
    retryAfterSeconds?: number,
    facts: Iterable<string> = [],
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.facts = new Set(facts);
  }
}

type SignedOut = () => void;
let signedOut: SignedOut = () => undefined;

/** The shell says what a 401 does, so that this module knows nothing of pages. */
export function onSignedOut(action: SignedOut): void {
  signedOut = action;
}

export interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Sent as it is, instead of a body in JSON. */
  raw?: Blob;
  signal?: AbortSignal;
  /** Sign-in itself answers 401 for a wrong password: the form shows it. */
  quiet401?: boolean;
}

export function url(path: string, query?: Request['query']): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Names that a browser takes out of an address before it asks, as if it led elsewhere. */
const DOTS = /^(\.|%2e){1,2}$/i;

/** The address, or a refusal: with dots from a page's own address it would reach another route as whoever is here. */
function straight(address: string): string {
  if (!address.split(/[/\\]/).some((name) => DOTS.test(name))) return address;
  throw new ApiError(400, 'INVALID_PARAMETER_VALUE', 'A name in a path cannot be “.” or “..”');
}

/** A path as a part of an address: every name encoded, the slashes between them as they are. */
export function encoded(path: string): string {
  return straight(path.split('/').map(encodeURIComponent).join('/'));
}

/** One name as a part of an address that the browser follows by itself; `call` looks at its own. */
export function part(name: string): string {
  return straight(encodeURIComponent(name));
}

export async function call<T>(path: string, request: Request = {}): Promise<T> {
  const text = await (await answer(path, request)).text();
  return (text === '' ? {} : JSON.parse(text)) as T;
}

/** An answer that is somebody's file: the browser keeps it outside of the page's memory. */
export async function callForFile(
  path: string,
  request: Request = {},
): Promise<{ file: Blob; name: string }> {
  const response = await answer(path, request);
  const name = /filename\*=UTF-8''([^;]*)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return { file: await response.blob(), name: decodeURIComponent(name ?? '') };
}

async function answer(path: string, request: Request): Promise<Response> {
  const address = url(straight(path), request.query);
  const init: RequestInit = {
    method: request.method ?? 'GET',
    credentials: 'same-origin',
    headers:
      request.body === undefined
        ? { Accept: 'application/json' }
        : { Accept: 'application/json', 'Content-Type': 'application/json' },
  };
  if (request.raw) init.body = request.raw;
  if (request.body !== undefined) init.body = JSON.stringify(request.body);
  if (request.signal) init.signal = request.signal;
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError(0, 'UNREACHABLE', 'The server cannot be reached. Check the connection and try again.');
  }
  if (!response.ok) throw await refusal(response, request);
  return response;
}

async function refusal(response: Response, request: Request): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const field = (name: string): unknown =>
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  const details = field('details');
  if (response.status === 401 && !request.quiet401) signedOut();
  return new ApiError(
    response.status,
    String(field('error_code') ?? 'UNKNOWN'),
    // SCIM has its own shape of errors, with the words in `detail`.
    String(field('message') ?? field('detail') ?? `The server answered ${response.status}`),
    retryAfter(response, details),
    factsOf(details),
  );
}

function factsOf(details: unknown): string[] {
  return (Array.isArray(details) ? details : []).flatMap((item: unknown) =>
    typeof item === 'object' && item !== null
      ? Object.entries(item).flatMap(([name, value]) => (value === true ? [name] : []))
      : [],
  );
}

function retryAfter(response: Response, details: unknown): number | undefined {
  const header = Number(response.headers.get('Retry-After'));
  if (Number.isFinite(header) && header > 0) return header;
  const list = Array.isArray(details) ? details : [details];
  for (const item of list) {
    if (typeof item === 'object' && item !== null) {
      const seconds = Number((item as Record<string, unknown>)['retry_after_seconds']);
      if (Number.isFinite(seconds) && seconds > 0) return seconds;
    }
  }
  return undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
