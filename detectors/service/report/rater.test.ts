import { describe, expect, it } from 'vitest';
import { raterOf } from './rater.ts';

describe('RATER tags of incidents', () => {
  it.each([
    ['service', 'usage_volume', 'records', 'reliability'],
    ['service', 'slo_page', 'burn_rate', 'reliability'],
    ['service', 'usage_setup_delay', 'setup_delay', 'responsiveness'],
    ['service', 'device_silence', 'silence', 'tangibles'],
    ['revenue', 'S08', 'record_match', 'assurance'],
    ['data', 'S01', 'missing_files', 'assurance'],
    ['service', 'complaint_rate', 'complaints', 'empathy'],
    ['data', 'control_failure', 'control_error', 'assurance'],
    ['anything', '', '', 'reliability'],
  ])('%s %s is %s', (category, detector, metric, rater) => {
    expect(raterOf({ category, detector, metric })).toBe(rater);
  });
});
