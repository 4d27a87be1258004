/** One file into the pipeline: cut into records while it is read, held back when the pipeline is full. */
import type { Readable } from 'node:stream';
import { UserError } from '../../core/errors.ts';
import { type CutReason, type Framed, Framer } from '../../core/framing.ts';
import { RECORD_BYTES_MAX } from '../../core/limits.ts';
import type { Chain, Receiver } from '../intake.ts';
import { type FoundFile, fileUnreadable } from './find-files.ts';
import { EXPANSION_LIMITS, type ExpansionLimits } from './gunzip.ts';
import { type OpenedFile, openFile } from './read-file.ts';

export interface FileProgress {
  /** Bytes read of the file as it is stored. */
  readonly bytesRead: number;
  /** Its length; 0 where nobody knows. */
  readonly bytesTotal: number;
  /** Records handed over so far; they are not durable yet. */
  readonly records: number;
}

export interface IngestFileOptions {
  /** The named source; absent: recognised record by record. */
  readonly source?: string;
  /** `''` when none is named. */
  readonly accountId: string;
  readonly recordBytesMax?: number;
  readonly expansion?: ExpansionLimits;
  /** Stops reading; what was read becomes durable all the same. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
  /** Stands for `-`. Default: the process's own. */
  readonly stdin?: Readable;
}

export interface FileResult {
  readonly stream: string;
  readonly bytesRead: number;
  readonly expandedBytes: number;
  /** Handed over as records, and as what could not be cut into one. */
  readonly records: number;
  readonly unframed: number;
  /** Why the file's content is not all of it. */
  readonly cut?: CutReason;
  /** The signal came before the end. */
  readonly interrupted: boolean;
}

/**
 * Resolves when everything that was read is durable.
 *
 * @throws UserError FILE_UNREADABLE, after what came before is durable; what the store stops with
 */
export async function ingestFile(file: FoundFile, receiver: Receiver, options: IngestFileOptions): Promise<FileResult> {
  let opened: OpenedFile;
  try {
    opened = await openFile(file.path, options.stdin ?? process.stdin, options.signal);
  } catch (error) {
    if (options.signal?.aborted) return NOTHING_READ;
    throw fileUnreadable(file.path, error);
  }
  try {
    const { source, accountId } = options;
    const named = source === undefined ? {} : { source };
    const partition = { stream: opened.stream, partition: 0, position: 0, accountId, ...named };
    const chain = await receiver.open(partition, () => undefined);
    return await new Ingest(file, opened, receiver, chain, options).run();
  } finally {
    opened.close();
  }
}

const NOTHING_READ: FileResult = {
  stream: '',
  bytesRead: 0,
  expandedBytes: 0,
  records: 0,
  unframed: 0,
  interrupted: true,
};

class Ingest {
  readonly #file: FoundFile;
  readonly #opened: OpenedFile;
  readonly #receiver: Receiver;
  readonly #chain: Chain;
  readonly #options: IngestFileOptions;
  readonly #framer: Framer;
  #expanded = 0;
  #records = 0;
  #unframed = 0;

  constructor(file: FoundFile, opened: OpenedFile, receiver: Receiver, chain: Chain, options: IngestFileOptions) {
    this.#file = file;
    this.#opened = opened;
    this.#receiver = receiver;
    this.#chain = chain;
    this.#options = options;
    this.#framer = new Framer({ recordBytesMax: options.recordBytesMax ?? RECORD_BYTES_MAX });
  }

  async run(): Promise<FileResult> {
    const chain = this.#chain;
    if (!this.#opened.isCompressed && this.#file.bytes > 0) chain.end(this.#file.bytes);
    try {
      const read = await this.#read();
      // A text that an interruption or a failing disk cut is no bad record: it is whole when the file is read again.
      if (read.kind === 'done') {
        this.#deliver(this.#framer.end(read.cut));
        chain.passed(this.#expanded);
        chain.end(this.#expanded);
      }
      await chain.flush();
      if (read.kind === 'failed') throw fileUnreadable(this.#file.path, read.error);
      return this.#result(read.kind === 'interrupted', read.cut);
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'FILE_UNREADABLE')) chain.abandon();
      throw error;
    }
  }

  async #read(): Promise<ReadEnd> {
    const { expansion = EXPANSION_LIMITS, signal } = this.#options;
    const chunks = this.#opened.chunks(expansion);
    while (true) {
      const next = await chunks.next().catch((error: unknown) => ({ error }));
      if (signal?.aborted) return { kind: 'interrupted' };
      if ('error' in next) return { kind: 'failed', error: next.error };
      if (next.done) return { kind: 'done', cut: next.value };
      this.#expanded += next.value.length;
      this.#deliver(this.#framer.push(next.value));
      this.#tell();
      if (!this.#receiver.hasRoom) await this.#receiver.whenRoom();
    }
  }

  #deliver(framed: readonly Framed[]): void {
    for (const part of framed) {
      const { position, next } = part;
      if (part.kind === 'record') {
        this.#records++;
        this.#chain.add({ position, next, value: part.bytes, framed: true });
      } else {
        this.#unframed++;
        const { reason, head, bytes } = part;
        // Where nothing is left of what was cut, the letter stands for the file: two such files are two letters.
        const digest = bytes === 0 ? this.#opened.digest : part.digest;
        this.#chain.reject({ position, next, reason, head, bytes, digest });
      }
    }
  }

  #tell(): void {
    const bytesRead = this.#opened.bytesRead;
    this.#options.onProgress?.({ bytesRead, bytesTotal: this.#file.bytes, records: this.#records });
  }

  #result(interrupted: boolean, cut: CutReason | undefined): FileResult {
    return {
      stream: this.#opened.stream,
      bytesRead: this.#opened.bytesRead,
      expandedBytes: this.#expanded,
      records: this.#records,
      unframed: this.#unframed,
      interrupted,
      ...(cut === undefined ? {} : { cut }),
    };
  }
}

type ReadEnd =
  | { readonly kind: 'done'; readonly cut: CutReason | undefined }
  | { readonly kind: 'interrupted'; readonly cut?: undefined }
  | { readonly kind: 'failed'; readonly error: unknown; readonly cut?: undefined };
