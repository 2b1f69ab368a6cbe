/** Changes that took effect just before a finding began, as suspects: ranked by nearness in time and by what they touch. */
import type { ChangeSuspect, Explanation } from '../../core/finding.ts';

/** A change to the network, a system or a price. */
export interface Change {
  readonly change_id: string;
  readonly summary: string;
  /** When it took effect, ms since 1970 UTC. */
  readonly event_time: number;
  /** What it touches; empty when it does not say. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface SuspectOptions {
  /** When the deviation began, ms since 1970 UTC. */
  readonly beganAt: number;
  /** Labels of the finding. */
  readonly scope?: Readonly<Record<string, string>>;
  readonly explanations?: readonly Explanation[];
  /** How long before the start a change is still looked at, ms. Default 2 h. */
  readonly before?: number;
  /** How long after it (the start is an estimate), ms. Default 5 min. */
  readonly after?: number;
  /** Most suspects returned. Default 5. */
  readonly most?: number;
}

/** A suspect with what its rank rests on. */
export interface RankedSuspect extends ChangeSuspect {
  /** 0 to 1. */
  readonly weight: number;
  /** Start of the finding less the time of the change, ms; negative when the change came after. */
  readonly lead: number;
  /** Labels that agree with the finding or its explanation. */
  readonly shared: readonly string[];
}

const hour = 3_600_000;

/** A change loses half of its weight for each half hour that it came before the start. */
const halfLife = 1_800_000;

/** Weight of a change that names other values of the same labels: an explanation may be wrong, so it stays in sight. */
const elsewhere = 0.1;

/** Weight of a change that says nothing of what it touches. */
const unknownScope = 0.5;

/**
 * weight = 2^(-|lead| / 30 min) x overlap; overlap = 1 when a label agrees, 0.5 when none is shared, 0.1 when a shared label names another
 * value and none agrees. Only changes from `before` the start to `after` it. Equal weights: the later change, then the smaller id.
 * It says what to look at first, never what caused it.
 *
 * @example
 * const change = { change_id: 'C1', summary: 'New route', event_time: 0, labels: { partner: 'B' } };
 * suspects([change], { beganAt: 1_800_000, scope: { partner: 'B' } })[0].weight // 0.5
 */
export function suspects(changes: readonly Change[], options: SuspectOptions): RankedSuspect[] {
  const { beganAt, before = 2 * hour, after = hour / 12, most = 5 } = options;
  const touched = [options.scope ?? {}, ...(options.explanations ?? []).map(({ dimensions }) => dimensions)];
  const ranked: RankedSuspect[] = [];
  for (const { change_id, summary, event_time, labels } of changes) {
    const lead = beganAt - event_time;
    if (!(lead <= before && lead >= -after)) continue;
    const shared = Object.keys(labels).filter((label) => touched.some((values) => values[label] === labels[label]));
    const known = Object.keys(labels).some((label) => touched.some((values) => values[label] !== undefined));
    const overlap = shared.length > 0 ? 1 : known ? elsewhere : unknownScope;
    const weight = 2 ** (-Math.abs(lead) / halfLife) * overlap;
    ranked.push({ change_id, summary, event_time: new Date(event_time).toISOString(), weight, lead, shared: shared.sort() });
  }
  ranked.sort((a, b) => b.weight - a.weight || a.lead - b.lead || (a.change_id < b.change_id ? -1 : 1));
  return ranked.slice(0, most);
}

/**
 * Reads the scope column of a change event: label=value pairs, separated by commas, semicolons or blanks. What is no pair is passed over.
 * @example labelsOf('partner=B, node=msc-1') // { partner: 'B', node: 'msc-1' }
 */
export function labelsOf(scope: string): Record<string, string> {
  const labels: [string, string][] = [];
  for (const pair of scope.split(/[,;\s]+/)) {
    const at = pair.indexOf('=');
    if (at > 0 && at < pair.length - 1) labels.push([pair.slice(0, at), pair.slice(at + 1)]);
  }
  return Object.fromEntries(labels);
}
