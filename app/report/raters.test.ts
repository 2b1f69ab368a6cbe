import { expect, it } from 'vitest';
import { raters } from '../../core/rater.ts';
import { kpis } from '../../detectors/service/kpis/index.ts';
import { parseSettings } from '../settings/load.ts';
import { incidentRater, ratedDefinitions } from './raters.ts';

const settings = parseSettings(
  'controls: { free_calls: { sql: "SELECT 1 AS observed, 0 AS expected" } }\ndetectors: { mine: { metric: setup_delay_ms, dimensions: [leg] } }\n',
  'weir.yaml',
);

it('every definition carries a tag, and so does every KPI', () => {
  const definitions = ratedDefinitions(settings);
  expect(definitions.length).toBeGreaterThan(50);
  for (const { identity, metric, rater } of [...definitions, ...kpis.map(({ name, rater }) => ({ identity: name, metric: '', rater }))])
    expect(raters, `${identity} ${metric}`).toContain(rater);
  // No tag stands for everything.
  expect(new Set(definitions.map(({ rater }) => rater)).size).toBeGreaterThanOrEqual(4);
});

it.each([
  ['usage_volume', 'usage_records', 'reliability'],
  ['slo_page', 'burn_rate', 'reliability'],
  ['slo_failure', 'slo_error', 'assurance'],
  ['setup_delay', 'setup_delay_ms', 'responsiveness'],
  ['mine', 'setup_delay_ms', 'responsiveness'],
  ['pon_outage', 'onts_lost', 'tangibles'],
  ['N04', 'stuck_orders', 'responsiveness'],
  ['N17', 'unclaimed_credit', 'assurance'],
  ['control_failure', 'control_error', 'assurance'],
  ['free_calls', 'own', 'assurance'],
] as const)('an incident of %s %s is of %s', (detector, metric, rater) => {
  expect(incidentRater(settings)({ category: 'service', detector, metric })).toBe(rater);
});
