/** What a request carries through the layers of the HTTP server. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Caller, TokenBook } from '../access/token-book.ts';
import type { PushIntake } from '../intake/push.ts';
import type { HostRules } from './hosts.ts';
import type { DaemonMetrics } from './metrics.ts';
import type { Services } from './route.ts';
import type { Sessions } from './sessions.ts';

export interface HttpLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What somebody did that others may want to know later. */
export interface Deed {
  /** `ask`, `sql`, `export`, `sign-in`, … */
  readonly action: string;
  /** What it was done to: the id of a question, the path of a route. */
  readonly target: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly address: string;
  readonly status: number;
  readonly detail: string;
}

export interface HttpServices extends Services {
  readonly tokens: TokenBook;
  readonly sessions: Sessions;
  readonly hosts: HostRules;
  readonly isTls: boolean;
  /** Absent while the part that takes pushes in is not running. */
  readonly push: () => PushIntake | undefined;
  readonly isReady: () => boolean;
  readonly metrics: DaemonMetrics;
  readonly log: HttpLog;
  /** Keeps what was done; never fails, and is never waited for. */
  readonly note: (deed: Deed) => void;
  /** Aborted when the daemon stops. */
  readonly stopping: AbortSignal;
}

export interface HttpEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    requestId: string;
    caller: Caller;
    /** How the caller said who it is: a page's requests by cookie need more than the cookie. */
    by: 'token' | 'session';
    signal: AbortSignal;
    /** What of the request stands in the log beside its path. */
    detail: string;
  };
}

export type HttpContext = Context<HttpEnv>;

/** `''` once the connection is gone. */
export function addressOf(c: HttpContext): string {
  const socket: HttpBindings['incoming']['socket'] | null = c.env.incoming.socket;
  return socket?.remoteAddress ?? '';
}
