/** What somebody does, counted: a key or two in a row, a word that is typed, a click. */
import type { Locator, Page } from 'playwright-core';
import { pressInARow, settled } from './support.ts';

export class Steps {
  readonly #page: Page;
  /** What was done, in order. */
  readonly done: string[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param keys one, or two in a row: `g i` */
  async press(keys: string): Promise<void> {
    this.done.push(`press ${keys}`);
    const all = keys.split(' ');
    if (all.length > 1 && all.every((key) => key.length === 1)) await pressInARow(this.#page, all);
    else for (const key of all) await this.#page.keyboard.press(key);
    await settled(this.#page);
  }

  async type(text: string): Promise<void> {
    this.done.push(`type ${text}`);
    await this.#page.keyboard.type(text);
  }

  async back(): Promise<void> {
    this.done.push('back');
    await this.#page.goBack();
    await settled(this.#page);
  }

  async click(target: Locator): Promise<void> {
    this.done.push(`click ${target.toString()}`);
    await target.click();
    await settled(this.#page);
  }
}
