/** Who gets an incident: the first route that fits, by what explains it, its money and its severity. Pure. */
import type { Incident } from '../core/incident.ts';
import { onCallAt, type Rota } from './on-call.ts';

/** A team that works on incidents. */
export interface Team {
  /** 1 first line, 2 second line, 3 experts. */
  readonly line: number;
  /** Names of targets that tell it; empty = all. */
  readonly targets: readonly string[];
  /** Team that takes over what this one does not acknowledge or resolve in time; empty = none. */
  readonly escalateTo: string;
  readonly rota?: Rota;
}

/** A route: all that it names must hold. */
export interface Route {
  /** Labels of the scope or of what explains at least half of it, `detector`, `metric`, `kind`: a value may end with `*`. */
  readonly match: Readonly<Record<string, string>>;
  /** Least severe severity: 2 = critical and major. */
  readonly severity: number;
  /** In the currency of the tenant. */
  readonly minimumMoney: number;
  readonly minimumCustomers: number;
  readonly team: string;
  /** In place of those of the team. */
  readonly targets: readonly string[];
}

/** Hours of the local day, minutes from midnight; the end may lie before the start: on the next day. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export interface RoutingSettings {
  readonly teams: Readonly<Record<string, Team>>;
  readonly routes: readonly Route[];
  /** By severity 1 to 5, minutes until what nobody has acknowledged is escalated; 0 = never. */
  readonly acknowledgeMinutes: readonly number[];
  /** The same for what is not resolved. */
  readonly resolveMinutes: readonly number[];
  /** Incidents of this severity and less severe ones are not told in these hours, but afterwards. */
  readonly quiet: (Hours & { readonly severity: number }) | undefined;
  /** Incidents of this severity and less severe ones are told once a day, at this minute of it. */
  readonly digest: { readonly at: number; readonly severity: number } | undefined;
  /** What the clock on the wall shows at an instant, ms as if it were UTC. */
  readonly local: (instant: number) => number;
}

/** No routes: teams by category, every target gets everything, nothing is escalated. */
export const defaultRoutingSettings: RoutingSettings = {
  teams: {},
  routes: [],
  acknowledgeMinutes: [],
  resolveMinutes: [],
  quiet: undefined,
  digest: undefined,
  local: (instant) => instant,
};

const dayMinutes = 1_440;

/**
 * Labels by which an incident is routed: its scope, and the dimensions that explain at least half of it.
 * @example routeLabels({ finding: { scope: { leg: 'a' }, detector: 'S01', metric: 'm' }, category: 'revenue', explanation: [{ dimensions: { partner: 'x' }, share: 0.9, remaining: 0.1 }] }) // { leg: 'a', detector: 'S01', metric: 'm', kind: 'revenue', partner: 'x' }
 */
export function routeLabels(incident: {
  readonly finding: Pick<Incident['finding'], 'scope' | 'detector' | 'metric'>;
  readonly category: string;
  readonly explanation: Incident['explanation'];
}): Readonly<Record<string, string>> {
  const { finding, category, explanation } = incident;
  const explained = explanation.filter(({ share }) => share >= 0.5).map(({ dimensions }) => dimensions);
  return Object.assign({ ...finding.scope, detector: finding.detector, metric: finding.metric, kind: category }, ...explained) as Record<
    string,
    string
  >;
}

function fits(
  { match, severity, minimumMoney, minimumCustomers }: Route,
  incident: Incident,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (incident.severity > severity) return false;
  if (minimumMoney > 0 && !(Math.abs(Number(incident.impact.money?.amount ?? 0)) >= minimumMoney)) return false;
  if (minimumCustomers > 0 && !((incident.impact.customers?.count ?? 0) >= minimumCustomers)) return false;
  return Object.entries(match).every(([name, wanted]) => {
    const value = labels[name];
    if (value === undefined) return false;
    return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted;
  });
}

/** The incident with the team, line, targets and person on call that its route says. Without a route that fits it stays with its team. */
export function routed(incident: Incident, settings: RoutingSettings, now: number): Incident {
  const labels = routeLabels(incident);
  const at = settings.routes.findIndex((route) => fits(route, incident, labels));
  const route = settings.routes[at];
  if (route === undefined) return placed(incident, incident.team, settings, now);
  const match = Object.entries(route.match).map(([name, value]) => `${name}=${value}`);
  const text = `Route ${at + 1}${match.length > 0 ? ` (${match.join(', ')})` : ''}: team ${route.team}.`;
  const reasons = [...(incident.reasons ?? []), { step: 'route', text }];
  return placed({ ...incident, reasons }, route.team, settings, now, route.targets);
}

/** An incident in the hands of a team. */
export function placed(
  incident: Incident,
  team: string,
  { teams, local }: RoutingSettings,
  now: number,
  targets: readonly string[] = [],
): Incident {
  const known = teams[team];
  const { on_call: _before, ...rest } = incident;
  const person = known?.rota === undefined ? undefined : onCallAt(known.rota, now, local);
  const told = targets.length > 0 ? targets : (known?.targets ?? []);
  return {
    ...rest,
    team,
    line: known?.line ?? 1,
    ...(told.length > 0 && { targets: [...told] }),
    ...(person !== undefined && { on_call: person }),
  };
}

/**
 * Whether the local clock is within hours.
 * @example within({ from: 1320, to: 420 }, 30 * 60_000, (instant) => instant) // true
 */
export function within({ from, to }: Hours, now: number, local: (instant: number) => number): boolean {
  const minute = Math.floor(local(now) / 60_000) % dayMinutes;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Why a transition is not told now: `digest` once a day, `quiet` after the quiet hours; undefined = it is told. */
export function mutedBy(
  incident: Pick<Incident, 'severity' | 'category'>,
  { digest, quiet, local }: RoutingSettings,
  now: number,
): 'digest' | 'quiet' | undefined {
  if (incident.category === 'digest') return undefined;
  if (digest !== undefined && incident.severity >= digest.severity) return 'digest';
  return quiet !== undefined && incident.severity >= quiet.severity && within(quiet, now, local) ? 'quiet' : undefined;
}

/**
 * Whether a target is told of a transition.
 * @example wantedBy({ targets: ['tickets'] }, 'pager') // false
 */
export function wantedBy({ targets, muted }: Pick<Incident, 'targets' | 'muted'>, target: string): boolean {
  return muted === undefined && (targets === undefined || targets.includes(target));
}
