/** Calls of the API: by cookie, abortable, and going on by themselves after a sign-in or an outage. */
import { answered, beginSession, type Me, me, reachable, session, signedIn } from './link.ts';
import { PATHS } from './paths.ts';
import { ApiError, isAbort, troubleOf } from './problem.ts';

export type Params = Readonly<Record<string, string | number | readonly string[] | undefined>>;

const SCRIPT_HEADER = { 'X-Keytrail-Request': 'console' };

export function pathWith(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** A GET. Waits for a sign-in or for the daemon where it must; what was answered otherwise is thrown as `ApiError`. */
export async function get<Answer>(path: string, params: Params = {}, signal?: AbortSignal): Promise<Answer> {
  const response = await open(pathWith(path, params), signal);
  return (await response.json()) as Answer;
}

/** The same, with the body still to come. */
export async function open(path: string, signal?: AbortSignal): Promise<Response> {
  for (;;) {
    const response = await sent(path, signal === undefined ? {} : { signal });
    if (response === undefined) {
      await reachable('daemon', undefined, signal);
      continue;
    }
    const retry = await whyAgain(response, signal);
    if (!retry) return response;
  }
}

/** A POST of a document. It is never sent twice by itself, but for a session that had ended: then nothing was done. */
export async function post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  for (;;) {
    const response = await sent(path, {
      method: 'POST',
      headers: { ...SCRIPT_HEADER, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response === undefined) {
      throw new ApiError({
        status: 0,
        code: 'DAEMON_AWAY',
        title: 'the daemon does not answer',
        next: 'nothing is known to have been changed; look before you try again',
      });
    }
    if (response.status === 401) {
      session.value = 'out';
      await signedIn(signal);
    } else if (response.ok) {
      answered();
      return (await response.json()) as Answer;
    } else throw new ApiError(await troubleOf(response));
  }
}

/** @throws ApiError when the token does not count */
export async function signIn(token: string): Promise<void> {
  const response = await sent('/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  if (response === undefined) {
    throw new ApiError({ status: 0, code: 'DAEMON_AWAY', title: 'the daemon does not answer' });
  }
  if (!response.ok) throw new ApiError(await troubleOf(response));
  await askWho();
}

/** Ends the session here and in the daemon. */
export async function signOut(): Promise<void> {
  await sent('/session', { method: 'DELETE', headers: SCRIPT_HEADER });
  me.value = undefined;
  session.value = 'out';
}

/** Finds out who the page is signed in as, without waiting for anybody to sign in. */
export async function askWho(): Promise<void> {
  for (;;) {
    const response = await sent(PATHS.me, {});
    if (response?.ok === true) {
      answered();
      beginSession((await response.json()) as Me);
      return;
    }
    if (response !== undefined && response.status < 500) {
      session.value = 'out';
      return;
    }
    await reachable(response === undefined ? 'daemon' : 'store', undefined);
  }
}

/** `undefined`: there was no answer at all. */
async function sent(path: string, init: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}

/** @returns whether it is to be sent again; @throws ApiError when that would not help */
async function whyAgain(response: Response, signal: AbortSignal | undefined): Promise<boolean> {
  if (response.ok) {
    answered();
    return false;
  }
  if (response.status === 401) {
    session.value = 'out';
    await signedIn(signal);
    return true;
  }
  const trouble = await troubleOf(response);
  if (response.status === 503 && trouble.code === 'STORE_AWAY') {
    await reachable('store', Number(response.headers.get('retry-after') ?? 2) * 1_000, signal);
    return true;
  }
  answered();
  throw new ApiError(trouble);
}
