/**
 * The index of one customer from what was measured: the same arithmetic as `sql/queries/experience-judge.sql`, which does it for
 * millions; a test compares the two. Explains an index down to the single KPI.
 */
import type { ExperienceKpi } from './kpi.ts';
import type { ExperienceModel } from './model.ts';
import { scoreOf } from './score.ts';

/** What was measured of one KPI of one customer. */
export interface Reading {
  readonly kpi: string;
  /** In the unit of the KPI. */
  readonly value: number;
  readonly samples: number;
}

/** What a KPI does to the index. */
export interface ExperiencePart extends Reading {
  /** 0 to 100; undefined: it has too few samples, or no weight. */
  readonly score: number | undefined;
  /** Share of the mean of the day, 0 to 1; 0 where it does not count. */
  readonly share: number;
  /** Points that it gives to the mean: share x score. */
  readonly points: number;
  /** Points that it costs: share x (100 - score). */
  readonly lost: number;
}

export interface Experience {
  /** `too_few`: there are samples, and no KPI has enough of them. */
  readonly state: 'scored' | 'too_few';
  /** 0 to 100; undefined where the state is too_few. */
  readonly cei: number | undefined;
  /** Weighted mean of the day, before worst hour and floor. */
  readonly mean: number | undefined;
  /** Points that the worst hour costs. */
  readonly hourLost: number;
  /** The KPI that caps the index; empty = none. */
  readonly floorKpi: string;
  /** Points that the cap costs. */
  readonly floorLost: number;
  readonly parts: readonly ExperiencePart[];
}

/** Whether a KPI counts: care counts as soon as complaints are known at all, for no complaint is good news. */
function counts(kpi: ExperienceKpi, model: ExperienceModel, samples: number): boolean {
  return kpi.weight > 0 && model.services[kpi.service] > 0 && (kpi.service === 'care' || samples >= kpi.minimum);
}

/** Mean over services of the means over their KPIs, each by weight, with the share of each KPI; undefined: nothing counts. */
function meanOf(
  model: ExperienceModel,
  counted: readonly { readonly kpi: ExperienceKpi; readonly score: number }[],
): { readonly mean: number | undefined; readonly shares: ReadonlyMap<string, number> } {
  const within = new Map<string, number>();
  for (const { kpi } of counted) within.set(kpi.service, (within.get(kpi.service) ?? 0) + kpi.weight);
  const all = [...within.keys()].reduce((sum, service) => sum + model.services[service as keyof ExperienceModel['services']], 0);
  const shares = new Map(counted.map(({ kpi }) => [kpi.name, (model.services[kpi.service] * kpi.weight) / within.get(kpi.service)! / all]));
  const mean = counted.reduce((sum, { kpi, score }) => sum + shares.get(kpi.name)! * score, 0);
  return { mean: counted.length === 0 ? undefined : mean, shares };
}

/** Index of one hour; undefined: no KPI of it has the samples that an hour needs. Complaints are of the day, not of an hour. */
export function hourIndexOf(model: ExperienceModel, readings: readonly Reading[]): number | undefined {
  const counted = model.kpis.flatMap((kpi) => {
    const reading = readings.find((each) => each.kpi === kpi.name);
    const enough = kpi.service !== 'care' && reading !== undefined && reading.samples >= model.worstHour.minimum;
    return enough && kpi.weight > 0 && model.services[kpi.service] > 0 ? [{ kpi, score: scoreOf(reading.value, kpi.bad, kpi.good) }] : [];
  });
  return meanOf(model, counted).mean;
}

/**
 * The index: mean of the day, less what the worst hour costs, capped where one KPI is terrible.
 * @param readings of the KPIs that have samples, and of complaints also without, where complaints are known at all
 * @param worstHour index of the worst hour
 * @example experienceOf(model, [{ kpi: 'voice_setup', value: 84, samples: 9 }], undefined).cei // 50
 */
export function experienceOf(model: ExperienceModel, readings: readonly Reading[], worstHour: number | undefined): Experience {
  const known = model.kpis.flatMap((kpi) => {
    const reading = readings.find((each) => each.kpi === kpi.name);
    if (!reading) return [];
    const score = counts(kpi, model, reading.samples) ? scoreOf(reading.value, kpi.bad, kpi.good) : undefined;
    return [{ kpi, reading, score }];
  });
  const counted = known.flatMap(({ kpi, score }) => (score === undefined ? [] : [{ kpi, score }]));
  const scored = known.some(({ reading, score }) => score !== undefined && reading.samples > 0);
  const { mean, shares } = scored ? meanOf(model, counted) : { mean: undefined, shares: new Map<string, number>() };
  const parts = known.map(({ reading, score, kpi }) => {
    const share = shares.get(kpi.name) ?? 0;
    return { ...reading, score, share, points: share * (score ?? 0), lost: share * (100 - (score ?? 0)) };
  });
  if (mean === undefined) return { state: 'too_few', cei: undefined, mean, hourLost: 0, floorKpi: '', floorLost: 0, parts };
  const hourLost = worstHour === undefined ? 0 : model.worstHour.share * Math.max(0, mean - worstHour);
  const terrible = counted.filter(({ kpi, score }) => kpi.floor && score < model.floor.below).sort((a, b) => a.score - b.score)[0];
  const before = mean - hourLost;
  const cei = terrible ? Math.min(before, model.floor.cap) : before;
  return { state: 'scored', cei, mean, hourLost, floorKpi: terrible?.kpi.name ?? '', floorLost: before - cei, parts };
}
