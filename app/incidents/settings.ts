/** What the settings file says about incidents, as the incident desk understands it. */
import type { Settings } from '../../core/settings/index.ts';
import { type Debounce, defaultPipelineSettings, type PipelineSettings } from '../../incidents/pipeline/settings.ts';
import type { RoutingSettings } from '../../incidents/route.ts';
import { defaultIncidentSettings, type IncidentSettings, type SeverityLimits } from '../../incidents/settings.ts';
import { zoneNamed } from '../../ingest/decode/zone.ts';
import { civilDate, localOf } from '../calendar/civil.ts';

const minuteMs = 60_000;

/** Settings of the desk. @param publicUrl where people reach the console, for links */
export function incidentSettings(settings: Settings, publicUrl: string = settings.http.publicUrl): IncidentSettings {
  const { reopenWithinMinutes, team, severityMoney, severityCustomers, pipeline } = settings.incidents;
  return {
    ...defaultIncidentSettings,
    severity: {
      ...defaultIncidentSettings.severity,
      currency: settings.currency,
      money: limitsOf(severityMoney),
      customers: limitsOf(severityCustomers),
    },
    reopenMinutes: reopenWithinMinutes,
    pipeline: pipelineSettings(pipeline),
    routing: routingSettings(settings),
    teams: team === '' ? defaultIncidentSettings.teams : { other: team },
    publicUrl: publicUrl.replace(/\/+$/, ''),
  };
}

/** Falling limits; the schema has checked that there are four. */
function limitsOf(limits: readonly number[]): SeverityLimits {
  const [first, second, third, fourth] = [...limits].sort((a, b) => b - a);
  return [first!, second!, third!, fourth!];
}

/** Teams, routes and times as the settings set them, which have been checked. */
function routingSettings({ incidents, timeZone }: Settings): RoutingSettings {
  const zone = zoneNamed(timeZone) ?? zoneNamed('UTC')!;
  const { quietHours: quiet, digest } = incidents;
  return {
    teams: Object.fromEntries(
      Object.entries(incidents.teams).map(([name, { onCall, ...team }]) => [
        name,
        {
          ...team,
          ...(onCall && {
            rota: {
              people: onCall.people,
              days: onCall.rotates === 'daily' ? 1 : 7,
              first: civilDate(onCall.since) ?? 0,
              at: minuteOf(onCall.at),
              instead: onCall.instead.map(({ from, to, person }) => ({ from: civilDate(from) ?? 0, to: civilDate(to) ?? 0, person })),
            },
          }),
        },
      ]),
    ),
    routes: incidents.routes,
    acknowledgeMinutes: incidents.acknowledgeMinutes,
    resolveMinutes: incidents.resolveMinutes,
    quiet:
      quiet.from === '' || quiet.to === '' ? undefined : { from: minuteOf(quiet.from), to: minuteOf(quiet.to), severity: quiet.severity },
    digest: digest.at === '' ? undefined : { at: minuteOf(digest.at), severity: digest.severity },
    local: (instant) => localOf(instant, zone),
  };
}

/** Minute of the day of HH:MM. */
function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A problem of the settings, at a path below `incidents`. */
export interface RoutingProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** What the schema cannot say of routes: that teams and targets exist, that nobody escalates in a circle, that days are days. */
export function routingProblems(settings: Settings): readonly RoutingProblem[] {
  const { teams, routes, quietHours } = settings.incidents;
  const problems: RoutingProblem[] = [];
  const known = Object.keys(teams);
  const targets = targetNamesOf(settings);
  const teamHint = known.length === 0 ? 'Name it under incidents.teams.' : `Teams: ${known.join(', ')}.`;
  const check = (path: readonly string[], named: readonly string[]): void => {
    for (const each of named) {
      if (!targets.includes(each))
        problems.push({
          path,
          message: `there is no target ${each}`,
          hint: targets.length === 0 ? 'Name it under webhooks or targets.' : `Targets: ${targets.join(', ')}.`,
        });
    }
  };
  for (const [name, { escalateTo, onCall, targets: told }] of Object.entries(teams)) {
    check(['teams', name, 'targets'], told);
    if (escalateTo !== '' && !(escalateTo in teams))
      problems.push({ path: ['teams', name, 'escalateTo'], message: `there is no team ${escalateTo}`, hint: teamHint });
    const seen = new Set<string>();
    for (let at = name; at !== '' && at in teams; at = teams[at]!.escalateTo) {
      if (seen.has(at)) {
        problems.push({
          path: ['teams', name, 'escalateTo'],
          message: 'it comes back to a team that had it',
          hint: 'Escalation has to end at a team.',
        });
        break;
      }
      seen.add(at);
    }
    const days = onCall === undefined ? [] : [onCall.since, ...onCall.instead.flatMap(({ from, to }) => [from, to])];
    for (const each of days)
      if (civilDate(each) === undefined)
        problems.push({ path: ['teams', name, 'onCall'], message: `${each} is not a day`, hint: 'YYYY-MM-DD' });
  }
  for (const [at, { team, targets: told }] of routes.entries()) {
    check(['routes', String(at), 'targets'], told);
    if (!(team in teams)) problems.push({ path: ['routes', String(at), 'team'], message: `there is no team ${team}`, hint: teamHint });
  }
  if ((quietHours.from === '') !== (quietHours.to === ''))
    problems.push({ path: ['quietHours'], message: 'they need a beginning and an end', hint: 'Give from and to.' });
  return problems;
}

/** Names that a route may name: webhooks, other targets, the topic of incidents. */
function targetNamesOf(settings: Settings): readonly string[] {
  const others = (settings as { readonly targets?: Readonly<Record<string, unknown>> }).targets ?? {};
  const topic = settings.kafka.incidentsTopic === '' ? [] : [`topic:${settings.kafka.incidentsTopic}`];
  return [...settings.webhooks.map(({ name }) => name), ...Object.keys(others), ...topic];
}

/** The steps of the pipeline as the settings set them. */
function pipelineSettings(set: Settings['incidents']['pipeline']): PipelineSettings {
  return {
    ...defaultPipelineSettings,
    minimumCompleteness: set.minimumCompleteness,
    debounce: {
      ...defaultPipelineSettings.debounce,
      ...Object.fromEntries(Object.entries(set.debounce).map(([name, text]) => [name, debounceOf(text)])),
    },
    settleMs: set.resolveAfterMinutes * minuteMs,
    flapping: { ...defaultPipelineSettings.flapping, changes: set.flappingChanges, withinMs: set.flappingMinutes * minuteMs },
    holdMs: set.holdSeconds * 1000,
    nearMs: set.nearMinutes * minuteMs,
    overlap: set.overlap,
    minimumCover: set.minimumCover,
    minimumChildren: set.minimumChildren,
    minimumShare: set.minimumShare,
    customerWorth: set.customerWorth,
    segmentWeights: set.segmentWeights,
  };
}

/** `n of m`, whose form the schema has checked; no more than all of them. */
function debounceOf(text: string): Debounce {
  const [n = 1, of = 1] = text.split(' of ').map(Number);
  return { n: Math.min(n, of), of };
}
