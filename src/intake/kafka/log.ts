/** kafkajs's own log lines, through the program's logger and without the password. */
import kafkajs, { type logCreator } from 'kafkajs';

/** What intake needs of a logger; pino's fits. */
export interface KafkaLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Fields of kafkajs that help a person; stacks, and objects of any depth, do not. */
const FIELDS = ['broker', 'groupId', 'topic', 'partition', 'retryCount', 'retryTime', 'error'] as const;

/**
 * kafkajs says "error" for what it heals itself (a broker that restarts), and "info" for every pause. So its errors are
 * warnings here and all else is for debugging; what does stop the consumer is thrown and said once, by its caller.
 */
export function kafkajsLog(log: KafkaLog, secrets: readonly string[]): logCreator {
  return () => (entry) => {
    const fields: Record<string, string | number> = { from: `kafkajs ${entry.namespace}` };
    for (const name of FIELDS) {
      const value: unknown = entry.log[name];
      if (typeof value === 'number') fields[name] = value;
      else if (typeof value === 'string') fields[name] = withoutSecrets(value, secrets);
    }
    const message = withoutSecrets(entry.log.message, secrets);
    if (entry.level <= kafkajs.logLevel.ERROR) log.warn(fields, message);
    else log.debug(fields, message);
  };
}

/** Brokers and libraries put what they were given into their messages. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[password]')), text);
}
