/** What did not work, as the page shows it: the API's problem details, or what came in their place. */
import type { ProblemDocument } from '../../../schemas/api/problem.ts';

export interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly got?: string | undefined;
  readonly expected?: string | undefined;
  readonly next?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Thrown by every call of the API that was answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.title);
    this.trouble = trouble;
  }
}

export async function troubleOf(response: Response): Promise<Trouble> {
  const { status } = response;
  try {
    const { code, title, got, expected, next, request_id } = (await response.json()) as ProblemDocument;
    return { status, code, title, got, expected, next, requestId: request_id };
  } catch {
    return { status, code: 'NO_PROBLEM', title: `the daemon answered ${status} without a reason` };
  }
}

export function troubleFrom(error: unknown): Trouble {
  if (error instanceof ApiError) return error.trouble;
  return { status: 0, code: 'UNEXPECTED', title: error instanceof Error ? error.message : String(error) };
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
