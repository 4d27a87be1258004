/** The folder of the kinds of reports that come with the program. */
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../core/package-root.ts';

export const builtInReportKinds = (): string => fileURLToPath(new URL('reports', PACKAGE_ROOT));
