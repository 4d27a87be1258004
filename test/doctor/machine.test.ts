import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAtLeast, lookAtMachine, type MachineFacts } from '../../src/doctor/machine.ts';
import { temporaryDirectory } from '../support/store.ts';

const FACTS: MachineFacts = {
  version: '1.2.3',
  nodeRange: '>=20.19',
  nodeVersion: '20.19.0',
  packages: { chdb: '3.4.0' },
  unknownVariables: [],
  dataDir: undefined,
  diskFreeBytesMin: 1,
};

async function levels(facts: Partial<MachineFacts>): Promise<Record<string, string>> {
  const findings = await lookAtMachine({ ...FACTS, ...facts });
  for (const { level, next } of findings) expect(next === '').toBe(level === 'ok');
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
}

describe('doctor', () => {
  it('finds nothing to say of a machine that is as it should be', async () => {
    const dataDir = await temporaryDirectory();
    await writeFile(path.join(dataDir, 'store.key'), '', { mode: 0o600 });
    expect(Object.values(await levels({ dataDir }))).toEqual(Array(7).fill('ok'));
  });

  it('fails a Node.js that is too old, and a package that is not there', async () => {
    expect(await levels({ nodeVersion: '20.18.9', packages: { chdb: '' } })).toMatchObject({
      node: 'fail',
      chdb: 'fail',
    });
  });

  it('names variables that mean nothing', async () => {
    const [finding] = (await lookAtMachine({ ...FACTS, unknownVariables: ['KEYTRAIL_LOGLEVEL'] })).filter(
      ({ check }) => check === 'variables',
    );
    expect(finding).toMatchObject({ level: 'warn', found: expect.stringContaining('KEYTRAIL_LOGLEVEL') });
  });

  it('warns of a data directory and a store key that others may read', async () => {
    const dataDir = await temporaryDirectory();
    await writeFile(path.join(dataDir, 'store.key'), '');
    await chmod(path.join(dataDir, 'store.key'), 0o640);
    await chmod(dataDir, 0o755);
    expect(await levels({ dataDir })).toMatchObject({ 'data directory': 'warn', 'store key file': 'warn' });
  });

  it('fails a data directory that is none, and makes none where there is none', async () => {
    const folder = await temporaryDirectory();
    await writeFile(path.join(folder, 'file'), '');
    expect(await levels({ dataDir: path.join(folder, 'file') })).toMatchObject({ 'data directory': 'fail' });
    expect(await levels({ dataDir: path.join(folder, 'deep', 'er') })).toMatchObject({
      'data directory': 'warn',
      disk: 'ok',
    });
    await mkdir(path.join(folder, 'deep'), { recursive: false });
  });

  it('fails a disk with less space than intake needs', async () => {
    const dataDir = await temporaryDirectory();
    expect(await levels({ dataDir, diskFreeBytesMin: 2 ** 60 })).toMatchObject({ disk: 'fail' });
  });
});

it.each([
  ['20.19.0', '20.19', true],
  ['20.18.99', '20.19', false],
  ['22.0.0', '20.19', true],
  ['20.20.2', '20.19', true],
  ['9.99.99', '20.19', false],
])('%s is at least %s: %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
