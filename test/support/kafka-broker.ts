/**
 * A real Apache Kafka broker for tests: KRaft, one node, loopback, random ports, a temporary directory. It dies with
 * the process that started it. With KAFKA_BROKERS set, plain brokers are that cluster and nothing is started.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';
import { brokerJars } from './kafka/jars.ts';
import { type Credentials, type Ports, type ServerSettings, serverProperties } from './kafka/settings.ts';
import { lastingPorts } from './ports.ts';
import { makeCertificate } from './tls.ts';

export { type Availability, brokerAvailability } from './kafka/jars.ts';

const run = promisify(execFile);
const GUARD = fileURLToPath(new URL('test/support/kafka/guard.sh', PACKAGE_ROOT));
const READY_MS_MAX = 400_000;
const STOP_MS_MAX = 120_000;

export interface BrokerOptions {
  /** A second listener with PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 for this user. */
  readonly sasl?: Credentials;
  /** A further listener with TLS and a self-signed certificate. */
  readonly ssl?: 'valid' | 'expired';
  /** Settings of server.properties that win over the launcher's. */
  readonly overrides?: Readonly<Record<string, string>>;
}

export interface Broker {
  /** `host:port` of the listener without TLS and authentication. */
  readonly brokers: readonly string[];
  readonly saslBrokers: readonly string[];
  readonly sslBrokers: readonly string[];
  /** PEM, when the broker speaks TLS. */
  readonly certificate: string;
  /** Shuts down cleanly; the data stay for `restart`. */
  stop(): Promise<void>;
  /** What a power cut does. */
  kill9(): Promise<void>;
  /** Starts again on the same ports and data. */
  restart(): Promise<void>;
  /** Stops and removes the data. */
  close(): Promise<void>;
}

/** @throws Error when the broker does not come up; its last lines of log are in the message */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const given = process.env.KAFKA_BROKERS;
  const plain = options.sasl === undefined && options.ssl === undefined && options.overrides === undefined;
  if (given !== undefined && given !== '' && plain) return external(given.split(','));
  const jars = await brokerJars();
  for (let tries = 1; ; tries += 1) {
    const directory = await mkdtemp(join(tmpdir(), 'keytrail-kafka-'));
    try {
      return await launch(jars, directory, options);
    } catch (cause) {
      await rm(directory, { recursive: true, force: true });
      // Between finding a free port and using it another process may take it.
      if (tries === 3 || !String(cause).includes('Address already in use')) throw cause;
    }
  }
}

function external(brokers: readonly string[]): Broker {
  const refuse = () => Promise.reject(new Error('a broker given by KAFKA_BROKERS is not ours to stop'));
  const nothing = { saslBrokers: [], sslBrokers: [], certificate: '' };
  return { brokers, ...nothing, stop: refuse, kill9: refuse, restart: refuse, close: async () => {} };
}

async function launch(jars: string, directory: string, options: BrokerOptions): Promise<Broker> {
  const certificate =
    options.ssl === undefined ? undefined : await makeCertificate(directory, { expired: options.ssl === 'expired' });
  const ports = await freePorts(options);
  const settings: ServerSettings = {
    directory,
    ports,
    ...(options.sasl === undefined ? {} : { credentials: options.sasl }),
    ...(certificate === undefined ? {} : { keystore: { path: certificate.keystore, password: certificate.password } }),
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
  };
  await writeFile(join(directory, 'server.properties'), serverProperties(settings));
  await format(jars, directory, options.sasl);
  let server = await startServer(jars, directory, ports.plaintext);
  const stop = () => end(server, 'SIGTERM');
  return {
    brokers: [`127.0.0.1:${ports.plaintext}`],
    saslBrokers: ports.sasl === undefined ? [] : [`127.0.0.1:${ports.sasl}`],
    sslBrokers: ports.ssl === undefined ? [] : [`localhost:${ports.ssl}`],
    certificate: certificate?.certificate ?? '',
    stop,
    kill9: () => end(server, 'SIGKILL'),
    restart: async () => {
      await stop();
      server = await startServer(jars, directory, ports.plaintext);
    },
    close: async () => {
      await end(server, 'SIGKILL');
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function freePorts(options: BrokerOptions): Promise<Ports> {
  const [plaintext = 0, controller = 0, sasl = 0, ssl = 0] = await lastingPorts(4);
  return {
    plaintext,
    controller,
    ...(options.sasl === undefined ? {} : { sasl }),
    ...(options.ssl === undefined ? {} : { ssl }),
  };
}

function java(jars: string, main: string, rest: readonly string[]): string[] {
  const small = ['-Xmx384m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];
  const log = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Djava.awt.headless=true'];
  return [...small, ...log, '-cp', join(jars, '*'), main, ...rest];
}

async function format(jars: string, directory: string, sasl: Credentials | undefined): Promise<void> {
  const user = sasl === undefined ? '' : `[name=${sasl.username},password=${sasl.password}]`;
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((name) => ['--add-scram', `${name}=${user}`]);
  const properties = join(directory, 'server.properties');
  const clusterId = Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
    .toString('base64url')
    .replace(/^-/, 'A');
  const command = ['format', '-t', clusterId, '-c', properties, ...(sasl === undefined ? [] : scram)];
  await run('java', java(jars, 'kafka.tools.StorageTool', command));
}

interface Running {
  readonly guard: ChildProcess;
  readonly pid: number;
}

async function startServer(jars: string, directory: string, port: number): Promise<Running> {
  const log = join(directory, 'broker.log');
  await writeFile(log, '');
  const guard = spawn(
    'sh',
    [GUARD, 'java', ...java(jars, 'kafka.Kafka', [join(directory, 'server.properties')])],
    // A group of its own: an interrupt typed at the terminal reaches the tests, which then stop the broker.
    { detached: true, stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, GUARDED_LOG: log } },
  );
  const [line] = (await once(guard.stdout, 'data')) as [Buffer];
  const server = { guard, pid: Number(line.toString().trim()) };
  // Neither the child nor its pipes keep a test process alive that is done.
  guard.unref();
  guard.stdout.destroy();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  for (const deadline = Date.now() + READY_MS_MAX; Date.now() < deadline; await sleep(50)) {
    if (guard.exitCode !== null) throw new Error(`the broker died while starting\n${await tail(log)}`);
    if (await ready(port)) return server;
  }
  await end(server, 'SIGKILL');
  throw new Error(`the broker was not ready in time\n${await tail(log)}`);
}

async function tail(log: string): Promise<string> {
  return existsSync(log) ? (await readFile(log, 'utf8')).split('\n').slice(-40).join('\n') : '';
}

/** ApiVersions, version 0: a broker that answers it without an error takes requests. */
function ready(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(20_000, () => settle(false));
    socket.on('error', () => settle(false)).on('end', () => settle(false));
    socket.on('connect', () => socket.write(Buffer.from('0000000a001200000000002affff', 'hex')));
    socket.on('data', (data) => settle(data.subarray(4, 10).toString('hex') === '0000002a0000'));
  });
}

async function end(server: Running, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (server.guard.exitCode !== null || server.guard.signalCode !== null) return;
  const gone = once(server.guard, 'exit');
  kill(server.pid, signal);
  const impatience = setTimeout(() => kill(server.pid, 'SIGKILL'), STOP_MS_MAX);
  await gone;
  clearTimeout(impatience);
}

/** It may have ended by itself, and its guard not have told so yet. */
function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
