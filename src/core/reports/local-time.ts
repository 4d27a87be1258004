/** Instants as the clocks of a zone show them. Pure. */
import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns';

/** @returns with the offset, so that the hour that comes twice is two: `2026-10-25 02:30 +01:00` */
export function localTime(ms: number, zone: string): string {
  return format(new TZDate(ms, zone), 'yyyy-MM-dd HH:mm xxx');
}
