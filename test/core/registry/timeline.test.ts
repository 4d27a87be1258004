import { describe, expect, it } from 'vitest';
import { foldTimeline, type Statement, versionAt } from '../../../src/core/registry/timeline.ts';

type Says = { owner?: string; app?: string; state?: string; born?: number };

const said = (validFrom: number, says: Says, more: Partial<Statement<Says>> = {}): Statement<Says> => ({
  validFrom,
  precisionMs: 1,
  recordedAt: 1,
  retracts: false,
  origin: '',
  says,
  ...more,
});
const RULES = { begins: 'active', ends: ['deleted'], birth: 'born' };
const told = (statements: Statement<Says>[]) =>
  foldTimeline(statements, RULES).map(({ validFrom, validTo, says }) => [validFrom, validTo, says]);

describe('what is known over time', () => {
  it('holds from the instant that it was said of until the next, half-open, and before it nothing is known', () => {
    const versions = foldTimeline([said(10, { owner: 'ada' }), said(20, { owner: 'ben' })]);
    expect(versionAt(versions, 9)).toBeUndefined();
    expect(versionAt(versions, 10)?.says.owner).toBe('ada');
    expect(versionAt(versions, 19)?.says.owner).toBe('ada');
    expect(versionAt(versions, 20)?.says.owner).toBe('ben');
    expect(versions.map(({ validTo }) => validTo)).toEqual([20, undefined]);
  });

  it('is carried on attribute by attribute, whatever the order in which it was learned', () => {
    expect(
      told([said(30, { app: 'orders' }), said(10, { owner: 'ada' }), said(20, { owner: 'ben' }, { recordedAt: 9 })]),
    ).toEqual([
      [10, 20, { owner: 'ada' }],
      [20, 30, { owner: 'ben' }],
      [30, undefined, { owner: 'ben', app: 'orders' }],
    ]);
  });

  it('is of one instant what was recorded last, for each attribute apart', () => {
    const statements = [
      said(10, { owner: 'ada', app: 'orders' }, { recordedAt: 1 }),
      said(10, { owner: 'ben' }, { recordedAt: 2 }),
    ];
    expect(told(statements.toReversed())).toEqual([[10, undefined, { owner: 'ben', app: 'orders' }]]);
  });

  it('forgets what was taken back, and not what is said after that or along with it', () => {
    const wrong = said(10, { owner: 'mallory' }, { recordedAt: 1 });
    const back = said(10, {}, { recordedAt: 2, retracts: true });
    expect(told([wrong, back])).toEqual([]);
    expect(told([wrong, back, said(10, { app: 'orders' }, { recordedAt: 2 })])).toEqual([
      [10, undefined, { app: 'orders' }],
    ]);
    expect(told([wrong, said(20, { app: 'orders' }), back])).toEqual([[20, undefined, { app: 'orders' }]]);
  });

  it('is another thing, which inherits nothing, when the name begins again after its end', () => {
    const versions = foldTimeline(
      [said(10, { state: 'active', owner: 'ada' }), said(20, { state: 'deleted' }), said(30, { state: 'active' })],
      RULES,
    );
    expect(versions.map(({ incarnation, says }) => [incarnation, says.owner, says.state])).toEqual([
      [0, 'ada', 'active'],
      [0, 'ada', 'deleted'],
      [1, undefined, 'active'],
    ]);
  });

  it('is another thing when it was born at another time', () => {
    const versions = foldTimeline(
      [
        said(10, { state: 'active', born: 10, owner: 'ada' }),
        said(20, { born: 10 }),
        said(30, { state: 'active', born: 30 }),
      ],
      RULES,
    );
    expect(versions.map(({ incarnation, says }) => [incarnation, says.owner])).toEqual([
      [0, 'ada'],
      [0, 'ada'],
      [1, undefined],
    ]);
  });
});
