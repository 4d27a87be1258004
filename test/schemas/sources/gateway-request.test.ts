import { describe, expect, it } from 'vitest';
import { AUTH_REASONS, type EventFields } from '../../../schemas/audit-event.ts';
import { gatewayRequest } from '../../../schemas/sources/gateway/request.ts';
import { routeOf } from '../../../schemas/sources/gateway/route.ts';

function fieldsOf(request: object, authentication: object = {}): EventFields {
  const record = { id: 'a', time: '2026-11-20T08:15:00Z', request, authentication };
  const normalised = gatewayRequest.normalise(record, { accountId: '', isTrustedProxy: () => false });
  if (normalised.kind !== 'event') throw new Error(normalised.reason);
  return normalised.fields;
}

describe('the outcome', () => {
  it.each([
    [99, 'unknown'],
    [100, 'success'],
    [200, 'success'],
    [399, 'success'],
    [400, 'failure'],
    [403, 'failure'],
    [599, 'failure'],
    [0, 'unknown'],
    [-1, 'unknown'],
    [65_536, 'unknown'],
    [200.5, 'unknown'],
    [undefined, 'unknown'],
  ])('of status %s is %s', (status, outcome) => {
    expect(fieldsOf({ status }).outcome).toBe(outcome);
  });

  it('is a failure when the keys were not accepted, whatever the status', () => {
    expect(fieldsOf({ status: 200 }, { result: 'failure' }).outcome).toBe('failure');
    expect(fieldsOf({}, { result: 'failure' }).outcome).toBe('failure');
  });
});

describe('the authentication', () => {
  it('is told by its result, and by a 401 alone where there is none', () => {
    expect([200, 400, 401, 402, 403, 500].map((status) => fieldsOf({ status }).authResult)).toEqual([
      'unknown',
      'unknown',
      'failure',
      ...['unknown', 'unknown', 'unknown'],
    ]);
    expect(fieldsOf({ status: 401 }, { result: 'success' }).authResult).toBe('success');
    expect(fieldsOf({ status: 403 }, { result: 'success' }).authResult).toBe('success');
  });

  it.each(AUTH_REASONS)('has the reason "%s" when it failed, and none when it did not', (reason) => {
    expect(fieldsOf({}, { result: 'failure', reason }).authReason).toBe(reason);
    expect(fieldsOf({}, { result: 'success', reason }).authReason).toBe('');
  });

  it('knows no reasons but its own', () => {
    expect(fieldsOf({}, { result: 'failure', reason: 'constructor' }).authReason).toBe('other');
  });
});

describe('the action', () => {
  it.each([
    ['GET', '/v1/subscriptions/1206/databases/51', 'GET /v1/subscriptions/{id}/databases/{id}'],
    ['GET', '/v1/subscriptions/1206', 'GET /v1/subscriptions/{id}'],
    ['GET', '/v1/1/2/3/', 'GET /v1/{id}/{id}/{id}/'],
    ['GET', '/v1/tasks/7f6c2d0e-1a2b-4c3d-8e9f-0a1b2c3d4e5f', 'GET /v1/tasks/{id}'],
    ['PUT', '/v1/databases/51a/tags/team', 'PUT /v1/databases/51a/tags/team'],
    ['GET', '/', 'GET /'],
    ['GET', '', 'GET'],
    ['', '/v1/logs', '/v1/logs'],
    ['', '', ''],
  ])('of %s %s is "%s"', (method, path, route) => {
    expect(routeOf(method, path)).toBe(route);
  });

  it('is no longer than a name, whatever a scanner asks for', () => {
    expect(routeOf('GET', `/${'a'.repeat(1_000_000)}`).length).toBe(204);
  });
});
