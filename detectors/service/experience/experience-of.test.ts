import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../app/settings/load.ts';
import { kpiNamed } from '../kpis/index.ts';
import { experienceKpis } from './catalogue.ts';
import { experienceOf, hourIndexOf, type Reading } from './experience-of.ts';
import { type ExperienceKpi, services } from './kpi.ts';
import { type ExperienceModel, experienceModel } from './model.ts';
import { scoreOf } from './score.ts';

const modelOf = (yaml = ''): ExperienceModel => experienceModel(parseSettings(yaml, 'test').experience).model;
const standard = modelOf();
const of = (kpi: string, value: number, samples = 100): Reading => ({ kpi, value, samples });

describe('by hand', () => {
  it('scores on the line between bad and good, cut off at both', () => {
    expect([69, 70, 84, 98, 100].map((value) => scoreOf(value, 70, 98))).toEqual([0, 0, 50, 100, 100]);
    expect([0, 2, 16, 30, 99].map((value) => scoreOf(value, 30, 2))).toEqual([100, 100, 50, 0, 0]);
  });

  it('weighs KPIs within services, and the services that were used', () => {
    // Voice: set-up 50 (weight 2), drops 100 (2), MOS 50 (1): 350 / 5 = 70. Messages: 100, weight 0.5. (70 x 1 + 100 x 0.5) / 1.5 = 80.
    const found = experienceOf(
      standard,
      [of('voice_setup', 84), of('voice_drop', 0), of('voice_mos', 3.3), of('sms_delivery', 99)],
      undefined,
    );
    expect(found).toMatchObject({ state: 'scored', hourLost: 0, floorKpi: '', floorLost: 0 });
    expect(found.cei).toBeCloseTo(80, 9);
    expect(found.parts.map(({ share }) => share)).toEqual(
      [2 / 5 / 1.5, 2 / 5 / 1.5, 1 / 5 / 1.5, 0.5 / 1.5].map((each) => expect.closeTo(each, 12)),
    );
    expect(found.parts.map(({ lost }) => lost)).toEqual([40 / 3, 0, 20 / 3, 0].map((each) => expect.closeTo(each, 9)));
  });

  it('takes off what the worst hour is worse than the day, and nothing for a better one', () => {
    expect(experienceOf(standard, [of('voice_setup', 84)], 10)).toMatchObject({ mean: 50, hourLost: 10, cei: 40 });
    expect(experienceOf(standard, [of('voice_setup', 84)], 90)).toMatchObject({ mean: 50, hourLost: 0, cei: 50 });
  });

  it('one terrible KPI caps the index, one that may not does not', () => {
    // Drops 0, everything else well: (2 x 100 + 2 x 0 + 1 x 100) / 5 = 60, capped at 40.
    const voice = [of('voice_setup', 99), of('voice_drop', 40), of('voice_mos', 4.2)];
    expect(experienceOf(standard, voice, undefined)).toMatchObject({ mean: 60, cei: 40, floorKpi: 'voice_drop', floorLost: 20 });
    expect(experienceOf(standard, [of('voice_setup', 99), of('voice_delay', 20)], undefined)).toMatchObject({ cei: 80, floorKpi: '' });
    // 25 is not below 25.
    const lower = modelOf('experience: { floor: { below: 25 } }');
    expect(experienceOf(lower, [of('voice_setup', 77)], undefined)).toMatchObject({ floorKpi: '' });
    expect(experienceOf(lower, [of('voice_setup', 76.9)], undefined)).toMatchObject({ floorKpi: 'voice_setup' });
  });

  it('border: one sample fewer than the minimum is no number', () => {
    expect(experienceOf(standard, [of('voice_setup', 100, 4)], undefined)).toMatchObject({
      state: 'too_few',
      cei: undefined,
      mean: undefined,
    });
    expect(experienceOf(standard, [of('voice_setup', 100, 5)], undefined)).toMatchObject({ state: 'scored', cei: 100 });
    expect(experienceOf(standard, [], undefined)).toMatchObject({ state: 'too_few', parts: [] });
  });

  it('no complaint is good news for a customer who is measured, and no measurement of one who is not', () => {
    const quiet = [of('complaints', 0, 0), of('complaints_repeated', 0, 0)];
    expect(experienceOf(standard, quiet, undefined).state).toBe('too_few');
    // Voice 50 and care 100 at half the weight: 66.7.
    expect(experienceOf(standard, [of('voice_setup', 84), ...quiet], undefined).cei).toBeCloseTo(200 / 3, 9);
    // One complaint of a customer without usage is a sample.
    expect(experienceOf(standard, [of('complaints', 1, 1), of('complaints_repeated', 0, 1)], undefined)).toMatchObject({
      state: 'scored',
      cei: 75,
    });
  });

  it('an hour needs its own samples, and knows no complaints', () => {
    expect(hourIndexOf(standard, [of('voice_setup', 84, 3), of('complaints', 2, 2)])).toBe(50);
    expect(hourIndexOf(standard, [of('voice_setup', 84, 2)])).toBeUndefined();
  });

  it('a weight of 0 leaves out', () => {
    const model = modelOf('experience: { kpis: { voice_drop: { weight: 0 } }, services: { sms: 0 } }');
    const found = experienceOf(model, [of('voice_setup', 84), of('voice_drop', 50), of('sms_delivery', 0)], undefined);
    expect(found).toMatchObject({ cei: 50, floorKpi: '' });
    expect(found.parts.map(({ score }) => score)).toEqual([50, undefined, undefined]);
  });
});

