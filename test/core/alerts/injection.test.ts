import { describe, expect, it } from 'vitest';
import { detectionFindingClassSchema } from '../../../schemas/sources/ocsf/class-2004.ts';
import { digestMessage } from '../../../src/core/alerts/digest-message.ts';
import { findingMessage } from '../../../src/core/alerts/finding-message.ts';
import { mailParts } from '../../../src/core/alerts/mail.ts';
import { clean, cut, type Message } from '../../../src/core/alerts/message.ts';
import { pagerdutyEvent } from '../../../src/core/alerts/pagerduty-event.ts';
import { slackPayload } from '../../../src/core/alerts/slack-blocks.ts';
import type { ToldFinding } from '../../../src/core/alerts/telling.ts';
import { testMessage } from '../../../src/core/alerts/test-message.ts';
import {
  ALERT_DIGEST_ENTRIES_MAX,
  ALERT_FACT_CHARS_MAX,
  ALERT_FACT_ENTRIES_MAX,
  ALERT_TITLE_CHARS_MAX,
  MAIL_SUBJECT_CHARS_MAX,
  PAGERDUTY_EVENT_BYTES_MAX,
  PAGERDUTY_KEY_CHARS_MAX,
  PAGERDUTY_SUMMARY_CHARS_MAX,
  SLACK_FIELD_CHARS_MAX,
  SLACK_FIELD_ENTRIES_MAX,
  SLACK_HEADER_CHARS_MAX,
  SLACK_TEXT_CHARS_MAX,
} from '../../../src/core/limits.ts';

const AT = Date.UTC(2026, 4, 4, 12);
const EVIL =
  '<!channel> <@U123> <https://evil.example|click> <script>alert(1)</script> "q" & \'s\'\r\nBcc: evil@example.com\u001b]0;owned\u0007\u001b[31m\u202egnp.exe\u2066\u200b\u0000\ud800';

const told = (more: Partial<ToldFinding> = {}): ToldFinding => ({
  ...{ fingerprint: 'f'.repeat(32), rule: 'dormant-key-used', ruleVersion: 1, severity: 'high', accountId: EVIL },
  ...{ keyId: EVIL, entity: { key_id: EVIL, source_ip: '203.0.113.9' }, firstSeen: AT, lastSeen: AT, foundAt: AT },
  ...{ events: 2, eventIds: [EVIL], summary: `Key ${EVIL} was used.`, parameters: { days: EVIL } },
  ...{ facts: { user_agent: EVIL, [EVIL]: { deep: [EVIL] } }, state: 'false-positive', author: EVIL, note: EVIL },
  ...more,
});
const words = { title: EVIL, runbook: [EVIL, EVIL], references: ['T1078.004', 'T1110', 'https://example.com'] };
const OCCASIONS = ['opened', 'reopened', 'resolved'] as const;
const digest = digestMessage({
  ...{ id: '0'.repeat(32), reason: 'flood', at: AT, counts: [{ rule: 'r', severity: 'high', findings: 2 }] },
  top: [{ fingerprint: 'f'.repeat(32), rule: 'r', severity: 'high', summary: EVIL }],
});
const MESSAGES: readonly Message[] = [
  ...OCCASIONS.map((occasion) => findingMessage({ id: '1'.repeat(32), occasion, finding: told(), words })),
  findingMessage({ id: '2'.repeat(32), occasion: 'opened', finding: told() }),
  digest,
  testMessage('3'.repeat(32), AT),
];

/** What moves a terminal, a line or the direction of text, or cannot be seen. */
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      yield name;
      yield* textsOf(one);
    }
  }
}

describe.each(MESSAGES.map((message) => [message.title.slice(0, 12), message] as const))(
  'the message %s',
  (_, message) => {
    it('holds nothing that moves, turns or hides text, in any form', () => {
      const { text, facts, sections, title, json } = message;
      expect([...textsOf([title, text, facts, sections, json])].filter((one) => ODD.test(one))).toEqual([]);
    });

    it('holds no mention, link or tag for Slack', () => {
      const texts = [...textsOf(slackPayload(message))];
      expect(texts.filter((one) => /[<>]|&(?!(?:amp|lt|gt);)/.test(one))).toEqual([]);
    });

    it('holds no markup of a log in HTML, and one line of subject', () => {
      const { html, subject } = mailParts(message);
      expect(html).not.toMatch(/<script|<!channel|<@|<https/);
      expect(subject).not.toMatch(ODD);
    });

    it('is a Detection Finding of OCSF', () => {
      const { error } = detectionFindingClassSchema.safeParse(message.json);
      expect(error?.issues ?? []).toEqual([]);
    });
  },
);

