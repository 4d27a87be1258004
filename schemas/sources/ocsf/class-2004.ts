/** The shape that OCSF 1.x demands of class 2004, Detection Finding, as far as alerts are written in it. */
import { z } from 'zod';

export const DETECTION_FINDING_CATEGORY = 2;
export const DETECTION_FINDING_CLASS = 2004;
export const FINDING_ACTIVITY_IDS = { create: 1, update: 2, close: 3 } as const;
/** New, in progress, suppressed, resolved. */
export const FINDING_STATUS_IDS = { new: 1, 'in-progress': 2, suppressed: 3, resolved: 4 } as const;
/** By the names that detections use. */
export const FINDING_SEVERITY_IDS = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 } as const;

const named = z.string().min(1);
const time = z.int().nonnegative();
const ACTIVITIES = [0, 1, 2, 3, 99] as const;

const attackSchema = z
  .looseObject({
    technique: z.looseObject({ uid: z.string().regex(/^T\d{4}$/) }).optional(),
    sub_technique: z.looseObject({ uid: z.string().regex(/^T\d{4}\.\d{3}$/) }).optional(),
  })
  .refine(({ technique, sub_technique }) => technique !== undefined || sub_technique !== undefined);

/** An evidence says at least one of the things that the class lists. */
const evidenceSchema = z
  .looseObject({
    actor: z.looseObject({ user: z.looseObject({}) }).optional(),
    src_endpoint: z.looseObject({ ip: z.union([z.ipv4(), z.ipv6()]) }).optional(),
    data: z.looseObject({}).optional(),
    query: z.looseObject({}).optional(),
  })
  .refine((one) => [one.actor, one.src_endpoint, one.data, one.query].some((value) => value !== undefined));

export const detectionFindingClassSchema = z
  .looseObject({
    category_uid: z.literal(DETECTION_FINDING_CATEGORY),
    class_uid: z.literal(DETECTION_FINDING_CLASS),
    activity_id: z.literal(ACTIVITIES),
    type_uid: z.literal(ACTIVITIES.map((id) => DETECTION_FINDING_CLASS * 100 + id)),
    severity_id: z.union([z.int().min(0).max(6), z.literal(99)]),
    status_id: z.literal([0, 1, 2, 3, 4, 5, 6, 99]).optional(),
    time,
    metadata: z.looseObject({
      version: z.string().regex(/^1\.[0-9]+\.[0-9]+/),
      product: z.looseObject({ name: named.optional(), vendor_name: named }),
      uid: named.optional(),
      profiles: z.array(named).optional(),
    }),
    finding_info: z.looseObject({
      uid: named,
      title: named.optional(),
      desc: named.optional(),
      types: z.array(named).optional(),
      first_seen_time: time.optional(),
      last_seen_time: time.optional(),
      created_time: time.optional(),
      analytic: z.looseObject({ type_id: z.literal([0, 1, 2, 3, 4, 99]), name: named.optional() }).optional(),
      attacks: z.array(attackSchema).optional(),
    }),
    evidences: z.array(evidenceSchema).optional(),
    remediation: z.looseObject({ desc: named }).optional(),
    cloud: z.looseObject({ provider: named, account: z.looseObject({ uid: named }).optional() }).optional(),
    message: z.string().optional(),
    comment: z.string().optional(),
    unmapped: z.looseObject({}).optional(),
  })
  .refine((finding) => finding.type_uid === finding.class_uid * 100 + finding.activity_id)
  .meta({ title: 'OCSF Detection Finding (written)', description: 'What class 2004 of OCSF 1.x demands.' });
