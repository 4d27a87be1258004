/**
 * The engine of the `chdb` package: one per process, in its main thread only, with as many sessions as are asked for.
 */
import { randomUUID } from 'node:crypto';
import type { Session } from 'chdb';
import { messageOf } from '../../core/errors.ts';
import { writeConfig } from './config.ts';
import type { EmbeddedPaths } from './paths.ts';
import { quoteName, quoteText } from './sql-text.ts';

/** Another process holds the lock on the engine's files, or they cannot be opened: the engine does not say which. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused';
}

/** What every session of the program starts with; a request that asks for the same leaves the session as it is. */
export const SESSION_BASELINE: Readonly<Record<string, string>> = {
  // The engine's default answers an insert before it is stored.
  async_insert: '0',
  output_format_json_quote_64bit_integers: '1',
  session_timezone: 'UTC',
};

export interface Prepared {
  readonly role?: string;
  /** In force before the role's `readonly=1`, which is set last: nothing can be set after it. */
  readonly settings: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly database: string;
}

const NOTHING_SET: Prepared = { settings: new Map(), parameters: new Map(), database: 'default' };

/** One session with a tag of its own, by which its statement can be found and ended from outside. */
export interface TaggedSession {
  readonly session: Session;
  readonly tag: string;
}

export class Engine {
  readonly #open: () => Session;
  /** Never used by a statement: it must not queue behind what it is to end. */
  readonly #control: Session;
  readonly #drain: () => Promise<void>;

  private constructor(open: () => Session, drain: () => Promise<void>) {
    this.#open = open;
    this.#drain = drain;
    this.#control = open();
  }

  /** @throws EngineRefused */
  static async open(paths: EmbeddedPaths): Promise<Engine> {
    await writeConfig(paths);
    const chdb = await import('chdb');
    let first: Session | undefined;
    try {
      first = new chdb.Session(paths.engine, { connectionArgs: [`--config-file=${paths.configFile}`] });
      const engine = new Engine(() => new chdb.Session(paths.engine), chdb.drainPending);
      await engine.#control.queryAsync('SELECT 1 FORMAT Null');
      return engine;
    } catch (cause) {
      throw new EngineRefused(messageOf(cause), { cause });
    } finally {
      first?.close();
    }
  }

  /** A new session: 0.4 ms. Its first statement carries all settings and parameters at once. */
  async session(prepared: Prepared = NOTHING_SET): Promise<TaggedSession> {
    const tag = `keytrail-${randomUUID()}`;
    const session = this.#open();
    try {
      if (prepared.role !== undefined) await session.queryAsync(`SET ROLE ${prepared.role}`);
      if (prepared.database !== 'default') await session.queryAsync(`USE ${quoteName(prepared.database)}`);
      const values = new Map([...Object.entries(SESSION_BASELINE), ...prepared.settings, ['log_comment', tag]]);
      values.delete('readonly');
      for (const [name, value] of prepared.parameters) values.set(`param_${name}`, value);
      const readonly = prepared.role === undefined ? prepared.settings.get('readonly') : '1';
      if (readonly !== undefined) values.set('readonly', readonly);
      await session.queryAsync(`SET ${[...values].map(([name, value]) => `${name} = ${quoteText(value)}`).join(', ')}`);
      return { session, tag };
    } catch (cause) {
      session.close();
      throw cause;
    }
  }

  async version(): Promise<string> {
    const answer = await this.#control.queryAsync('SELECT version()', { format: 'TSVRaw' });
    return answer.text().trim();
  }

  /** Ends a session's statement; about 70 ms. Never SYNC, which does not return. */
  async kill(tag: string): Promise<void> {
    await this.#control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quoteText(tag)} ASYNC`).catch(() => {
      // The statement may have ended by itself in the meantime.
    });
  }

  /** All other sessions must be closed. Resolves when the lock is free. */
  async close(): Promise<void> {
    this.#control.close();
    await this.#drain();
  }
}
