import { expect, test } from 'vitest';
import { DESCRIPTIONS, descriptionOf } from '../../../examples/redis-cloud/descriptions.ts';
import { toldBy } from '../../../src/core/collect/told.ts';

const ABOUT = { name: 'Guest', email: 'Guest@n.example', key: 'nightly-report', number: 7, network: '203.0.113.0/24' };
const AT = Date.parse('2026-11-20T08:00:00Z');
const told = (name: string, more: Record<string, unknown> = {}) => {
  const { type, text } = descriptionOf(name);
  const entry = { id: 7, time: '2026-11-20T08:00:00Z', originator: 'Ada Byron (ada@n.example)', type };
  return toldBy({ ...entry, description: text(ABOUT), ...more }, '1001');
};

test('a key that was made is known with its owner, its maker and the time', () => {
  expect(told('key-created')).toEqual({
    kind: 'key',
    place: 'GET /v1/logs entry 7',
    entry: {
      ...{ account_id: '1001', key_id: 'nightly-report', owner: 'guest@n.example', state: 'active' },
      ...{ created_at: AT, valid_from: AT, created_by: 'ada@n.example' },
    },
  });
});

test('a key that was deleted has its end, and one whose list was changed has an unknown one', () => {
  expect(told('key-deleted')).toMatchObject({ entry: { key_id: 'nightly-report', deleted_at: AT } });
  for (const name of ['key-source-added', 'key-source-removed']) {
    expect(told(name)).toMatchObject({ entry: { key_id: 'nightly-report', allow_list: 'unknown', valid_from: AT } });
  }
});

test('a user is known with role, name and end, by email', () => {
  expect(told('user-role-changed')).toMatchObject({
    entry: { email: 'guest@n.example', role: 'owner', valid_from: AT },
  });
  expect(told('user-removed')).toMatchObject({ entry: { email: 'guest@n.example', active: false, valid_from: AT } });
  expect(told('user-renamed')).toMatchObject({ entry: { email: 'guest@n.example', name: 'Guest', valid_from: AT } });
});

test("a database's list of sources is nobody's allow list, and no other text tells of the registry", () => {
  expect(told('database-source-added')).toBeUndefined();
  expect(told('database-source-added', { type: 'Account' })).toBeUndefined();
  const others = DESCRIPTIONS.filter(({ tells }) => tells === '' || tells === 'account');
  expect(others.filter(({ name }) => told(name) !== undefined)).toEqual([]);
  expect(told('key-created', { time: 'yesterday' })).toBeUndefined();
  expect(told('key-created', { description: 7 })).toBeUndefined();
});
