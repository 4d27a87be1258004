/**
 * The port of everything that a daemon keeps running: consumers, collectors, detections, reports, HTTP. A part knows
 * how to begin and how to end; that it begins again after a failure, and when, is the supervisor's business.
 */

export interface PartLife {
  /** Aborted when the part is to end, for whatever reason. */
  readonly signal: AbortSignal;
  /** The part has stopped doing its work: it is stopped and started again. Later calls of the same life say nothing. */
  failed(error: unknown): void;
}

export type PartMode = 'active' | 'standby';

export interface Part {
  /** A word, unique in its daemon. */
  readonly name: string;
  /** Whether the daemon can do its work without it: one that cannot makes `/readyz` say no. Default: false. */
  readonly isOptional?: boolean;
  /** What a running part is about, where that is not said by its running: `standby`: another process does its work. */
  readonly mode?: PartMode | undefined;
  /** Resolves when the part does its work; rejects when it cannot begin, and is then tried again. */
  start(life: PartLife): Promise<void>;
  /** Ends what `start` began, also when that failed half-way. Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** `waiting`: it failed, and is started again at `retryAtMs`. */
export type PartStatus = 'starting' | 'running' | 'waiting' | 'stopping' | 'stopped';

export interface PartState {
  readonly name: string;
  readonly status: PartStatus;
  readonly isOptional: boolean;
  /** ms since 1970 UTC at which the status became what it is. */
  readonly sinceMs: number;
  /** How often it was started again. */
  readonly restarts: number;
  /** The last failure, in one line; absent while there was none. */
  readonly failure?: string;
  readonly retryAtMs?: number;
  /** Of a part that runs and may stand by. */
  readonly mode?: PartMode;
}
