/** The port to who counts what intakes and their pipelines do, while they do it. */

/** Who counts what a pipeline does, while it does it. */
export interface PipelineMeter {
  stored(stored: StoredBlock): void;
  gap(): void;
  /** @param ms from the first try until the rows were durable */
  inserted(table: string, rows: number, ms: number): void;
}

export interface StoredBlock {
  readonly stream: string;
  readonly partition: number;
  readonly records: number;
  readonly reasons: readonly string[];
  /** Positions that the stream had beyond the block as it was last seen; absent for a stream that knows no end. */
  readonly behind?: number;
}

/** An intake as a whole: its pipeline, and the retries around it. */
export interface IntakeMeter extends PipelineMeter {
  /** A call of the store did not succeed, and is tried again. */
  retried(): void;
}
