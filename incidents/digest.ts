/** Once a day: what was too small to be told at once. Pure. */
import type { Incident } from '../core/incident.ts';
import { placed, type RoutingSettings } from './route.ts';
import { weirActor } from './transition.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Incidents that a digest names; the others are counted. */
const mostNamed = 20;

/**
 * The day whose digest is due, as local midnight; a digest is due from its minute of the day on.
 * @example digestDay({ at: 480 }, 86_400_000 + 7 * 3_600_000, (instant) => instant) // 0
 */
export function digestDay({ at }: { readonly at: number }, now: number, local: (instant: number) => number): number {
  return Math.floor((local(now) - at * minuteMs) / dayMs) * dayMs;
}

/** Key of the digest of a team and day: it is made once. */
export function digestKey(team: string, day: number): string {
  return `digest/${team}/${new Date(day).toISOString().slice(0, 10)}`;
}

/**
 * The digest of one team: an incident of category `digest` that is closed at once, told as the team is told.
 * @param incidents the latest transition of each, at least one
 */
export function digestOf(
  team: string,
  day: number,
  incidents: readonly Incident[],
  settings: RoutingSettings,
  of: { readonly now: number; readonly hash: (text: string) => string; readonly publicUrl: string },
): Incident {
  const at = new Date(of.now).toISOString();
  const key = digestKey(team, day);
  const { tenant } = incidents[0]!;
  const sorted = [...incidents].sort((a, b) => a.severity - b.severity || (b.rank ?? 0) - (a.rank ?? 0));
  const open = incidents.filter(({ state }) => state !== 'resolved' && state !== 'closed').length;
  const named = sorted.slice(0, mostNamed).map(({ severity, state, title }) => `[${severity}] ${title} (${state})`);
  const more = sorted.length > mostNamed ? [`and ${sorted.length - mostNamed} more`] : [];
  const title = `Digest: ${sorted.length} incident${sorted.length === 1 ? '' : 's'} of low severity, ${open} open`;
  const summary = [...named, ...more].join('; ');
  const id = `inc_${of.hash(JSON.stringify([tenant, key])).slice(0, 24)}`;
  const { finding } = sorted[0]!;
  const incident: Incident = {
    incident_key: key,
    incident_id: id,
    tenant,
    sequence: 1,
    transition: 'digest',
    state: 'closed',
    severity: sorted[0]!.severity,
    category: 'digest',
    title,
    summary,
    finding: {
      ...finding,
      finding_key: key,
      detector: 'digest',
      metric: 'incidents',
      kind: 'digest',
      scope: { team },
      title,
      summary,
      observed: sorted.length,
      expected: 0,
      lower: 0,
      upper: 0,
      unit: 'incidents',
      state: 'cleared',
      explanation: [],
      change_suspects: [],
      evidence: { sql: '', sample_record_ids: [] },
    },
    impact: {},
    explanation: [],
    change_suspects: [],
    team,
    assignee: '',
    timeline: [{ at, type: 'digest', actor: weirActor, text: summary }],
    began_at: at,
    detected_at: at,
    opened_at: at,
    resolved_at: at,
    closed_at: at,
    updated_at: at,
    related: sorted.map(({ incident_id }) => incident_id).slice(0, 100),
    links: of.publicUrl === '' ? {} : { incidents: `${of.publicUrl}/` },
  };
  return placed(incident, team, settings, of.now);
}
