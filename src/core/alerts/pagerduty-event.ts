/** A message as an event of PagerDuty (Events API v2), within its documented limits. Pure. */
import type { Severity } from '../../../schemas/detections.ts';
import { PAGERDUTY_EVENT_BYTES_MAX, PAGERDUTY_KEY_CHARS_MAX, PAGERDUTY_SUMMARY_CHARS_MAX } from '../limits.ts';
import { cut, type Message } from './message.ts';

type Json = Readonly<Record<string, unknown>>;

const SEVERITIES: Readonly<Record<Severity, string>> = {
  informational: 'info',
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};

export function pagerdutyEvent(message: Message, routingKey: string): Json {
  const { dedup, action, title, severity, facts, sections, text, at } = message;
  const base = { routing_key: routingKey, dedup_key: cut(`keytrail:${dedup}`, PAGERDUTY_KEY_CHARS_MAX) };
  if (action === 'resolve') return { ...base, event_action: 'resolve' };
  const event = (details: Json): Json => ({
    ...base,
    event_action: 'trigger',
    client: 'keytrail',
    payload: {
      summary: cut(title, PAGERDUTY_SUMMARY_CHARS_MAX),
      source: 'keytrail',
      severity: SEVERITIES[severity],
      timestamp: new Date(at).toISOString(),
      class: 'detection',
      custom_details: details,
    },
  });
  const details = {
    text,
    ...Object.fromEntries(facts.map(({ name, value }) => [name, value])),
    ...Object.fromEntries(sections.map((section) => [section.title, section.lines.join('\n')])),
  };
  const whole = event(details);
  return Buffer.byteLength(JSON.stringify(whole)) <= PAGERDUTY_EVENT_BYTES_MAX ? whole : event({ text });
}
