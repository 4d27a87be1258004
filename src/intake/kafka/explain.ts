/** What kafkajs throws, as an error for a person. */

import { type Explanation, messageOf, UserError } from '../../core/errors.ts';
import { GOT_CHARS_MAX } from '../../core/limits.ts';
import { UnreadableBatch } from './codecs.ts';
import { withoutSecrets } from './log.ts';

/** What the person chose, for the message. No secrets but those that are to be kept out of it. */
export interface Where {
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly mechanism?: string;
  readonly username?: string;
  readonly tls: boolean;
  readonly secrets: readonly string[];
}

interface Rule {
  readonly code: string;
  readonly matches: (cause: Cause) => boolean;
  readonly message: (where: Where) => string;
  readonly expected: (where: Where) => string;
  readonly next: (where: Where) => string;
}

/** One link of a chain of causes: kafkajs wraps its errors several times. */
interface Cause {
  readonly name: string;
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

const UNREACHABLE = 'KAFKA_UNREACHABLE';
const TLS_CODES = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/;
const NETWORK_CODES = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** kafkajs calls some of these not retriable, although a broker that restarts heals them all. */
const AWAY_NAMES =
  /^KafkaJS(Connection|NoBroker|RequestTimeout|BrokerNotFound|LockTimeout|GroupCoordinator|.*Metadata)/;
const AWAY_TYPES = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'KAFKA_STORAGE_ERROR',
]);

const at = (where: Where) => where.brokers.join(', ');

const RULES: readonly Rule[] = [
  {
    code: 'KAFKA_AUTH_FAILED',
    matches: ({ name, type }) => name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED',
    message: (where) => `Kafka at ${at(where)} refused the login`,
    expected: ({ mechanism = 'none', username = '' }) =>
      `a user and password that the brokers know for ${mechanism}${username === '' ? '' : ` (user ${username})`}`,
    next: () => 'check user name, password and SASL mechanism',
  },
  {
    code: 'KAFKA_TLS_FAILED',
    matches: ({ code, message }) => TLS_CODES.test(code) || /certificate|SSL routines/i.test(message),
    message: (where) => `no TLS connection to Kafka at ${at(where)}`,
    expected: ({ tls }) => (tls ? 'a valid certificate that the given CA vouches for' : 'a listener without TLS'),
    next: () => "renew the brokers' certificate, or give the right CA file and a listener that speaks TLS",
  },
  {
    code: 'KAFKA_NOT_AUTHORISED',
    matches: ({ type }) => type.endsWith('_AUTHORIZATION_FAILED'),
    message: (where) => `Kafka at ${at(where)} does not let this user read`,
    expected: ({ groupId }) => `the rights Read and Describe on the topics, and Read on the group ${groupId}`,
    next: () => 'ask for these rights, or use another user',
  },
  {
    code: 'KAFKA_GROUP_INVALID',
    matches: ({ type }) =>
      ['INCONSISTENT_GROUP_PROTOCOL', 'INVALID_GROUP_ID', 'INVALID_SESSION_TIMEOUT'].includes(type),
    message: ({ groupId }) => `the consumer group ${groupId} cannot be joined`,
    expected: () => 'a group that only keytrail uses',
    next: () => 'choose another --group',
  },
  {
    code: 'KAFKA_TOPIC_UNKNOWN',
    matches: ({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'INVALID_TOPIC_EXCEPTION',
    message: (where) => `a topic is not, or no longer, at ${at(where)}`,
    expected: () => 'topics that exist for as long as they are read',
    next: () => 'create the topic, or leave it out of --topic; reading goes on at the committed offsets',
  },
  {
    code: UNREACHABLE,
    matches: ({ name, type, code }) => NETWORK_CODES.test(code) || AWAY_NAMES.test(name) || AWAY_TYPES.has(type),
    message: (where) => `no Kafka broker answers at ${at(where)}`,
    expected: ({ tls }) => `at least one broker that answers there ${tls ? 'with TLS' : 'without TLS'}`,
    next: () => 'check --brokers, that Kafka runs, and that its listener (plain or TLS) is the one you mean',
  },
];

/** @returns what a person can do about it, or undefined when nothing is known about this error */
export function explainKafka(thrown: unknown, where: Where): UserError | undefined {
  if (thrown instanceof UserError) return thrown;
  const unreadable = causesOf(thrown).find((cause) => cause instanceof UnreadableBatch);
  if (unreadable instanceof UnreadableBatch) return explainUnreadable(unreadable, where);
  const chain = causesOf(thrown).map(linkOf);
  const rule = ruleFor(chain);
  if (rule === undefined) return undefined;
  const got = withoutSecrets(chain.at(-1)?.message ?? '', where.secrets).slice(0, GOT_CHARS_MAX);
  const explanation: Explanation = { got, expected: rule.expected(where), next: rule.next(where) };
  return new UserError(rule.code, rule.message(where), explanation);
}

/** The cluster does not answer at the moment: no failure of a run that is under way. */
export function isAway(thrown: unknown): boolean {
  const code = thrown instanceof UserError ? thrown.code : ruleFor(causesOf(thrown).map(linkOf))?.code;
  return code === UNREACHABLE;
}

/**
 * A broker did answer, but leaders and topics are still being sorted out: a moment later the same question succeeds.
 */
export function isSettling(thrown: unknown): boolean {
  return causesOf(thrown)
    .map(linkOf)
    .some(({ type }) => AWAY_TYPES.has(type) || type === 'UNKNOWN_TOPIC_OR_PARTITION');
}

function ruleFor(chain: readonly Cause[]): Rule | undefined {
  return RULES.find(({ matches }) => chain.some(matches));
}

function explainUnreadable(cause: UnreadableBatch, where: Where): UserError {
  const code = cause.tooLarge ? 'KAFKA_BATCH_TOO_LARGE' : 'KAFKA_BATCH_UNREADABLE';
  return new UserError(
    code,
    `a record batch of Kafka at ${at(where)} cannot be read`,
    {
      got: cause.message,
      expected: 'record batches of a bounded size that expand as their codec says',
      next: `find the batch after the committed offsets of group ${where.groupId}, then move the group past it`,
    },
    { cause },
  );
}

const CAUSES_MAX = 10;

function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = thrown; cause instanceof Error && causes.length < CAUSES_MAX; cause = cause.cause)
    causes.push(cause);
  return causes.length === 0 ? [thrown] : causes;
}

function linkOf(thrown: unknown): Cause {
  const { name = '', type = '', code = '' } = (thrown ?? {}) as Record<string, unknown>;
  return { name: String(name), type: String(type), code: String(code), message: messageOf(thrown) };
}
