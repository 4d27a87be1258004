/** Spellings of names, for tests of scrubbing. */
import fc from 'fast-check';

/** The words of a header's name in any of the spellings that logs know. */
export function namesOf(header: string): fc.Arbitrary<string> {
  const words = header.split('-');
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const joined = fc.constantFrom('-', '_', '.', ' ', '').map((separator) => words.join(separator));
  const camel = words.map((word, at) => (at === 0 ? word : capital(word))).join('');
  const spelled = fc.oneof(
    joined,
    joined.chain(anyCase),
    fc.constantFrom(
      header,
      words.map(capital).join('-'),
      camel,
      capital(camel),
      `HTTP_${words.join('_').toUpperCase()}`,
    ),
  );
  return fc
    .tuple(fc.constantFrom('', '', '', 'request.headers.', 'http.', 'x_', 'headers/'), spelled)
    .map((parts) => parts.join(''));
}

export function anyCase(text: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((char, at) => (upper[at] ? char.toUpperCase() : char)).join(''));
}

/** Names that are none of a secret, close as they come. */
export const NEUTRAL_NAMES = [
  'apiKeyName',
  'authentication',
  'keyName',
  'key',
  'name',
  'value',
  'authorizationType',
  'cookieConsent',
  'x-api-key-id',
  'maxapikeys',
  'secretId',
  'monkey',
  'id',
  'Authorizations',
] as const;
