/**
 * The order of test files: what is long comes first, so that no processor waits at the end for one file. vitest goes by
 * the time that a file took before, and in a fresh clone by its size, which says nothing of a file whose body is
 * elsewhere.
 */
import { existsSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of a few lines that run for minutes. */
const LONG = [
  'test/console/looks-desktop.test.ts',
  'test/console/looks-phone.test.ts',
  'test/collect/days-1-to-100.test.ts',
  'test/collect/days-101-to-200.test.ts',
  'test/detect/fixtures.test.ts',
  'test/console/foreign-text.test.ts',
];

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.filter((file) => !existsSync(file));
    if (gone.length > 0) throw new Error(`test/support/long-first.ts names ${gone.join(', ')}, which is gone`);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((file) => moduleId.endsWith(`/${file}`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
