/** Detections: questions with a section `detection`, held to what the engine needs of them. */
import {
  ANCHOR_COLUMN,
  BLOCKS_PARAMETER,
  type Dependency,
  type DetectionSection,
  EVIDENCE_COLUMNS,
  KEYS_PARAMETER,
  RANGE_PARAMETERS,
} from '../../schemas/detections.ts';
import { MOMENT_PARAMETER, type Question, TIME_TYPE } from '../../schemas/questions.ts';
import { loadQuestions } from '../ask/loader.ts';
import { canonicalType } from '../ask/sql-text.ts';
import { UserError } from '../core/errors.ts';
import { placeholders } from '../core/findings/finding.ts';

export interface Detection extends Question {
  readonly detection: DetectionSection;
}

/**
 * @param folders as for questions; questions that are no detections are left out
 * @throws UserError DETECTION_INVALID, and what questions throw
 */
export async function loadDetections(folders: readonly string[]): Promise<Detection[]> {
  return (await loadQuestions(folders)).filter(isDetection).map(checked);
}

const isDetection = (question: Question): question is Detection => question.detection !== undefined;

/** @throws UserError DETECTION_INVALID with the first thing that is wrong */
export function checked(detection: Detection): Detection {
  const fault = faultsOf(detection).next();
  if (!fault.done) throw invalid(detection, ...fault.value);
  return detection;
}

type Fault = readonly [got: string, expected: string];

function* faultsOf(detection: Detection): Generator<Fault, undefined> {
  yield* columnFaults(detection);
  yield* parameterFaults(detection);
  yield* namedParameterFaults(detection);
  for (const column of placeholders(detection.detection.summary)) {
    if (!Object.hasOwn(detection.columns, column)) yield [`summary: {${column}}`, 'columns that are declared'];
  }
}

function* columnFaults({ columns, detection }: Detection): Generator<Fault, undefined> {
  const { entity, anchor } = detection;
  for (const [at, column] of entity.entries()) {
    if (!Object.hasOwn(columns, column)) yield [`entity: ${column}`, 'columns that are declared under columns'];
    if (entity.indexOf(column) !== at) yield [`entity: ${column} twice`, 'every column once'];
  }
  const needed = anchor === 'once' ? EVIDENCE_COLUMNS : [...EVIDENCE_COLUMNS, ANCHOR_COLUMN];
  for (const column of needed) {
    if (!Object.hasOwn(columns, column)) yield [`no column ${column}`, `the columns ${needed.join(', ')}`];
  }
  if (anchor === 'once' && Object.hasOwn(columns, ANCHOR_COLUMN)) {
    yield [`the column ${ANCHOR_COLUMN}, and anchor: once`, 'an anchor other than once'];
  }
}

function* parameterFaults({ params, detection }: Detection): Generator<Fault, undefined> {
  const filled = filledOf(detection, Object.hasOwn(params, KEYS_PARAMETER));
  for (const [name, type] of Object.entries(filled)) {
    const declared = params[name];
    if (declared === undefined) yield [`no parameter ${name}`, `the parameter ${name}, of type ${type}`];
    else if (canonicalType(declared.type) !== type) yield [`${name}: ${declared.type}`, `the type ${type}`];
  }
  for (const [name, { default: preset, reason }] of Object.entries(params)) {
    if (name in filled || name === MOMENT_PARAMETER) continue;
    if (preset === undefined) yield [`params.${name} without a default`, 'a default: nobody is there to be asked'];
    if (reason === undefined) yield [`params.${name} without a reason`, 'the reason of its default'];
  }
}

/** The parameters that the engine fills, with their types. */
function filledOf({ trigger }: DetectionSection, hasKeys: boolean): Readonly<Record<string, string>> {
  const range = {
    ...Object.fromEntries(RANGE_PARAMETERS.map((name) => [name, TIME_TYPE])),
    [BLOCKS_PARAMETER]: 'Array(UUID)',
  };
  const filled = trigger === 'events' ? range : trigger === 'time' ? { [MOMENT_PARAMETER]: TIME_TYPE } : {};
  return trigger === 'registry' || hasKeys ? { ...filled, [KEYS_PARAMETER]: 'Array(String)' } : filled;
}

/** Columns and tables that say what the registry knows of a key, or follow from it, and decide where they are read. */
const OF_KEYS =
  /\b(?:verdict|expected|rule_keys|rule_account|rule_source_ip|key_state|registry_key\w*|registry_user\w*)\b/;
const OF_NETWORKS = /\bnetwork_kind\b/;

/** What of the registry decides what a detection finds. Owner, app and the name of a network are mostly only told. */
export function dependenciesOf({ sql, detection }: Detection): readonly Dependency[] {
  if (detection.depends_on !== undefined) return detection.depends_on;
  return [...(OF_KEYS.test(sql) ? (['keys'] as const) : []), ...(OF_NETWORKS.test(sql) ? (['networks'] as const) : [])];
}

function* namedParameterFaults({ params, detection }: Detection): Generator<Fault, undefined> {
  for (const section of ['window', 'history', 'learning'] as const) {
    const name = detection[section];
    if (name !== undefined && !Object.hasOwn(params, name)) {
      yield [`${section}: ${name}`, 'the name of a parameter that is declared under params'];
    }
  }
}

function invalid({ file }: Detection, got: string, expected: string): UserError {
  return new UserError('DETECTION_INVALID', `${file} is not a detection`, {
    got,
    expected,
    next: 'correct the file; docs/detections.md tells the format',
  });
}
