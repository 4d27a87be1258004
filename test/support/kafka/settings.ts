/** The settings of a small, quick, single-node broker in KRaft mode. */

export interface Ports {
  readonly plaintext: number;
  readonly controller: number;
  readonly sasl?: number;
  readonly ssl?: number;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ServerSettings {
  readonly directory: string;
  readonly ports: Ports;
  readonly credentials?: Credentials;
  readonly keystore?: { readonly path: string; readonly password: string };
  readonly overrides?: Readonly<Record<string, string>>;
}

export function serverProperties(settings: ServerSettings): string {
  const { ports } = settings;
  const outside = [`PLAINTEXT://127.0.0.1:${ports.plaintext}`];
  if (ports.sasl !== undefined) outside.push(`SASL://127.0.0.1:${ports.sasl}`);
  if (ports.ssl !== undefined) outside.push(`SSL://127.0.0.1:${ports.ssl}`);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: [...outside, `CONTROLLER://127.0.0.1:${ports.controller}`].join(','),
    'advertised.listeners': outside.join(','),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': `${settings.directory}/data`,
    'auto.create.topics.enable': 'false',
    ...SMALL,
    ...(settings.credentials === undefined ? {} : sasl(settings.credentials)),
    ...(settings.keystore === undefined ? {} : ssl(settings.keystore)),
    ...settings.overrides,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** One node, few threads, short waits. The short broker session lets a killed broker come back in seconds. */
const SMALL = {
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'background.threads': '2',
  'log.cleaner.dedupe.buffer.size': '4194304',
  'log.cleaner.backoff.ms': '200',
  'broker.heartbeat.interval.ms': '500',
  'broker.session.timeout.ms': '3000',
};

function sasl({ username, password }: Credentials): Record<string, string> {
  const security = 'org.apache.kafka.common.security';
  const scram = `${security}.scram.ScramLoginModule required;`;
  return {
    'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl.plain.sasl.jaas.config': `${security}.plain.PlainLoginModule required user_${username}="${password}";`,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': scram,
  };
}

function ssl(keystore: { path: string; password: string }): Record<string, string> {
  return {
    'listener.name.ssl.ssl.keystore.type': 'PKCS12',
    'listener.name.ssl.ssl.keystore.location': keystore.path,
    'listener.name.ssl.ssl.keystore.password': keystore.password,
    'listener.name.ssl.ssl.key.password': keystore.password,
  };
}
