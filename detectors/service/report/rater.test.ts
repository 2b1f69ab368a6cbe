import { describe, expect, it } from 'vitest';
import { raterBy } from './rater.ts';

const of = raterBy([
  { identity: 'setup_delay', metric: 'setup_delay_ms', rater: 'responsiveness' },
  { identity: 'S12', metric: 'reject_rate', rater: 'assurance' },
  { identity: 'S12', metric: 'suspense_age', rater: 'responsiveness' },
]);

describe('RATER tags of incidents', () => {
  it('are those of the definition, whatever the names sound like', () => {
    expect(of({ category: 'service', detector: 'setup_delay', metric: 'setup_delay_ms' })).toBe('responsiveness');
    expect(of({ category: 'revenue', detector: 'S12', metric: 'reject_rate' })).toBe('assurance');
    expect(of({ category: 'revenue', detector: 'S12', metric: 'suspense_age' })).toBe('responsiveness');
    // A metric that the detector no longer has.
    expect(of({ category: 'revenue', detector: 'S12', metric: 'gone' })).toBe('assurance');
    expect(of({ category: 'service', detector: 'complaint_firmware_delay', metric: 'x' })).toBe('reliability');
  });

  it('of findings without a definition are known, of others they go by category', () => {
    expect(of({ category: 'service', detector: 'topology', metric: 'elements_affected' })).toBe('reliability');
    expect(of({ category: 'data', detector: 'data_quality', metric: 'completeness' })).toBe('assurance');
    expect(of({ category: 'data', detector: 'manual', metric: 'reported' })).toBe('assurance');
    expect(of({ category: 'service', detector: 'manual', metric: 'reported' })).toBe('reliability');
    expect(of({ category: 'anything', detector: '', metric: '' })).toBe('reliability');
  });
});
