/** The index as it is set: the catalogue with what `weir.yaml` says otherwise. */
import type { ExperienceSettings } from '../../../core/settings/experience.ts';
import { experienceKpis } from './catalogue.ts';
import { type ExperienceKpi, type ExperienceService, services } from './kpi.ts';

export interface ExperienceModel {
  /** In the order of the catalogue. */
  readonly kpis: readonly ExperienceKpi[];
  readonly services: Readonly<Record<ExperienceService, number>>;
  readonly floor: { readonly below: number; readonly cap: number };
  readonly worstHour: { readonly share: number; readonly minimum: number };
}

/** A setting that cannot hold, with its path below `experience`. */
export interface ExperienceProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/**
 * The model of settings, and what is wrong with them.
 * @example experienceModel({ kpis: { voice_drop: { weight: 0 } }, … }).model.kpis[1].weight // 0
 */
export function experienceModel(settings: Pick<ExperienceSettings, 'kpis' | 'services' | 'floor' | 'worstHour'>): {
  readonly model: ExperienceModel;
  readonly problems: readonly ExperienceProblem[];
} {
  const kpis = experienceKpis.map((kpi) => ({ ...kpi, ...settings.kpis[kpi.name] }));
  const names = experienceKpis.map(({ name }) => name);
  const unknown = Object.keys(settings.kpis)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: ['kpis', name], message: 'no such KPI', hint: `KPIs: ${names.join(', ')}.` }));
  const turned = experienceKpis.flatMap((standard, at) => {
    const { bad, good } = kpis[at]!;
    if (Math.sign(good - bad) === Math.sign(standard.good - standard.bad)) return [];
    const better = standard.good > standard.bad ? 'good must be above bad: more is better' : 'good must be below bad: less is better';
    return [{ path: ['kpis', standard.name], message: `bad ${bad} and good ${good}: ${better}`, hint: `Unit: ${standard.unit}.` }];
  });
  const mute = services.every((service) => settings.services[service] === 0)
    ? [{ path: ['services'], message: 'every weight is 0', hint: 'Give at least one service a weight.' }]
    : [];
  return {
    model: { kpis, services: settings.services, floor: settings.floor, worstHour: settings.worstHour },
    problems: [...unknown, ...turned, ...mute],
  };
}
