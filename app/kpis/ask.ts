/** What may be asked of a KPI: checked here, for the API and the command line alike. */
import { WeirError } from '../../core/errors.ts';
import type { Window } from '../../core/finding.ts';
import { type KpiDefinition, kpiNamed, kpis } from '../../detectors/service/kpis/index.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Longest stretch of one question. */
const mostDays = 400;
/** Most steps of a series in one answer. */
const mostSteps = 2_000;
/** Most points of all series in one answer. */
const mostPoints = 100_000;

/** What is asked of a KPI. Instants in ms since 1970. */
export interface KpiQuestion {
  readonly kpi: KpiDefinition;
  readonly window: Window;
  /** Length of a step, a whole number of minutes; 0 = one figure for the whole window. */
  readonly stepMs: number;
  /** At most two of the dimensions of the KPI. */
  readonly by: readonly string[];
  /** Leg that it is read from; empty = the best that there is. */
  readonly leg: string;
  /** Values that are kept, by dimension: at most two dimensions. */
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** Groups that are answered, those with the largest volume first. */
  readonly limit: number;
}

/**
 * The KPI of that name.
 * @throws WeirError not_found, with the names that there are
 */
export function knownKpi(name: string): KpiDefinition {
  const kpi = kpiNamed(name);
  if (kpi) return kpi;
  throw new WeirError('not_found', `There is no KPI ${name.slice(0, 80)}.`, {
    hint: `Known: ${kpis.map((each) => each.name).join(', ')}.`,
  });
}

/**
 * The window widened to whole minutes, and checked.
 * @throws WeirError usage
 */
export function kpiWindow(window: Window): Window {
  const from = Math.floor(window.from / minuteMs) * minuteMs;
  const to = Math.ceil(window.to / minuteMs) * minuteMs;
  if (!(from >= 0 && from < to)) throw refused('The window is empty.', '`from` lies before `to`.');
  if (to / 1000 >= 2 ** 32) throw refused('The window ends too late.', 'Before the year 2106.');
  if (to - from > mostDays * dayMs) throw refused(`The window is longer than ${mostDays} days.`, 'Ask for a part of it.');
  return { from, to };
}

const refused = (message: string, hint: string): WeirError => new WeirError('usage', message, { hint });

/**
 * The question with its bounds checked; the window is widened to whole minutes.
 * @throws WeirError usage
 */
export function kpiQuestion(asked: KpiQuestion): KpiQuestion {
  const { kpi, by, only, limit, stepMs, leg } = asked;
  const wrong = (message: string, hint: string): never => {
    throw refused(message, hint);
  };
  const { from, to } = kpiWindow(asked.window);
  if (!(stepMs >= 0 && stepMs % minuteMs === 0)) wrong('The step is not a whole number of minutes.', 'E.g. 300 (seconds).');
  const known = `${kpi.name} can be cut by ${kpi.dimensions.join(', ')}.`;
  if (by.length > 2 || new Set(by).size < by.length) wrong('At most two different dimensions.', known);
  for (const dimension of [...by, ...Object.keys(only)])
    if (!kpi.dimensions.includes(dimension)) wrong(`${kpi.name} has no dimension ${dimension.slice(0, 80)}.`, known);
  if (Object.keys(only).length > 2) wrong('Values of at most two dimensions can be asked for.', known);
  if (leg !== '' && kpi.legs.length === 0) wrong(`${kpi.name} is not read from a leg.`, known);
  const steps = stepMs === 0 ? 1 : Math.ceil((to - from) / stepMs);
  if (steps > mostSteps) wrong(`More than ${mostSteps} steps.`, 'Ask for a longer step or a shorter window.');
  if (steps * (by.length === 0 ? 1 : limit) > mostPoints)
    wrong(`More than ${mostPoints} points.`, 'Ask for fewer groups (limit), a longer step or a shorter window.');
  return { ...asked, window: { from, to } };
}
