/** What goes wrong with a request to the API, in the API's own terms. None of it shows a key or a body. */
import { UserError } from '../core/errors.ts';
import type { HttpAnswer } from './transport.ts';

export type ApiFailure =
  | 'KEYS_REFUSED'
  | 'ADDRESS_OR_ROLE_REFUSED'
  | 'API_NOT_ENABLED'
  | 'WRONG_ACCOUNT'
  | 'REDIRECT_REFUSED'
  | 'CERTIFICATE_REFUSED'
  | 'REQUEST_REFUSED'
  | 'RATE_LIMITED'
  | 'API_FAILED'
  | 'API_UNREACHABLE'
  | 'ANSWER_NOT_JSON'
  | 'ANSWER_OF_ANOTHER_SHAPE'
  | 'WALK_NOT_JOINED';

/** Those that may be gone at the next try. */
const PASSING: ReadonlySet<ApiFailure> = new Set([
  'RATE_LIMITED',
  'API_FAILED',
  'API_UNREACHABLE',
  'ANSWER_NOT_JSON',
  'ANSWER_OF_ANOTHER_SHAPE',
]);

interface Meaning {
  readonly message: string;
  readonly expected: string;
  readonly next: string;
}

const MEANINGS: Readonly<Record<ApiFailure, Meaning>> = {
  KEYS_REFUSED: {
    message: 'the API refuses the keys',
    expected: 'the account key of the account, and a user key of the same account that is not deleted',
    next: 'compare both keys with Access Management > API Keys in the console; keytrail collect redis-cloud --check',
  },
  ADDRESS_OR_ROLE_REFUSED: {
    message: 'the API knows the keys and does not let them in from here, or not to this',
    expected: "this machine's address in the key's CIDR allow list, and an owner with the role Viewer",
    next: 'look at the allow list of the key and the role of its owner; keytrail collect redis-cloud --check',
  },
  API_NOT_ENABLED: {
    message: 'the API is not enabled for the account',
    expected: 'an account whose owner has enabled the API',
    next: 'enable it in the console: Access Management > API Keys',
  },
  WRONG_ACCOUNT: {
    message: 'the keys are those of another account',
    expected: 'keys of the account that they are configured for',
    next: 'give the keys to the account that the API names; nothing was read',
  },
  REDIRECT_REFUSED: {
    message: 'the API redirects, and keys are sent to the configured host only',
    expected: 'an answer of the configured host itself',
    next: 'check collect.redis_cloud.base_url',
  },
  CERTIFICATE_REFUSED: {
    message: "the API's certificate is not trusted",
    expected: 'a certificate of an authority that this machine knows, or of collect.redis_cloud.ca_file',
    next: 'name the authority of your proxy in collect.redis_cloud.ca_file',
  },
  REQUEST_REFUSED: {
    message: 'the API refuses the request',
    expected: 'the REST API of Redis Cloud, version 1',
    next: 'check collect.redis_cloud.base_url',
  },
  RATE_LIMITED: {
    message: 'the requests of the account are used up for now',
    expected: 'room within the 400 requests a minute of the account key',
    next: 'nothing: it goes on by itself; lower collect.redis_cloud.share_percent if others suffer',
  },
  API_FAILED: {
    message: 'the API fails',
    expected: 'an answer',
    next: 'nothing: it goes on by itself; status.redis.io tells of outages',
  },
  API_UNREACHABLE: {
    message: 'the API does not answer',
    expected: 'a connection to the configured host',
    next: 'check network, proxy and collect.redis_cloud.base_url; it goes on by itself',
  },
  ANSWER_NOT_JSON: {
    message: 'the API answers with something that is no JSON',
    expected: 'the JSON of the REST API',
    next: 'check collect.redis_cloud.base_url and what stands between; it goes on by itself',
  },
  ANSWER_OF_ANOTHER_SHAPE: {
    message: 'the API answers with JSON of another shape',
    expected: 'the JSON of the REST API of Redis Cloud, version 1',
    next: 'check collect.redis_cloud.base_url; it goes on by itself',
  },
  WALK_NOT_JOINED: {
    message: 'the pages of the log do not join on to each other',
    expected: 'pages that overlap: an offset that counts rows, or pages',
    next: 'report this: the position was not moved, so nothing is lost',
  },
};

export class ApiError extends UserError {
  readonly failure: ApiFailure;
  /** What the API asks to wait for. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: ApiFailure, got: string, retryAfterMs?: number) {
    const { message, expected, next } = MEANINGS[failure];
    super(failure, message, { got, expected, next });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }

  get isPassing(): boolean {
    return PASSING.has(this.failure);
  }
}

const TLS_CODES = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/;

export function networkError(cause: unknown): ApiError {
  const { code = '', name = '' } = (cause ?? {}) as Readonly<Record<string, unknown>>;
  const told = String(code) || String(name);
  return new ApiError(TLS_CODES.test(told) ? 'CERTIFICATE_REFUSED' : 'API_UNREACHABLE', told);
}

const FAILURES: Readonly<Record<number, ApiFailure>> = {
  401: 'KEYS_REFUSED',
  412: 'API_NOT_ENABLED',
  408: 'API_FAILED',
  429: 'RATE_LIMITED',
};

/** @returns undefined for an answer that may be read */
export function statusError(answer: HttpAnswer, now: number): ApiError | undefined {
  const { status, header } = answer;
  if (status === 200) return undefined;
  const got = `status ${status}`;
  if (status >= 300 && status < 400) return new ApiError('REDIRECT_REFUSED', `${got}${hostOf(header('location'))}`);
  if (status === 403) return new ApiError('ADDRESS_OR_ROLE_REFUSED', got + addressIn(answer));
  const failure = FAILURES[status] ?? (status >= 500 ? 'API_FAILED' : 'REQUEST_REFUSED');
  return new ApiError(failure, got, retryAfterOf(header('retry-after'), now));
}

/** Nobody has described the body; it may tell the address that is not allowed. */
function addressIn({ body }: HttpAnswer): string {
  const [address] = /\b(?:\d{1,3}\.){3}\d{1,3}\b/.exec(body.toString('latin1')) ?? [];
  return address === undefined ? '' : `; the answer names ${address}`;
}

/** The host alone: a location may repeat what was asked. */
function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

function retryAfterOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