it('one that is resolved says what it was, and the same finding shares a key with all that is said of it', () => {
  const [opened, reopened, resolved] = MESSAGES;
  expect([opened?.action, reopened?.action, resolved?.action]).toEqual(['tell', 'tell', 'resolve']);
  expect(resolved?.json).toMatchObject({
    activity_id: 3,
    status_id: 4,
    unmapped: { keytrail: { state: 'false-positive' } },
  });
  expect(opened?.json).toMatchObject({
    ...{ activity_id: 1, severity_id: 4, finding_info: { uid: 'f'.repeat(32) } },
    evidences: [{ src_endpoint: { ip: '203.0.113.9' } }],
  });
  expect(new Set([opened, reopened, resolved].map((one) => one?.dedup)).size).toBe(1);
});

describe('limits', () => {
  const long = (chars: number) => 'x'.repeat(chars);

  it.each([
    [10, 10],
    [11, 10],
  ])('a text of %d units is cut to 10, and no character in half', (chars, kept) => {
    expect(cut(long(chars), 10)).toHaveLength(kept);
    expect(cut(`${long(8)}😀${long(9)}`, 10)).toBe(`${long(8)}…`);
  });

  it('titles, facts and their number are held', () => {
    const facts = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`fact_${at}`, long(ALERT_FACT_CHARS_MAX + 1)]),
    );
    const message = findingMessage({
      id: '1',
      occasion: 'opened',
      finding: told({ facts, summary: long(ALERT_TITLE_CHARS_MAX + 1) }),
    });
    expect(message.title).toHaveLength(ALERT_TITLE_CHARS_MAX);
    expect(message.facts).toHaveLength(ALERT_FACT_ENTRIES_MAX);
    expect(Math.max(...message.facts.map(({ value }) => value.length))).toBe(ALERT_FACT_CHARS_MAX);
    expect(clean(long(ALERT_FACT_CHARS_MAX))).toHaveLength(ALERT_FACT_CHARS_MAX);
  });

  const huge = (chars: number): Message => ({
    ...testMessage('1', AT),
    ...{ title: long(chars), text: long(chars), dedup: long(chars) },
    facts: Array.from({ length: 25 }, (_, at) => ({ name: `n${at}`, value: '&'.repeat(chars) })),
    sections: [{ title: 'lines', lines: Array(30).fill('<'.repeat(chars)) }],
  });

  it('Slack gets what it takes at most', () => {
    const { blocks } = slackPayload(huge(5_000)) as {
      blocks: { text?: { text: string }; fields?: { text: string }[] }[];
    };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0]?.text?.text).toHaveLength(SLACK_HEADER_CHARS_MAX);
    expect(blocks[1]?.text?.text).toHaveLength(SLACK_TEXT_CHARS_MAX);
    const fields = blocks.flatMap((block) => (block.fields === undefined ? [] : [block.fields]));
    expect(fields.map(({ length }) => length)).toEqual([SLACK_FIELD_ENTRIES_MAX, SLACK_FIELD_ENTRIES_MAX, 5]);
    for (const { text } of fields.flat()) {
      expect(text.length).toBeLessThanOrEqual(SLACK_FIELD_CHARS_MAX);
      expect(text).toMatch(/^n\d+: (?:&amp;)+…$/);
    }
    const all = [...textsOf(blocks)];
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(SLACK_TEXT_CHARS_MAX);
  });

  it('PagerDuty gets what it takes at most', () => {
    const event = pagerdutyEvent(huge(5_000), 'r') as { dedup_key: string; payload: { summary: string } };
    expect(event.dedup_key).toHaveLength(PAGERDUTY_KEY_CHARS_MAX);
    expect(event.payload.summary).toHaveLength(PAGERDUTY_SUMMARY_CHARS_MAX);
    expect(JSON.stringify(event).length).toBeLessThanOrEqual(PAGERDUTY_EVENT_BYTES_MAX);
    const tooLong = pagerdutyEvent(huge(100_000), 'r') as { payload: { custom_details: object } };
    expect(Object.keys(tooLong.payload.custom_details)).toEqual(['text']);
    expect(JSON.stringify(tooLong).length).toBeLessThanOrEqual(PAGERDUTY_EVENT_BYTES_MAX);
  });

  it('a subject and a digest hold what is shown', () => {
    expect(mailParts(huge(5_000)).subject).toHaveLength(MAIL_SUBJECT_CHARS_MAX);
    const top = Array.from({ length: ALERT_DIGEST_ENTRIES_MAX + 1 }, () => ({
      ...{ fingerprint: 'f', rule: 'r', severity: 'low' as const, summary: 's' },
    }));
    const { sections } = digestMessage({ id: '1', reason: '60', at: AT, counts: [], top });
    expect(sections[0]?.lines).toHaveLength(ALERT_DIGEST_ENTRIES_MAX);
  });
});
