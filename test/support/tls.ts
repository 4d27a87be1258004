/**
 * Certificates for tests, made when they run: a committed one would expire, and its key would be a secret in the
 * project.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  /** PKCS12 with key and certificate. */
  readonly keystore: string;
  readonly password: string;
  /** The self-signed certificate (PEM): what a client must trust. */
  readonly certificate: string;
}

/** Whether a certificate can be made here. */
export async function hasKeytool(): Promise<boolean> {
  try {
    await run('keytool', ['-help']);
    return true;
  } catch {
    return false;
  }
}

/**
 * A self-signed server certificate for localhost, 127.0.0.1 and ::1. Needs Java's keytool, as the broker itself does.
 */
export async function makeCertificate(directory: string, options: { expired?: boolean } = {}): Promise<Certificate> {
  const keystore = join(directory, 'server.p12');
  const password = 'for-tests-only';
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'server'];
  const names = ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1,ip:::1'];
  const dates = options.expired === true ? ['-startdate', '-30d', '-validity', '1'] : ['-validity', '30'];
  await run('keytool', ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', ...store, ...names, ...dates]);
  const pem = join(directory, 'server.pem');
  await run('keytool', ['-exportcert', '-rfc', '-file', pem, ...store]);
  return { keystore, password, certificate: await readFile(pem, 'utf8') };
}
