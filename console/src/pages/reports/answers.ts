/** Parts of the API's answers about reports. */
import type { DeliveryList, DocumentPage, ReportsDocument } from '../../../../schemas/api/reports.ts';

export type { DeliveryList, DocumentPage, ReportMade } from '../../../../schemas/api/reports.ts';
export type Reports = ReportsDocument;
export type Kind = Reports['kinds'][number];
export type Schedule = Reports['schedules'][number];
export type DocumentHead = DocumentPage['documents'][number];
export type Delivery = DeliveryList['deliveries'][number];
