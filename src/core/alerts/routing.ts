/** Which channels an alert goes to. Pure. */
import type { RouteFile } from '../../../schemas/alerts.ts';
import { SEVERITIES, type Severity } from '../../../schemas/detections.ts';

export interface Routed {
  readonly severity: Severity;
  readonly rule: string;
  readonly app: string;
  readonly accountId: string;
}

export interface Destination {
  readonly channel: string;
  /** Minutes between digests; absent: each alert by itself. */
  readonly digestMinutes?: number;
}

/**
 * The first route that fits decides, and the ones behind it only where it says `continue`. Of a channel that is named
 * twice the first naming counts. Without routes, everything goes to every channel.
 */
export function routed(
  alert: Routed,
  routes: readonly RouteFile[] | undefined,
  channels: readonly string[],
): Destination[] {
  if (routes === undefined) return channels.map((channel) => ({ channel }));
  const found = new Map<string, Destination>();
  for (const route of routes) {
    if (!fits(alert, route)) continue;
    const digest = route.digest === undefined ? {} : { digestMinutes: route.digest.every_minutes };
    for (const channel of route.channels) if (!found.has(channel)) found.set(channel, { channel, ...digest });
    if (route.continue !== true) break;
  }
  return [...found.values()];
}

function fits({ severity, rule, app, accountId }: Routed, route: RouteFile): boolean {
  const least = SEVERITIES.indexOf(route.severity_min ?? 'informational');
  return (
    SEVERITIES.indexOf(severity) >= least &&
    (route.rules?.includes(rule) ?? true) &&
    (route.apps?.includes(app) ?? true) &&
    (route.accounts?.includes(accountId) ?? true)
  );
}
