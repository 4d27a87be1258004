/**
 * Cuts secrets out of a record's text before anything of it is stored, logged or told.
 *
 * Only the span of a secret is replaced, by its keyed fingerprint; everything else stays byte for byte, numbers, order
 * and duplicate keys included, and text that parses still does.
 */
import type { Fingerprinter } from './fingerprint.ts';
import { SCRUB_ROUNDS_MAX } from './limits.ts';
import { parsesAsJson, secretsInJson } from './scrub/json.ts';
import { holdsPlainName } from './scrub/names.ts';
import { secretsInText } from './scrub/text.ts';
import { anyReading, type Cut, merged } from './scrub/views.ts';

/** Raised whenever the same text would be cut otherwise; stored with every block and dead letter. */
export const SCRUBBER_VERSION = 2;

export interface Scrubbed {
  readonly text: string;
  /** Secrets that were cut; what was cut before does not count. */
  readonly secrets: number;
}

export interface Scrubber {
  readonly version: number;
  /** Id of the fingerprint key. */
  readonly keyId: string;
  /**
   * @param parses whether the text is JSON; where it is not, doubt redacts
   * @param encoding `latin1`: the text stands for bytes that are no UTF-8, one character each, and fingerprints are
   * over these bytes
   */
  scrub(text: string, parses: boolean, encoding?: 'utf8' | 'latin1'): Scrubbed;
}

export function createScrubber(fingerprinter: Fingerprinter): Scrubber {
  return {
    version: SCRUBBER_VERSION,
    keyId: fingerprinter.keyId,
    scrub: (text, parses, encoding = 'utf8') => {
      const fingerprint = (cut: Cut) => fingerprinter.fingerprint(Buffer.from(cut.value, encoding));
      let scrubbed: Scrubbed = { text, secrets: 0 };
      // In broken text a cut can change how what stands around it reads: it is looked at again until nothing is found.
      for (let round = 1; round <= SCRUB_ROUNDS_MAX && mayHoldSecret(scrubbed.text); round += 1) {
        const cuts = findSecrets(scrubbed.text, parses);
        if (cuts.length === 0) break;
        scrubbed = { text: replaced(scrubbed.text, cuts, fingerprint), secrets: scrubbed.secrets + cuts.length };
      }
      return scrubbed;
    },
  };
}

/** Never false where `findSecrets` finds something, and for nearly every record false at once. */
export function mayHoldSecret(text: string): boolean {
  return anyReading(text, holdsPlainName);
}

/** The spans to cut, in order and without overlaps. Text that was refused for another reason may parse. */
export function findSecrets(text: string, parses: boolean): Cut[] {
  return merged(parses || parsesAsJson(text) ? secretsInJson(text) : secretsInText(text, true));
}

function replaced(text: string, cuts: readonly Cut[], fingerprint: (cut: Cut) => string): string {
  let out = '';
  let from = 0;
  for (const cut of cuts) {
    out += text.slice(from, cut.from) + cut.quote + fingerprint(cut) + cut.quote;
    from = cut.to;
  }
  return out + text.slice(from);
}
