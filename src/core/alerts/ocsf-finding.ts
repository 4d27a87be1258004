/** Findings in OCSF: class 2004, Detection Finding. The JSON form of every alert. Pure. */
import type { Severity } from '../../../schemas/detections.ts';
import { canonicalAddress } from '../../../schemas/fields/address.ts';
import {
  DETECTION_FINDING_CATEGORY,
  DETECTION_FINDING_CLASS,
  FINDING_ACTIVITY_IDS,
  FINDING_SEVERITY_IDS,
  FINDING_STATUS_IDS,
} from '../../../schemas/sources/ocsf/class-2004.ts';
import { OCSF_VERSION } from '../../../schemas/sources/ocsf/class-6003.ts';
import { ALERT_TITLE_CHARS_MAX } from '../limits.ts';
import { clean } from './message.ts';
import type { Telling } from './telling.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OcsfFinding {
  readonly id: string;
  readonly activity: keyof typeof FINDING_ACTIVITY_IDS;
  readonly severity: Severity;
  /** ms since 1970, UTC */
  readonly at: number;
  readonly info: Json;
  readonly message: string;
  readonly more?: Json;
  readonly unmapped: Json;
}

const ACTIVITY_NAMES = { create: 'Create', update: 'Update', close: 'Close' } as const;
const RULE_ANALYTIC = 1;

export function ocsfFindingOf({ id, activity, severity, at, info, message, more = {}, unmapped }: OcsfFinding): Json {
  const activityId = FINDING_ACTIVITY_IDS[activity];
  const isClosed = activity === 'close';
  return {
    category_uid: DETECTION_FINDING_CATEGORY,
    category_name: 'Findings',
    class_uid: DETECTION_FINDING_CLASS,
    class_name: 'Detection Finding',
    activity_id: activityId,
    activity_name: ACTIVITY_NAMES[activity],
    type_uid: DETECTION_FINDING_CLASS * 100 + activityId,
    type_name: `Detection Finding: ${ACTIVITY_NAMES[activity]}`,
    severity_id: FINDING_SEVERITY_IDS[severity],
    severity: `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`,
    status_id: isClosed ? FINDING_STATUS_IDS.resolved : FINDING_STATUS_IDS.new,
    status: isClosed ? 'Resolved' : 'New',
    time: at,
    message,
    metadata: { version: OCSF_VERSION, product: { name: 'keytrail', vendor_name: 'keytrail' }, uid: id },
    finding_info: info,
    ...more,
    unmapped: { keytrail: unmapped },
  };
}

/** The idempotency key is `metadata.uid`, what all messages of one finding share `finding_info.uid`. */
export function ocsfFinding({ id, occasion, finding, words }: Telling): Json {
  const { rule, ruleVersion, summary, severity, firstSeen, lastSeen, foundAt, fingerprint } = finding;
  const message = clean(summary, ALERT_TITLE_CHARS_MAX);
  const attacks = (words?.references ?? []).filter((one) => one.startsWith('T')).map(attackOf);
  const { accountId, state, author, note } = finding;
  return ocsfFindingOf({
    ...{ id, severity, message },
    activity: occasion === 'opened' ? 'create' : occasion === 'reopened' ? 'update' : 'close',
    at: foundAt,
    info: {
      uid: fingerprint,
      title: words === undefined ? rule : clean(words.title),
      desc: message,
      first_seen_time: firstSeen,
      last_seen_time: lastSeen,
      created_time: foundAt,
      analytic: { type_id: RULE_ANALYTIC, type: 'Rule', name: rule, uid: rule, version: String(ruleVersion) },
      ...(attacks.length > 0 && { attacks }),
    },
    more: {
      evidences: evidencesOf(finding),
      ...(words !== undefined && { remediation: { desc: words.runbook.map((step) => clean(step)).join(' ') } }),
    },
    unmapped: {
      occasion,
      ...(accountId !== '' && { account_id: clean(accountId) }),
      ...(occasion === 'resolved' && { state, author: clean(author), note: clean(note) }),
    },
  });
}

function attackOf(reference: string): Json {
  const [technique = ''] = reference.split('.');
  return { technique: { uid: technique }, ...(reference !== technique && { sub_technique: { uid: reference } }) };
}

function evidencesOf({ keyId, entity, facts, events, eventIds }: Telling['finding']): Json[] {
  const ip = canonicalAddress(entity.source_ip ?? '');
  return [
    {
      ...(keyId !== '' && { actor: { user: { name: clean(keyId), credential_uid: clean(keyId) } } }),
      ...(ip !== '' && { src_endpoint: { ip } }),
      data: { entity: cleaned(entity), events, event_ids: cleaned(eventIds), facts: cleaned(facts) },
    },
  ];
}

/** JSON escapes what is odd, but who prints it later may not: texts are cleaned here as everywhere. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [clean(name), cleaned(one)]));
}
