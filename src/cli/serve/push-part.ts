/** Pushed records as a part of the daemon: a pipeline of its own, so that trouble with it is no other intake's. */
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { PushIntake } from '../../intake/push.ts';
import type { IntakeMeter } from '../../pipeline/meter.ts';
import { statement } from '../../store/statements.ts';
import type { Part, PartLife } from '../../supervisor/part.ts';
import type { OpenedStore } from '../context.ts';
import { type IntakeSession, openIntake } from '../intake-session.ts';

export interface IntakePartOptions {
  readonly config: Config;
  readonly opened: OpenedStore;
  readonly logger: Logger;
  readonly now: () => number;
  readonly env: NodeJS.ProcessEnv;
  readonly meter?: IntakeMeter;
}

export class PushPart implements Part {
  readonly name = 'push';
  readonly #options: IntakePartOptions;
  #session: IntakeSession | undefined;
  #intake: PushIntake | undefined;
  #over = new AbortController();

  constructor(options: IntakePartOptions) {
    this.#options = options;
  }

  /** Absent while the part is not running. */
  get intake(): PushIntake | undefined {
    return this.#intake;
  }

  get session(): IntakeSession | undefined {
    return this.#session;
  }

  async start(life: PartLife): Promise<void> {
    const { config, opened } = this.#options;
    this.#over = new AbortController();
    const onFailure = (error: unknown): void => life.failed(error);
    const session = await openIntake({ ...this.#options, signal: this.#over.signal, onFailure });
    this.#session = session;
    this.#intake = new PushIntake({
      receiver: session.pipeline,
      recordBytesMax: config.recordBytesMax,
      lastPosition: async (stream) => {
        const [row] = await opened.store.rows<{ position: number }>(statement('push-position'), {
          parameters: { stream },
        });
        return row?.position ?? 0;
      },
    });
  }

  /** Whoever waits for an answer gets it where that is soon; what is not stored by then is sent again by its client. */
  async stop(): Promise<void> {
    const intake = this.#intake;
    const session = this.#session;
    this.#intake = undefined;
    this.#session = undefined;
    await intake?.flush().catch(() => {
      // Nothing of it was acknowledged, so nothing is lost.
    });
    this.#over.abort();
    session?.pipeline.close();
  }
}
