/** What a page is. */
import type { ComponentType } from 'preact';

export interface PageProps {
  /** What stands in the address at the places that the path leaves open, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Page {
  /** Its address; a step with a colon stands for anything: `/keys/:key`. */
  readonly path: string;
  readonly title: string;
  /** What the head calls it; absent: it is reached from elsewhere. */
  readonly nav?: string;
  /** `g` and this key lead to it. */
  readonly key?: string;
  readonly view: ComponentType<PageProps>;
}
