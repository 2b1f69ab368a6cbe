import { expect, test } from 'vitest';
import type { SeriesDefinition } from './definition.ts';
import { frameOf } from './frame.ts';
import { cellOf, labelsOf, paramsOf, subjectOf, violationOf, whereParams } from './judge.ts';
import type { Onset } from './onset.ts';
import { bucketOf, detectorOf, monday, quarter } from './part.fixture.ts';
import { createPart, type Part } from './part.ts';

const context = { tenant: 'demo', currency: 'EUR' };
const volume = detectorOf({ dimensions: ['leg', 'service', 'partner'] });

/** A part that has seen one series. */
function partOf(definition: SeriesDefinition, values: readonly string[]): Part {
  const part = createPart(definition, values[0]!);
  part.tick(bucketOf(monday, [[values, 100, 100]]));
  return part;
}

const onset = (figures: Partial<Onset>): Onset => ({
  from: monday,
  to: monday + 2 * quarter,
  direction: 'down',
  observed: 60,
  expected: 200,
  lower: 170,
  upper: 235,
  carriers: 2,
  score: 7.5,
  ...figures,
});

const said = (part: Part, values: readonly string[], figures: Partial<Onset>, evidence: readonly number[] = []) =>
  violationOf(
    part,
    {
      node: part.state.nodes.find(values)!,
      onset: onset(figures),
      kind: evidence.length > 0 ? 'parent' : 'own',
      members: [],
      evidence,
      share: 1,
    },
    context,
  );

const acme = ['switch', 'voice', 'acme'];

test('the example: who, and what', () => {
  expect(subjectOf(volume, { leg: 'switch', service: 'voice', partner: 'acme' })).toBe('acme: voice traffic');
  expect(subjectOf(volume, { leg: 'switch', service: 'voice' })).toBe('voice traffic of switch');
  expect(subjectOf(volume, { leg: 'switch' })).toBe('traffic of switch');
  const voice = detectorOf({ dimensions: ['leg', 'partner'], where: { service: ['voice'] } });
  expect(subjectOf(voice, { leg: 'switch', partner: 'acme' })).toBe('acme: voice traffic');
  expect(subjectOf(voice, { leg: 'switch', partner: '' })).toBe('voice traffic of switch');
});

test('a drop of records: figures, sentence, window, cell and worth', () => {
  const part = partOf(volume, acme);
  const judgement = said(part, acme, {});
  expect(judgement).toMatchObject({
    state: 'violation',
    cell: { leg: 'switch', service: 'voice', partner: 'acme', direction: 'down' },
    observed: 60,
    expected: 200,
    unit: 'records',
    direction: 'down',
    statistic: 7.5,
    beganAt: monday,
    window: { from: monday, to: monday + 2 * quarter },
    title: 'acme: voice traffic 70 % below expected',
    valued: { records: 140, class: 'risk', what: 'records missing' },
    affected: { query: 'series-customers', share: 0.7 },
  });
  expect(judgement.p).toBeCloseTo(10 ** -7.5, 15);
  expect(judgement.summary).toBe(
    'acme: voice traffic 70 % below expected: 60 records of switch from 2026-06-01 00:00 UTC to 2026-06-01 00:30 UTC, 200 records expected from time of day, weekday and level.',
  );
});

test('series below move with it', () => {
  const part = partOf(volume, acme);
  expect(said(part, ['switch', 'voice'], {}, [2]).summary).toContain('; 1 series below it moves with it.');
  expect(said(part, ['switch'], {}, [1, 2]).summary).toContain('; 2 series below it move with it.');
});

test('a surge, and records where none were expected', () => {
  const part = partOf(volume, acme);
  const surge = { direction: 'up', observed: 300 } as const;
  expect(said(part, acme, surge)).toMatchObject({
    title: 'acme: voice traffic 50 % above expected',
    valued: { records: 100, what: 'records too many' },
  });
  expect(said(part, acme, { ...surge, expected: 0, lower: 0, upper: 0 })).toMatchObject({
    title: 'acme: voice traffic 300 where none was expected',
    affected: { share: 1 },
  });
});

