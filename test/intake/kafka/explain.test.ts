import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { UnreadableBatch } from '../../../src/intake/kafka/codecs.ts';
import { explainKafka, isAway } from '../../../src/intake/kafka/explain.ts';
import { kafkajsLog } from '../../../src/intake/kafka/log.ts';
import { KeptLog } from './support.ts';

const SECRET = 'opensesame';
const where = { brokers: ['kafka:9092'], groupId: 'keytrail', tls: true, username: 'me', secrets: [SECRET] };

/** kafkajs wraps what happened in one or two errors of its own. */
function wrapped(fields: { name?: string; type?: string; code?: string }, message = 'it happened'): Error {
  const cause = Object.assign(new Error(message), fields);
  return new Error('gave up', { cause: new Error('tried', { cause }) });
}

test.each([
  [{ name: 'KafkaJSSASLAuthenticationError' }, 'KAFKA_AUTH_FAILED'],
  [{ type: 'SASL_AUTHENTICATION_FAILED' }, 'KAFKA_AUTH_FAILED'],
  [{ name: 'KafkaJSConnectionError', code: 'CERT_HAS_EXPIRED' }, 'KAFKA_TLS_FAILED'],
  [{ name: 'KafkaJSConnectionError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'KAFKA_TLS_FAILED'],
  [{ type: 'TOPIC_AUTHORIZATION_FAILED' }, 'KAFKA_NOT_AUTHORISED'],
  [{ type: 'GROUP_AUTHORIZATION_FAILED' }, 'KAFKA_NOT_AUTHORISED'],
  [{ type: 'INCONSISTENT_GROUP_PROTOCOL' }, 'KAFKA_GROUP_INVALID'],
  [{ type: 'UNKNOWN_TOPIC_OR_PARTITION' }, 'KAFKA_TOPIC_UNKNOWN'],
  [{ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }, 'KAFKA_UNREACHABLE'],
  [{ name: 'KafkaJSGroupCoordinatorNotFound' }, 'KAFKA_UNREACHABLE'],
  [{ name: 'KafkaJSNoBrokerAvailableError' }, 'KAFKA_UNREACHABLE'],
])('%o is told as %s', (fields, code) => {
  const error = explainKafka(wrapped(fields), where);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code, explanation: { got: 'it happened' } });
  expect(isAway(wrapped(fields))).toBe(code === 'KAFKA_UNREACHABLE');
  expect(isAway(error)).toBe(code === 'KAFKA_UNREACHABLE');
});

test('what nobody knows stays as it was thrown', () => {
  expect(explainKafka(new Error('a bug'), where)).toBeUndefined();
  expect(isAway(new Error('a bug'))).toBe(false);
});

test('a batch that cannot be read is told apart from one that is too large', () => {
  const told = (tooLarge: boolean) =>
    explainKafka(new Error('wrapped', { cause: new UnreadableBatch('x', { tooLarge }) }), where)?.code;
  expect(told(true)).toBe('KAFKA_BATCH_TOO_LARGE');
  expect(told(false)).toBe('KAFKA_BATCH_UNREADABLE');
});

test('a password reaches neither message nor log, also when a broker repeats it', () => {
  const error = explainKafka(wrapped({ name: 'KafkaJSSASLAuthenticationError' }, `bad login me/${SECRET}`), where);
  expect(JSON.stringify([error?.message, error?.explanation])).not.toContain(SECRET);
  const log = new KeptLog();
  const write = kafkajsLog(log, [SECRET])(4);
  const fields = { timestamp: '', broker: `b?${SECRET}`, error: SECRET, stack: SECRET, sasl: { password: SECRET } };
  write({ namespace: 'Connection', level: 1, label: 'ERROR', log: { ...fields, message: `refused ${SECRET}` } });
  expect(log.lines).toHaveLength(1);
  expect(log.text).not.toContain(SECRET);
});
