/** Reports as the API gives them. */
import type { z } from 'zod';
import type {
  documentPageSchema,
  reportDeliveriesSchema,
  reportMadeSchema,
  reportsSchema,
} from '../../../../schemas/api/reports.ts';

export type Reports = z.infer<typeof reportsSchema>;
export type Kind = Reports['kinds'][number];
export type Schedule = Reports['schedules'][number];
export type DocumentPage = z.infer<typeof documentPageSchema>;
export type DocumentHead = DocumentPage['documents'][number];
export type DeliveryList = z.infer<typeof reportDeliveriesSchema>;
export type Delivery = DeliveryList['deliveries'][number];
export type ReportMade = z.infer<typeof reportMadeSchema>;
