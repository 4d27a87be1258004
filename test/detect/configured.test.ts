import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { configured } from '../../src/detect/configured.ts';
import { detections } from './support.ts';

const configure = (rules: Parameters<typeof configured>[1]) => configured(detections, rules);
const refusal = (rules: Parameters<typeof configured>[1]) => {
  try {
    configure(rules);
  } catch (error) {
    if (error instanceof UserError) return [error.code, error.explanation.got];
    throw error;
  }
  return undefined;
};

describe('the configuration of detections', () => {
  it('leaves all of them as they are where it says nothing', () => {
    expect(configure({})).toEqual({ detections, given: {} });
  });

  it('turns one off, makes another louder, and moves a threshold', () => {
    const made = configure({
      'unusual-hours': { enabled: false },
      'denied-source-ip': { raises: 'alert' },
      'dormant-key-used': { severity: 'high', parameters: { dormant_days: 60 } },
    });
    const of = (id: string) => made.detections.find((one) => one.id === id)?.detection;
    expect(of('unusual-hours')).toBeUndefined();
    expect(made.detections.length).toBe(detections.length - 1);
    expect(of('denied-source-ip')).toMatchObject({ raises: 'alert', severity: 'medium' });
    expect(of('dormant-key-used')).toMatchObject({ raises: 'alert', severity: 'high' });
    expect(made.given['dormant-key-used']).toEqual({ dormant_days: 60 });
  });

  it.each([
    ['a detection that there is not', { 'dormant-keys': {} }, 'dormant-keys'],
    ['a parameter that it has not', { 'dormant-key-used': { parameters: { days: 60 } } }, 'days'],
    ['one that is filled', { 'dormant-key-used': { parameters: { from: '2026-01-01' } } }, 'from'],
    ['a value that it cannot have', { 'dormant-key-used': { parameters: { dormant_days: 'many' } } }, 'many'],
  ])('refuses %s before anything looks', (_, rules, got) => {
    expect(refusal(rules)).toEqual(['CONFIG_INVALID', got]);
  });
});
