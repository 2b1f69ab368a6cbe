/** Objectives with their state, for the command line and the API. */
import { WeirError } from '../../core/errors.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import { type Objective, percentText, ruleText, type SloState, windowMs } from '../../detectors/service/slo/index.ts';
import type { Store } from '../../sql/store.ts';

/** As it is shown. Instants are ISO 8601; null = not known. */
export interface ShownObjective {
  readonly slo: string;
  readonly title: string;
  readonly service: string;
  readonly description: string;
  readonly method: string;
  /** Share that must be good, 0 to 1. */
  readonly target: number;
  /** `not_judged`: no process has looked at it yet. */
  readonly state: SloState | 'learning' | 'not_judged';
  readonly window: { readonly kind: string; readonly from: string | null; readonly to: string | null; readonly time_zone: string | null };
  readonly judged_to: string | null;
  readonly last_data_at: string | null;
  readonly good: number;
  readonly total: number;
  readonly share: number | null;
  readonly allowed: number;
  readonly budget_left: number | null;
  readonly burn: Readonly<Record<string, number>>;
  readonly firing: readonly string[];
  readonly rules: readonly { readonly name: string; readonly severity: string; readonly text: string }[];
  readonly notes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly file: string;
}

interface StateRow {
  readonly slo: string;
  readonly state: string;
  readonly window_from: string;
  readonly window_to: string;
  readonly judged_to: string;
  readonly last_data_at: string;
  readonly good: number;
  readonly total: number;
  readonly share: number | null;
  readonly allowed: number;
  readonly budget_left: number | null;
  readonly burn: Readonly<Record<string, number>>;
  readonly firing: readonly string[];
}

const iso = (text: string): string | null => {
  const instant = readInstant(text);
  return instant > 0 ? new Date(instant).toISOString() : null;
};

function shown(objective: Objective, row: StateRow | undefined): ShownObjective {
  const { window } = objective;
  return {
    slo: objective.identity,
    title: objective.title,
    service: objective.service,
    description: objective.description,
    method: objective.method,
    target: objective.target,
    state: (row?.state as SloState | undefined) ?? 'not_judged',
    window: {
      kind: window.kind,
      from: row ? iso(row.window_from) : null,
      to: row ? iso(row.window_to) : null,
      time_zone: window.kind === 'calendar' ? window.timeZone : null,
    },
    judged_to: row ? iso(row.judged_to) : null,
    last_data_at: row ? iso(row.last_data_at) : null,
    good: Number(row?.good ?? 0),
    total: Number(row?.total ?? 0),
    share: row?.share ?? null,
    allowed: Number(row?.allowed ?? 0),
    budget_left: row?.budget_left ?? null,
    burn: row?.burn ?? {},
    firing: row?.firing ?? [],
    rules: objective.rules.map((rule) => ({ name: rule.name, severity: rule.severity, text: ruleText(rule, windowMs(window)) })),
    notes: objective.notes,
    labels: objective.labels,
    file: objective.place,
  };
}

/** All objectives of the files with their state: those without data last, the least budget first. */
export async function listObjectives(
  store: Pick<Store, 'rows'>,
  tenant: string,
  objectives: readonly Objective[],
): Promise<readonly ShownObjective[]> {
  const rows = new Map((await store.rows<StateRow>('slo-states', { tenant })).map((row) => [row.slo, row]));
  return objectives
    .map((objective) => shown(objective, rows.get(objective.identity)))
    .sort((a, b) => (a.budget_left ?? 2) - (b.budget_left ?? 2) || (a.slo < b.slo ? -1 : 1));
}

export interface BurnPoint {
  readonly at: string;
  readonly state: string;
  readonly budget_left: number | null;
  readonly burn: Readonly<Record<string, number>>;
  readonly firing: readonly string[];
}

/** Most points of a history. */
const mostPoints = 500;

/** Burn rates and budget over time, at most 500 points. */
export async function burnHistory(
  store: Pick<Store, 'rows'>,
  tenant: string,
  slo: string,
  from: number,
  to: number,
): Promise<readonly BurnPoint[]> {
  const rows = await store.rows<Omit<BurnPoint, 'at'> & { readonly at: string }>('slo-history', {
    tenant,
    slo,
    from: writeInstant(Math.max(0, from)),
    to: writeInstant(to),
    step_seconds: Math.max(60, Math.ceil((to - from) / 1000 / mostPoints)),
  });
  return rows.map(({ at, state, budget_left, burn, firing }) => ({ at: iso(at) ?? '', state, budget_left, burn, firing }));
}

/** @throws WeirError not_found, with the names that there are */
export function objectiveNamed(objectives: readonly Objective[], name: string): Objective {
  const found = objectives.find(({ identity }) => identity === name);
  if (found) return found;
  throw new WeirError('not_found', `There is no objective ${name.slice(0, 80)}.`, {
    hint:
      objectives.length === 0
        ? 'slo.directory names no folder with objectives.'
        : `Known: ${objectives.map(({ identity }) => identity).join(', ')}.`,
  });
}

/** @example leftText(0.4213) // '42.1 %' */
export const leftText = (left: number | null): string => (left === null ? 'no data' : percentText(Math.round(left * 1e3) / 1e3));
