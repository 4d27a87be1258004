/**
 * App rules as regular expressions. A rule asks for a key's name, a user agent and a network; the three stand as lines
 * of one text, so that all rules together are one search, and the first that matches gives the app.
 */
import type { AppRule } from '../../../schemas/registry.ts';

/** What stands where an attribution comes from the registry and not from a rule. */
export const ASSIGNED = 'assigned';

/** No line holds a line break, so that what a client puts into its user agent cannot pass for the next line. */
const ANY = '[^\\n]*';

/**
 * @returns an expression of the syntax that RE2 and Hyperscan share. It ends in `\z`, because `$` would also stand
 * before a line break at the end, and a user agent that brings its own could then pass for a network.
 */
export function ruleExpression(rule: Pick<AppRule, 'key' | 'user_agent' | 'network'>): string {
  const network = rule.network === undefined ? ANY : escaped(rule.network);
  return `^${globExpression(rule.key)}\\n(?i:${globExpression(rule.user_agent)})\\n${network}\\z`;
}

function globExpression(glob: string | undefined): string {
  if (glob === undefined) return ANY;
  return [...glob]
    .map((character) => (character === '*' ? ANY : character === '?' ? '[^\\n]' : escaped(character)))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9_ \u0080-\uffff]/g, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
