/**
 * For whom a request is, and where it comes from. A page in any browser tab can reach a port of this machine, also
 * under a name of its own that it points here: so a request for another name is refused, and one from another page as
 * well.
 */
import { Problem } from './problem.ts';

export interface HostRules {
  /** `host:port` in lower case, the port left out where it is the scheme's own. */
  readonly hosts: ReadonlySet<string>;
  /** `scheme://host:port` of the same. */
  readonly origins: ReadonlySet<string>;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Names by which clients call it besides. */
  readonly names: readonly string[];
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export function hostRules({ host, port, isTls, names }: Listening): HostRules {
  const scheme = isTls ? 'https' : 'http';
  const own = isLoopback(host) ? LOOPBACK : [host.includes(':') && !host.startsWith('[') ? `[${host}]` : host];
  const withPort = (name: string) => (/:\d+$/.test(name) && !/^\[[^\]]*$/.test(name) ? name : `${name}:${port}`);
  const urls = [...own.map((name) => `${name}:${port}`), ...names.flatMap((name) => [name, withPort(name)])].map(
    (name) => new URL(`${scheme}://${name}`),
  );
  return { hosts: new Set(urls.map((url) => url.host)), origins: new Set(urls.map((url) => url.origin)) };
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

export interface Came {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers set and pages cannot. */
  readonly site: string | undefined;
}

/** @throws Problem HOST_UNKNOWN, ORIGIN_FOREIGN */
export function checkHost(rules: HostRules, { host, origin, site }: Came): void {
  if (host === undefined || !rules.hosts.has(normalHost(host, rules))) {
    throw new Problem(421, 'HOST_UNKNOWN', 'the daemon is not called by this name', {
      expected: 'the address that it listens on, or a name in http.hosts',
      next: 'add the name to http.hosts of keytrail.yaml when it is one of yours',
    });
  }
  const foreign = (origin !== undefined && !rules.origins.has(origin)) || site === 'cross-site' || site === 'same-site';
  if (!foreign) return;
  throw new Problem(403, 'ORIGIN_FOREIGN', 'the request comes from a page of another origin', {
    expected: 'a page of the daemon itself, or a client that is no browser',
  });
}

/** A client may write the scheme's own port out. */
function normalHost(host: string, rules: HostRules): string {
  const lower = host.toLowerCase();
  if (rules.hosts.has(lower)) return lower;
  const isTls = [...rules.origins].some((one) => one.startsWith('https:'));
  return lower.endsWith(isTls ? ':443' : ':80') ? lower.slice(0, lower.lastIndexOf(':')) : lower;
}
