/** Autonomous systems of the bundled data, by an index: their names are bytes that become text when asked for. */
import type { AutonomousSystem } from '../halves.ts';

const NAMES_BYTES = 1_048_576;

export class SystemList {
  #names = Buffer.alloc(NAMES_BYTES);
  #used = 0;
  readonly #numbers: number[] = [];
  /** Where the name of each ends. */
  readonly #ends: number[] = [];
  readonly #made = new Map<number, AutonomousSystem>();
  /** Needed only while a file is read. */
  #indexes = new Map<number, number>();

  /** @returns the index of a system that was added */
  indexOf(asn: number): number | undefined {
    return this.#indexes.get(asn);
  }

  /** @returns the index of the system */
  add(asn: number, name: Uint8Array): number {
    const index = this.#numbers.length;
    if (this.#used + name.length > this.#names.length) this.#grow(name.length);
    this.#names.set(name, this.#used);
    this.#used += name.length;
    this.#numbers.push(asn);
    this.#ends.push(this.#used);
    this.#indexes.set(asn, index);
    return index;
  }

  /** Nothing is added any more: gives back what was needed for that. */
  trim(): void {
    this.#indexes = new Map();
    this.#names = Buffer.from(this.#names.subarray(0, this.#used));
  }

  /** @returns the same object for the same index */
  at(index: number): AutonomousSystem {
    let system = this.#made.get(index);
    if (system === undefined) {
      const asName = this.#names.toString('utf8', this.#ends[index - 1] ?? 0, this.#ends[index]);
      system = { asn: this.#numbers[index] ?? 0, asName };
      this.#made.set(index, system);
    }
    return system;
  }

  #grow(room: number): void {
    const names = Buffer.alloc(this.#names.length * 2 + room);
    names.set(this.#names.subarray(0, this.#used));
    this.#names = names;
  }
}
