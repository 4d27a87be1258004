/** Whether somebody answers on a socket, and who. */
import http from 'node:http';

export type Listener =
  | { readonly state: 'answers'; readonly pid: number }
  /** Somebody listens, but does not answer in time. */
  | { readonly state: 'silent' }
  | { readonly state: 'nobody' };

const ANSWER_MS_MAX = 3_000;

export function probe(socketPath: string): Promise<Listener> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path: '/ping', agent: false, timeout: ANSWER_MS_MAX }, (response) => {
      response.resume();
      response.once('end', () => resolve({ state: 'answers', pid: Number(response.headers['x-keytrail-pid'] ?? 0) }));
      response.once('error', () => resolve({ state: 'silent' }));
    });
    request.once('timeout', () => {
      resolve({ state: 'silent' });
      request.destroy();
    });
    // Refused: the socket file is stale. Reset: its owner is going away.
    request.once('error', () => resolve({ state: 'nobody' }));
  });
}