describe('the catalogue', () => {
  it('has the order of the query, and says everything of every KPI', () => {
    const sql = readFileSync(new URL('../../../sql/queries/experience-judge.sql', import.meta.url), 'utf8');
    const names = experienceKpis.map(({ name }) => `'${name}'`).join(', ');
    expect(sql).toContain(`[${names}] AS names`);
    const numbers = experienceKpis.map(({ service }) => services.indexOf(service) + 1).join(', ');
    expect(sql).toContain(`[${numbers}] AS of_service`);
    for (const kpi of experienceKpis) {
      expect(kpi.bad).not.toBe(kpi.good);
      for (const text of [kpi.title, kpi.standard, kpi.formula, kpi.source]) expect(text, kpi.name).not.toBe('');
    }
  });

  it('names KPIs of the catalogue of KPIs, better in no other direction', () => {
    for (const { name, kpi, bad, good } of experienceKpis.filter((each) => each.kpi !== ''))
      expect([good > bad ? 'higher' : 'lower', 'steady'], name).toContain(kpiNamed(kpi)?.better);
  });

  it('stands in the documentation as it is', () => {
    const page = readFileSync(new URL('../../../docs/experience.md', import.meta.url), 'utf8');
    for (const { name, title, unit, bad, good, weight, minimum, rater } of experienceKpis)
      expect(page).toContain(`| \`${name}\` | ${title} | ${bad} | ${good} | ${unit} | ${weight} | ${minimum} | ${rater} |`);
  });
});

describe('settings', () => {
  it.each([
    ['experience: { kpis: { voice_dorp: { weight: 1 } } }', 'experience.kpis.voice_dorp: no such KPI'],
    ['experience: { kpis: { voice_drop: { good: 40 } } }', 'good must be below bad: less is better'],
    ['experience: { kpis: { voice_setup: { bad: 98 } } }', 'good must be above bad: more is better'],
    ['experience: { services: { voice: 0, sms: 0, data: 0, access: 0, care: 0 } }', 'every weight is 0'],
    ['experience: { floor: { cap: 101 } }', 'experience.floor.cap: must be <= 100'],
  ])('%s is refused', (yaml, message) => {
    expect(() => parseSettings(yaml, 'weir.yaml')).toThrow(message);
  });
});

