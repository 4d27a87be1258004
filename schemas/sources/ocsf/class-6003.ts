/** The shape that OCSF 1.x demands of class 6003, API Activity: what is written must hold it. Reading asks for less. */
import { z } from 'zod';

export const OCSF_VERSION = '1.5.0';
export const API_ACTIVITY_CATEGORY = 6;
export const API_ACTIVITY_CLASS = 6003;
export const HTTP_METHODS: readonly string[] = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
];

const named = z.string().min(1);
const ACTIVITY_IDS = [0, 1, 2, 3, 4, 99] as const;

const userSchema = z
  .looseObject({
    name: named.optional(),
    uid: named.optional(),
    type_id: z.union([z.literal([0, 1, 2, 3, 4]), z.literal(99)]).optional(),
    email_addr: z
      .string()
      .regex(/^[^\s@]+@.+$/)
      .optional(),
    credential_uid: named.optional(),
  })
  .refine((user) => user.name !== undefined || user.uid !== undefined, 'a user has a name or a uid');

const endpointSchema = z
  .looseObject({
    ip: z.union([z.ipv4(), z.ipv6()]).optional(),
    name: named.optional(),
    hostname: named.optional(),
    svc_name: named.optional(),
    uid: named.optional(),
    autonomous_system: z.looseObject({ number: z.int(), name: named.optional() }).optional(),
    location: z.looseObject({ country: named.optional(), city: named.optional() }).optional(),
  })
  .refine(
    ({ ip, name, hostname, svc_name, uid }) => [ip, name, hostname, svc_name, uid].some((value) => value !== undefined),
    'an endpoint has an ip, a name, a hostname, a svc_name or a uid',
  );

export const apiActivityClassSchema = z
  .looseObject({
    category_uid: z.literal(API_ACTIVITY_CATEGORY),
    class_uid: z.literal(API_ACTIVITY_CLASS),
    activity_id: z.literal(ACTIVITY_IDS),
    type_uid: z.literal(ACTIVITY_IDS.map((id) => API_ACTIVITY_CLASS * 100 + id)),
    severity_id: z.union([z.int().min(0).max(6), z.literal(99)]),
    status_id: z.literal([0, 1, 2, 99]).optional(),
    time: z.int(),
    metadata: z.looseObject({
      version: z.string().regex(/^1\.[0-9]+\.[0-9]+/),
      product: z.looseObject({ name: named.optional(), vendor_name: named }),
      uid: named.optional(),
      profiles: z.array(named).optional(),
    }),
    actor: z.looseObject({ user: userSchema }),
    api: z.looseObject({
      operation: named,
      request: z.looseObject({ uid: named }).optional(),
      response: z.looseObject({ error: named.optional() }).optional(),
    }),
    src_endpoint: endpointSchema,
    http_request: z
      .looseObject({
        http_method: z.enum(HTTP_METHODS as [string, ...string[]]).optional(),
        url: z.looseObject({ path: named }).optional(),
        user_agent: named.optional(),
      })
      .optional(),
    http_response: z.looseObject({ code: z.int() }).optional(),
    resources: z.array(z.looseObject({ uid: named.optional(), name: named.optional() })).optional(),
    cloud: z.looseObject({ provider: named, account: z.looseObject({ uid: named }).optional() }).optional(),
    message: z.string().optional(),
    unmapped: z.looseObject({}).optional(),
  })
  .refine((event) => event.type_uid === event.class_uid * 100 + event.activity_id, 'type_uid is class and activity')
  .meta({ title: 'OCSF API Activity (written)', description: 'What class 6003 of OCSF 1.x demands.' });
