/** The sources: one file each, listed here. */
import { cloudtrail } from './aws/cloudtrail.ts';
import { gatewayRequest } from './gateway/request.ts';
import { accessLog } from './keytrail/access-log.ts';
import { apiActivity } from './ocsf/api-activity.ts';
import { sessionLog } from './redis-cloud/session-log.ts';
import { systemLog } from './redis-cloud/system-log.ts';
import type { JsonObject, Source } from './source.ts';

export const SOURCES: readonly Source[] = [systemLog, sessionLog, gatewayRequest, cloudtrail, apiActivity, accessLog];

const BY_NAME: ReadonlyMap<string, Source> = new Map(SOURCES.map((source) => [source.name, source]));

export function sourceNamed(name: string): Source | undefined {
  return BY_NAME.get(name);
}

/** The source whose record this is; nothing when no source, and when more than one, says so. */
export function recogniseSource(record: JsonObject): Source | undefined {
  let found: Source | undefined;
  for (const source of SOURCES) {
    if (!source.recognises(record)) continue;
    if (found !== undefined) return undefined;
    found = source;
  }
  return found;
}
