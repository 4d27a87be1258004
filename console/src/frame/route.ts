/** Which page an address is. */
import { PAGES, type Page } from '../pages/pages.ts';

export interface Matched {
  readonly page: Page;
  /** What stands at the places of the path that begin with a colon, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export function sectionOf(pathname: string): string {
  return pathname.split('/')[1] ?? '';
}

export function match(pathname: string): Matched | undefined {
  const parts = pathname.split('/');
  for (const page of PAGES) {
    const wanted = page.path.split('/');
    if (wanted.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((step, at) => {
      const part = parts[at] ?? '';
      if (!step.startsWith(':')) return step === part;
      params[step.slice(1)] = decoded(part);
      return part !== '';
    });
    if (fits) return { page, params };
  }
  return undefined;
}

/** An address that somebody broke is a value that nothing has. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
