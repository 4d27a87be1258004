/** The fixtures of a detection, read from their file, with each miss as a story of its own. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import {
  type ExpectedFinding,
  type Fixture,
  type FixtureBlock,
  type FixtureCursor,
  type FixtureDelivery,
  type FixtureEvent,
  type FixtureLook,
  type FixtureReport,
  fixtureBlockSchema,
  fixtureCursorSchema,
  fixtureDeliverySchema,
  fixtureEventSchema,
  fixtureLookSchema,
  fixtureReportSchema,
  fixtureSchema,
  RELATIVE_TIME,
} from '../../schemas/detection-fixtures.ts';
import { type NetworksFile, networksFileSchema } from '../../schemas/networks.ts';
import { type RegistryFile, registryFileSchema } from '../../schemas/registry.ts';
import type { GivenParameters } from '../ask/runner.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { parseYaml } from '../documents/located.ts';

/** An event with its times as ms since 1970, UTC. */
export interface StoryEvent extends Omit<FixtureEvent, 'at' | 'stored' | 'repeat'> {
  readonly id: string;
  readonly at: number;
  readonly stored: number | undefined;
}

/** What has happened once or several times, each with its own time. */
export type At<Written> = Omit<Written, 'at' | 'repeat'> & { readonly id: string; readonly at: number };

export interface Story {
  readonly name: string;
  /** ms since 1970, UTC */
  readonly now: number;
  readonly registry: RegistryFile | undefined;
  readonly networks: NetworksFile | undefined;
  readonly events: readonly StoryEvent[];
  readonly blocks: readonly At<FixtureBlock>[];
  readonly looks: readonly At<FixtureLook>[];
  readonly cursors: readonly FixtureCursor[];
  readonly deliveries: readonly At<FixtureDelivery>[];
  readonly reports: readonly At<FixtureReport>[];
  readonly given: GivenParameters;
  /** Empty for a miss; `undefined` where anything will do. */
  readonly expected: readonly ExpectedFinding[] | undefined;
}

/** @throws UserError FIXTURE_UNREADABLE, FIXTURE_INVALID */
export async function readStories(file: string): Promise<Story[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const expected = 'a YAML file beside the detection';
    throw new UserError('FIXTURE_UNREADABLE', `${file} cannot be read`, { got: messageOf(cause), expected }, { cause });
  });
  const document = parseYaml(text);
  if (document.kind === 'broken') throw invalid(file, `line ${document.line ?? 1}: ${document.got}`, document.expected);
  const fixture = parsed(fixtureSchema, document.value, file);
  return [...storiesOf(fixture, file)];
}

function* storiesOf(fixture: Fixture, file: string): Generator<Story> {
  yield storyOf('hit', fixture, file, fixture.params, fixture.hit);
  for (const { because, change, hits_with } of fixture.misses) {
    const changed = changedBy(fixture, change, file);
    yield storyOf(`miss: ${because}`, changed, file, changed.params, []);
    if (hits_with === undefined) continue;
    const [[name, value] = ['', '']] = Object.entries(hits_with);
    yield storyOf(
      `${because}: a hit with ${name} ${String(value)}`,
      changed,
      file,
      { ...changed.params, ...hits_with },
      undefined,
    );
  }
}

/** A copy with one value put elsewhere; a place that is not there yet is only made where its parent is. */
function changedBy(fixture: Fixture, change: Readonly<Record<string, unknown>>, file: string): Fixture {
  const copy = structuredClone(fixture);
  for (const [place, value] of Object.entries(change)) {
    const steps = place.split('.');
    const last = steps.pop() ?? '';
    let parent: unknown = copy;
    for (const step of steps) parent = (parent as Record<string, unknown> | undefined)?.[step];
    if (typeof parent !== 'object' || parent === null) throw invalid(file, `change: ${place}`, 'a place of the story');
    if (value === null) delete (parent as Record<string, unknown>)[last];
    else (parent as Record<string, unknown>)[last] = value;
  }
  return copy;
}

function storyOf(
  name: string,
  fixture: Fixture,
  file: string,
  given: GivenParameters,
  expected: Story['expected'],
): Story {
  const now = Date.parse(fixture.now);
  const { registry, networks, events, blocks, looks, cursors, deliveries, reports } = fixture;
  const entries = <Schema extends z.ZodType>(of: Readonly<Record<string, unknown>>, schema: Schema) =>
    Object.entries(of).map(([id, one]) => [id, parsed(schema, one, file, id)] as const);
  return {
    name,
    now,
    registry: registry && parsed(registryFileSchema, absolute(registry, now), file),
    networks: networks && parsed(networksFileSchema, { networks: absolute(networks, now) }, file),
    events: entries(events, fixtureEventSchema).flatMap(([id, event]) =>
      repeated(id, event, now).map(({ stored, ...one }) => ({
        ...one,
        stored: stored === undefined ? undefined : stored === 'at' ? one.at : timeOf(stored, now),
      })),
    ),
    blocks: entries(blocks, fixtureBlockSchema).flatMap(([id, block]) => repeated(id, block, now)),
    looks: entries(looks, fixtureLookSchema).flatMap(([id, look]) => repeated(id, look, now)),
    deliveries: entries(deliveries, fixtureDeliverySchema).flatMap(([id, one]) => repeated(id, one, now)),
    reports: entries(reports, fixtureReportSchema).flatMap(([id, one]) => repeated(id, one, now)),
    cursors: entries(cursors, fixtureCursorSchema).map(([, cursor]) => cursor),
    given,
    expected,
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `-5m` and `5m` alike: five minutes. */
function lengthOf(text: string): number {
  const [, count = '0', unit = 'ms'] = RELATIVE_TIME.exec(text) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? 0);
}

const timeOf = (text: string, now: number): number =>
  text.startsWith('-') ? now - lengthOf(text) : now + lengthOf(text);

interface Repeatable {
  readonly at: string;
  readonly repeat?: FixtureEvent['repeat'];
}

function repeated<Written extends Repeatable>(id: string, written: Written, now: number): At<Written>[] {
  const { at, repeat, ...fields } = written;
  const { times, every } = repeat ?? { times: 1, every: '0ms' };
  return Array.from({ length: times }, (_, index) => ({
    ...fields,
    id: index === 0 ? id : `${id}-${index + 1}`,
    at: timeOf(at, now) + index * lengthOf(every),
  }));
}

/** Relative times anywhere in what people write of the registry become absolute ones. */
function absolute(value: unknown, now: number): unknown {
  if (typeof value === 'string') return /^-\d/.test(value) && RELATIVE_TIME.test(value) ? isoOf(value, now) : value;
  if (Array.isArray(value)) return value.map((one: unknown) => absolute(one, now));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, absolute(one, now)]));
}

const isoOf = (text: string, now: number): string => new Date(timeOf(text, now)).toISOString();

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string, at = ''): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(file, [at, ...(issue?.path ?? [])].filter((step) => step !== '').join('.'), issue?.message ?? '');
}

function invalid(file: string, got: string, expected: string): UserError {
  return new UserError('FIXTURE_INVALID', `${basename(file)} holds no fixtures`, {
    got,
    expected,
    next: 'correct the file; docs/detections.md tells the format',
  });
}