describe('whatever is measured', () => {
  const reading = (kpi: ExperienceKpi): fc.Arbitrary<Reading> =>
    fc.record({
      kpi: fc.constant(kpi.name),
      value: fc.double({ min: 0, max: 120, noNaN: true }),
      samples: fc.integer({ min: 0, max: 40 }),
    });
  const readings = fc.subarray([...experienceKpis]).chain((kpis) => fc.tuple(...kpis.map(reading)));
  const hour = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
  const weights = fc.record({
    weights: fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 11, maxLength: 11 }),
    services: fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const model = weights.map(
    (each): ExperienceModel => ({
      ...standard,
      kpis: experienceKpis.map((kpi, at) => ({ ...kpi, weight: each.weights[at]! < 0.01 ? 0 : each.weights[at]! })),
      services: Object.fromEntries(services.map((service, at) => [service, each.services[at]!])) as ExperienceModel['services'],
      worstHour: { ...standard.worstHour, share: each.share },
    }),
  );

  it('the index lies within 0 and 100, its parts add up, shares make one', () => {
    fc.assert(
      fc.property(model, readings, hour, (given, measured, worst) => {
        const found = experienceOf(given, measured, worst);
        if (found.cei === undefined) return found.state === 'too_few' && found.parts.every(({ share }) => share === 0);
        const points = found.parts.reduce((sum, part) => sum + part.points, 0);
        const lost = found.parts.reduce((sum, part) => sum + part.lost, 0);
        const shares = found.parts.reduce((sum, part) => sum + part.share, 0);
        expect(found.cei).toBeGreaterThanOrEqual(-1e-9);
        expect(found.cei).toBeLessThanOrEqual(100 + 1e-9);
        expect(shares).toBeCloseTo(1, 9);
        expect(points - found.hourLost - found.floorLost).toBeCloseTo(found.cei, 8);
        expect(100 - lost).toBeCloseTo(found.mean!, 8);
        return true;
      }),
    );
  });

  it('a better value of one KPI, or a better worst hour, never lowers it', () => {
    fc.assert(
      fc.property(model, readings, hour, fc.nat(), fc.double({ min: 0, max: 60, noNaN: true }), (given, measured, worst, pick, by) => {
        const before = experienceOf(given, measured, worst).cei;
        if (before === undefined) return;
        if (worst !== undefined)
          expect(experienceOf(given, measured, Math.min(100, worst + by)).cei!).toBeGreaterThanOrEqual(before - 1e-9);
        const at = pick % measured.length;
        const { good, bad } = experienceKpis.find(({ name }) => name === measured[at]!.kpi)!;
        const better = measured.map((each, place) => (place === at ? { ...each, value: each.value + Math.sign(good - bad) * by } : each));
        expect(experienceOf(given, better, worst).cei!).toBeGreaterThanOrEqual(before - 1e-9);
      }),
    );
  });

  it('weights count by their ratio only', () => {
    fc.assert(
      fc.property(model, readings, hour, fc.double({ min: 0.1, max: 10, noNaN: true }), (given, measured, worst, factor) => {
        const scaled = {
          ...given,
          kpis: given.kpis.map((kpi) => ({ ...kpi, weight: kpi.weight * factor })),
          services: Object.fromEntries(
            services.map((service) => [service, given.services[service] * factor]),
          ) as ExperienceModel['services'],
        };
        const [a, b] = [experienceOf(given, measured, worst).cei, experienceOf(scaled, measured, worst).cei];
        if (a === undefined) expect(b).toBeUndefined();
        else expect(b).toBeCloseTo(a, 8);
      }),
    );
  });

  it('a terrible KPI that may cap keeps it at the cap or below', () => {
    fc.assert(
      fc.property(model, readings, hour, (given, measured, worst) => {
        const found = experienceOf(given, measured, worst);
        const terrible = found.parts.some(
          ({ kpi, score }) => score !== undefined && score < given.floor.below && given.kpis.find(({ name }) => name === kpi)!.floor,
        );
        if (found.cei === undefined) return;
        expect(found.floorKpi !== '').toBe(terrible);
        if (terrible) expect(found.cei).toBeLessThanOrEqual(given.floor.cap);
      }),
    );
  });
});