test('a ratio is shown as such, over its attempts', () => {
  const ratio = detectorOf({ metric: 'answer_ratio', dimensions: ['leg', 'partner'] });
  const part = partOf(ratio, ['switch', 'acme']);
  const judgement = said(part, ['switch', 'acme'], { observed: 400, expected: 500, lower: 480, upper: 520, carriers: 1000 });
  expect(judgement).toMatchObject({ observed: 0.4, expected: 0.5, lower: 0.48, upper: 0.52, unit: 'ratio' });
  expect(judgement.title).toBe('acme: answer ratio 40 %, 50 % expected');
  expect(judgement.summary).toContain('40 % over 1,000 of switch from');
  expect(judgement).not.toHaveProperty('valued');
});

test('charges are money: what is missing, with its bounds', () => {
  const charge = detectorOf({ metric: 'usage_charge', dimensions: ['leg', 'partner'] });
  const part = partOf(charge, ['switch', 'acme']);
  const { money, unit } = said(part, ['switch', 'acme'], {});
  expect(unit).toBe('EUR');
  expect(money).toMatchObject({ currency: 'EUR', class: 'risk' });
  expect(Number(money!.amount)).toBe(140);
  expect([Number(money!.low), Number(money!.high)]).toEqual([110, 175]);
});

test('a mean charge that fell is leakage, one that rose an over-charge', () => {
  const mean = detectorOf({ metric: 'charge_per_record', dimensions: ['leg', 'partner'] });
  const part = partOf(mean, ['switch', 'acme']);
  expect(said(part, ['switch', 'acme'], { carriers: 100 }).money?.class).toBe('leakage');
  expect(said(part, ['switch', 'acme'], { carriers: 100, direction: 'up', observed: 300 }).money?.class).toBe('over_charge');
});

test('labels, cells and parameters single out the series', () => {
  const part = partOf(volume, acme);
  const node = part.state.nodes.find(['switch', 'voice'])!;
  expect(labelsOf(part, node)).toEqual({ leg: 'switch', service: 'voice' });
  expect(cellOf(part, node, 'up')).toEqual({ leg: 'switch', service: 'voice', direction: 'up' });
  expect(paramsOf(part, node, 'demo')).toMatchObject({
    tenant: 'demo',
    leg: 'switch',
    first: 'service',
    first_value: 'voice',
    second: 'tenant',
    second_value: 'demo',
  });
  const devices = detectorOf({ metric: 'device_gauge', dimensions: ['metric', 'node', 'device'] });
  const gauges = partOf(devices, ['rx_power', 'n1', 'd1']);
  const params = paramsOf(gauges, gauges.state.nodes.find(['rx_power', 'n1', 'd1'])!, 'demo');
  expect(params).toMatchObject({ first: 'metric', first_value: 'rx_power', second: 'node', third: 'device', third_value: 'd1' });
  expect(params).not.toHaveProperty('leg');
});

test('filters as parameters; where there are none the tenant stands in', () => {
  expect(whereParams(volume)).toEqual({ only: 'tenant', only_values: [], also: 'tenant', also_values: [] });
  const two = detectorOf({ dimensions: ['leg', 'partner'], where: { service: ['voice', 'sms'], zone: ['eu'] } });
  expect(whereParams(two)).toEqual({ only: 'service', only_values: ['voice', 'sms'], also: 'zone', also_values: ['eu'] });
});

test('the frame names scope, table and floors', () => {
  const frame = frameOf(volume);
  expect(frame).toMatchObject({
    identity: 'mine',
    metric: 'usage_records',
    scope: ['leg', 'service', 'partner', 'direction'],
    windowMs: quarter,
  });
  expect(frame.needs.tables).toEqual(['usage_minute']);
  expect(frame.needs.data).toBe('3 days of usage');
  expect(frame.documentation.meaning).toContain('drop or surge by leg, service, partner');
  expect(frame.documentation.formula).toContain('beyond the floor: 20 % and 20 records an hour');
  expect(frameOf(volume, 1).scope).toEqual(['leg', 'direction']);
  const ratio = frameOf(detectorOf({ metric: 'answer_ratio', direction: 'down' }));
  expect(ratio.documentation.formula).toContain('beyond the floor: 2 points');
  expect(ratio.documentation.meaning).toContain('Watched for a drop by');
  const silence = frameOf(detectorOf({ metric: 'device_readings', dimensions: ['metric'], statistic: 'silence', direction: 'up' }));
  expect(silence.documentation.formula).toMatch(/^p = exp\(-expected events missed \/ 2\)/);
  expect(silence.needs.data).toBe('3 days of device readings');
});
