/** How commands that speak to Kafka prove who they are. */
import { readFile } from 'node:fs/promises';
import { type Config, requireSecret } from '../config/load.ts';
import type { ConsumeOptions } from '../intake/kafka/consumer.ts';

/** TLS and login as the configuration has them; passwords come from variables and files only. */
export async function kafkaSecurity({ kafka }: Config): Promise<Pick<ConsumeOptions, 'ssl' | 'sasl'>> {
  const read = async (file: string | undefined) => (file === undefined ? undefined : await readFile(file));
  const { tls, sasl } = kafka;
  const [ca, cert, key] = await Promise.all([read(tls?.caFile), read(tls?.certFile), read(tls?.keyFile)]);
  return {
    ...(tls === undefined ? {} : { ssl: { ...(ca && { ca: [ca] }), ...(cert && { cert }), ...(key && { key }) } }),
    ...(sasl === undefined
      ? {}
      : { sasl: { ...sasl, password: requireSecret(sasl.password, 'kafka.sasl.password').reveal() } }),
  };
}
