/**
 * The incident desk: findings and people's actions in, stored transitions out.
 *
 * Incidents stand in the table `incidents`, what became of each finding in `incident_findings`; the memory of the desk can be made again from
 * both, so a restart goes on where the last process stopped. Several desks may work at once: see `log.ts`.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { type Action, type ActResult, act } from '../../incidents/act.ts';
import { digestDay, digestKey, digestOf } from '../../incidents/digest.ts';
import { escalated, unmuted } from '../../incidents/escalate.ts';
import { fold, merge } from '../../incidents/fold.ts';
import type { Correlated, Correlator } from '../../incidents/pipeline/correlator.ts';
import type { Decision } from '../../incidents/pipeline/decision.ts';
import { rankOf, stakeOf } from '../../incidents/pipeline/rank.ts';
import { mutedBy, type RoutingSettings, routed } from '../../incidents/route.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { severityOf } from '../../incidents/severity.ts';
import { isActive } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import type { Lease } from '../outbox/lease.ts';
import type { PipelineFacts } from './facts.ts';
import { createIncidentLog, type Standing } from './log.ts';
import { rememberedCorrelator } from './memory.ts';

export interface DeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly settings: IncidentSettings;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Maintenance, topology and changes. Without it nothing is held, and nothing stands behind anything. */
  readonly facts?: PipelineFacts;
  /** Where several processes detect: only who holds it folds, the others leave their findings to it. */
  readonly lease?: Lease;
}

export type DeskActResult =
  | { readonly outcome: 'changed' | 'unchanged'; readonly incident: Incident }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'not_found' };

/** Decides from an incident as it stands. `latest`: the latest incident of its key. */
export type Step = (incident: Incident, now: number, latest: Incident) => ActResult | Promise<ActResult>;

export interface IncidentDesk {
  /**
   * Folds findings into incidents and stores what changed; answers the transitions that this desk stored. Rejects when ClickHouse does
   * not answer; the findings are kept and folded with the next call, which may bring none.
   */
  take(findings: readonly Finding[]): Promise<readonly Incident[]>;
  /** Does what a person asked for. */
  act(incidentId: string, action: Action): Promise<DeskActResult>;
  /** Makes the transition that `step` decides on from how the incident stands; asked again when another process was faster. */
  change(incidentId: string, step: Step): Promise<DeskActResult>;
  /** Stores an incident that a person opened. False = it is there already. */
  open(incident: Incident): Promise<boolean>;
  /**
   * Folds what was found and not folded, and every incident that fires once more. Call it after a start and every ten minutes: it makes good
   * what a crash left undone, and re-opens what a person resolved although it still fires.
   */
  recover(hours?: number): Promise<readonly Incident[]>;
  /** Folds findings of the last minutes that nobody has folded: those of other processes. */
  sweep(): Promise<readonly Incident[]>;
  /** Does what time alone brings: escalation, the end of quiet hours, the digest. Call it every half minute or so. */
  watch(): Promise<readonly Incident[]>;
  /** Calls `listener` with each transition that this desk stored. Answers how to stop it. */
  subscribe(listener: (incident: Incident) => void): () => void;
  /** Findings that are known, held and in groups. */
  sizes(): { readonly keys: number; readonly held: number; readonly groups: number };
}

/** Keys in one look-up: they travel in the address of a request. */
const keysPerQuery = 500;
/** Incidents that are looked at for escalation at once, the most severe first. */
const mostWatched = 20_000;
/** How often a decision is taken anew because another process was faster. */
const rounds = 8;
/** Words that are read at once. */
const wordsPerQuery = 20_000;
/** An update that was too soon is looked at again after this long, ms. */
const laterMs = 60_000;
const sweepMs = 600_000;
const minuteMs = 60_000;

/** Makes a desk for one tenant. */
export function createIncidentDesk(options: DeskOptions): IncidentDesk {
  const { store, clock, tenant, settings, log, facts, lease } = options;
  const listeners = new Set<(incident: Incident) => void>();
  const incidentLog = createIncidentLog(store, tenant);
  const desk = createHash('sha256').update(`${process.pid}/${performance.timeOrigin}/${Math.random()}`).digest('hex').slice(0, 16);
  /** Findings that could not be folded because ClickHouse did not answer. */
  let kept: readonly Finding[] = [];
  let correlator: Correlator | undefined;
  let turns = 0;
  /** Day whose digests are known to be made. */
  let digested = Number.NaN;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two calls of one process need not race. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function takeNow(findings: readonly Finding[]): Promise<Incident[]> {
    const own = findings.filter((finding) => finding.tenant === tenant);
    if (own.length < findings.length) log.error({ findings: findings.length - own.length }, 'findings of another tenant were refused');
    if (lease && (await lease.heldUntil()) === 0) {
      // Who holds the lease reads them from the table.
      correlator = undefined;
      kept = [];
      return [];
    }
    if (own.length === 0 && kept.length === 0 && correlator && !correlator.due(clock.now())) return [];
    const all = [...kept, ...own];
    kept = [];
    try {
      return await foldAll(all);
    } catch (error) {
      kept = all;
      // What it knows may be ahead of what is stored.
      correlator = undefined;
      throw error;
    }
  }

  async function foldAll(findings: readonly Finding[]): Promise<Incident[]> {
    const stored: Incident[] = [];
    let words = findings;
    await facts?.refresh(clock.now());
    for (let round = 0; ; round += 1) {
      if (round === rounds) throw new Error('Other processes were faster each time.');
      const standing = await incidentLog.standing();
      if (!standing.foldedHere) correlator = undefined;
      correlator ??= await rememberedCorrelator(store, tenant, settings.pipeline, { now: clock.now(), active: standing.active, latestOf });
      const now = clock.now();
      const correlated = correlator.take(words, {
        now,
        held: (labels, at) => facts?.held(labels, at),
        topology: facts?.topology(),
        active: new Set(standing.active),
        severityOf: (finding) => severityOf({ ...finding, category: finding.kind }, settings.severity),
      });
      const done = await storeFolded(correlator, correlated, standing, now);
      if (done === undefined) {
        // Another process folded: everything is decided again from what is true now.
        correlator = undefined;
        continue;
      }
      stored.push(...done);
      await storeDecisions(correlated.decisions, now);
      if (correlated.reread.length === 0) return stored;
      words = await lastWordsOf(correlated.reread);
      if (words.length === 0) return stored;
    }
  }

  /** Folds and stores what was correlated. Undefined = another process folded meanwhile. */
  async function storeFolded(
    by: Correlator,
    { findings, merged }: Correlated,
    first: Standing,
    now: number,
  ): Promise<Incident[] | undefined> {
    let standing = first;
    const told = await suspected(findings, standing);
    const keys = [
      ...new Set([...told.map(({ finding_key }) => finding_key), ...merged.map(({ from }) => from), ...merged.map(({ into }) => into)]),
    ];
    if (keys.length === 0) return [];
    for (let round = 0; round < rounds; round += 1) {
      const known = await latestOf(keys);
      const result = fold(known, told, settings, { now, hash, notes: (key) => by.notes(key) });
      for (const finding of result.deferred) by.later(finding.finding_key, now + laterMs);
      const transitions = [...result.transitions, ...mergedOf(merged, [...known, ...result.transitions], now)].map((each) =>
        finished(each, now),
      );
      if (transitions.length === 0 || (await incidentLog.write(transitions, standing.generation, 'fold'))) {
        for (const incident of transitions) tell(incident);
        return transitions;
      }
      standing = await incidentLog.standing();
      if (!standing.foldedHere) return undefined;
    }
    throw new Error('Other processes were faster each time.');
  }

  /** Changes are looked for once, when an incident opens. */
  async function suspected(findings: readonly Finding[], { active }: Standing): Promise<readonly Finding[]> {
    if (facts === undefined) return findings;
    const known = new Set(active);
    const opening = findings.filter(({ finding_key }) => !known.has(finding_key));
    const filled = await facts.withSuspects(opening);
    const by = new Map(opening.map((finding, index) => [finding, filled[index]!]));
    return findings.map((finding) => by.get(finding) ?? finding);
  }

  function mergedOf(merged: Correlated['merged'], incidents: readonly Incident[], now: number): Incident[] {
    const latest = new Map(incidents.map((incident) => [incident.incident_key, incident]));
    return merged.flatMap(({ from, into, text }) => {
      const [one, other] = [latest.get(from), latest.get(into)];
      return one && other && isActive(one.state) ? [merge(one, other.incident_id, text, now)] : [];
    });
  }

  /** With rank, and for who gets it: what opens is routed, and each transition knows whether it is told now. */
  function finished(incident: Incident, now: number): Incident {
    const { muted: _before, ...rest } = incident.transition === 'opened' ? routed(incident, settings.routing, now) : incident;
    const muted = mutedBy(rest, settings.routing, now);
    return {
      ...rest,
      rank: rankOf(incident.severity, stakeOf(incident.impact, settings.pipeline, settings.severity)),
      ...(muted && { muted }),
    };
  }

  async function storeDecisions(decisions: readonly Decision[], now: number): Promise<void> {
    if (decisions.length === 0) return;
    const at = writeInstant(now);
    const rows = decisions.map(({ finding_key, detector, state, detected_at, outcome, step, text, incident_key }, number) => ({
      tenant,
      finding_key,
      detector,
      state,
      // A word that cannot be read may have a time that is none.
      detected_at: writeInstant(Number.isNaN(Date.parse(detected_at)) ? 0 : Date.parse(detected_at)),
      outcome,
      step,
      reason: text,
      incident_key,
      at,
      number,
    }));
    await store.insert('incident_findings', rows, `incident-findings/${desk}/${turns++}`);
    for (const { outcome, detector, finding_key } of decisions) {
      if (outcome === 'unreadable') log.error({ detector, finding_key }, 'finding is unreadable');
    }
  }

  async function latestOf(keys: readonly string[]): Promise<Incident[]> {
    return (await pages<BodyRow>('incident-latest-by-key', keys)).map(incidentOf);
  }

  async function lastWordsOf(keys: readonly string[]): Promise<Finding[]> {
    return (await pages<BodyRow>('incident-last-words', keys)).map(({ body }) => JSON.parse(body) as Finding);
  }

  async function pages<T>(query: string, keys: readonly string[]): Promise<T[]> {
    const rows: T[] = [];
    for (let start = 0; start < keys.length; start += keysPerQuery) {
      for (const row of await store.rows<T>(query, { tenant, keys: keys.slice(start, start + keysPerQuery) })) rows.push(row);
    }
    return rows;
  }

  function tell(incident: Incident): void {
    const { incident_id, sequence, transition, severity, category } = incident;
    log.info({ incident_id, sequence, transition, severity, category }, 'incident transition');
    for (const listener of listeners) listener(incident);
  }

  async function openNow(incident: Incident): Promise<boolean> {
    for (let round = 0; round < rounds; round += 1) {
      const generation = await incidentLog.generation();
      if ((await store.rows('incident-latest-by-id', { tenant, incident_id: incident.incident_id })).length > 0) return false;
      const opened = finished(incident, clock.now());
      if (await incidentLog.write([opened], generation, 'act')) {
        tell(opened);
        return true;
      }
    }
    throw new Error('Other processes were faster each time.');
  }

  async function changeNow(incidentId: string, step: Step): Promise<DeskActResult> {
    for (let round = 0; round < rounds; round += 1) {
      const generation = await incidentLog.generation();
      const row = (await store.rows<BodyRow>('incident-latest-by-id', { tenant, incident_id: incidentId }))[0];
      if (row === undefined) return { outcome: 'not_found' };
      const incident = incidentOf(row);
      const [latest] = await latestOf([incident.incident_key]);
      const result = await step(incident, clock.now(), latest ?? incident);
      if (result.outcome === 'unchanged') return { outcome: 'unchanged', incident };
      if (result.outcome === 'refused') return result;
      const changed = finished(result.incident, clock.now());
      if (await incidentLog.write([changed], generation, 'act')) {
        tell(changed);
        return { outcome: 'changed', incident: changed };
      }
    }
    throw new Error('Other processes were faster each time.');
  }

  function actNow(incidentId: string, action: Action): Promise<DeskActResult> {
    return changeNow(incidentId, (incident, now, latest) => {
      const result = act(incident, action, now);
      if (result.outcome === 'changed' && action.type === 'reopen' && latest.incident_id !== incidentId && isActive(latest.state)) {
        return { outcome: 'refused', reason: `It came back as ${latest.incident_id}, which is open.` };
      }
      return result;
    });
  }

  /** What time alone brings: escalation, the end of quiet hours, the digest. */
  async function watchNow(): Promise<Incident[]> {
    const { routing, publicUrl } = settings;
    if (!watches(routing) || (lease && (await lease.heldUntil()) === 0)) return [];
    for (let round = 0; round < rounds; round += 1) {
      const now = clock.now();
      const generation = await incidentLog.generation();
      const active = (await store.rows<BodyRow>('incidents-watched', { tenant, limit: mostWatched })).map(incidentOf);
      const transitions = [
        ...active.flatMap((incident) => escalated(incident, routing, now) ?? unmuted(incident, routing, now) ?? []),
        ...(await digestsDue(now, publicUrl)),
      ].map((each) => finished(each, now));
      if (transitions.length === 0) return [];
      if (await incidentLog.write(transitions, generation, 'watch')) {
        for (const incident of transitions) tell(incident);
        return transitions;
      }
    }
    throw new Error('Other processes were faster each time.');
  }

  async function digestsDue(now: number, publicUrl: string): Promise<Incident[]> {
    const { digest, local } = settings.routing;
    if (digest === undefined) return [];
    const day = digestDay(digest, now, local);
    if (day === digested) return [];
    const rows = await store.rows<BodyRow>('incidents-small', {
      tenant,
      from: writeInstant(Math.max(0, now - 86_400_000)),
      to: writeInstant(now),
      severity: digest.severity,
      limit: mostWatched,
    });
    const byTeam = new Map<string, Incident[]>();
    for (const incident of rows.map(incidentOf)) byTeam.set(incident.team, [...(byTeam.get(incident.team) ?? []), incident]);
    const made = new Set((await latestOf([...byTeam.keys()].map((team) => digestKey(team, day)))).map(({ incident_key }) => incident_key));
    const due = [...byTeam].filter(([team]) => !made.has(digestKey(team, day)));
    if (due.length === 0) digested = day;
    return due.map(([team, incidents]) => digestOf(team, day, incidents, settings.routing, { now, hash, publicUrl }));
  }

  async function undecided(ms: number): Promise<Finding[]> {
    const from = writeInstant(Math.max(0, clock.now() - ms));
    const rows = await store.rows<BodyRow>('incident-undecided', { tenant, from, limit: wordsPerQuery });
    return rows.map((row) => JSON.parse(row.body) as Finding);
  }

  async function sweepNow(ms: number): Promise<Incident[]> {
    const stored: Incident[] = [];
    for (;;) {
      const words = await undecided(ms);
      stored.push(...(await takeNow(words)));
      if (words.length < wordsPerQuery) return stored;
      if (lease && (await lease.heldUntil()) === 0) return stored;
    }
  }

  return {
    take: (findings) => inTurn(() => takeNow(findings)),
    act: (incidentId, action) => inTurn(() => actNow(incidentId, action)),
    change: (incidentId, step) => inTurn(() => changeNow(incidentId, step)),
    open: (incident) => inTurn(() => openNow(incident)),
    recover: (hours = 48) =>
      inTurn(async () => {
        const stored = await sweepNow(hours * 60 * minuteMs);
        correlator?.refold();
        return [...stored, ...(await takeNow([]))];
      }),
    watch: () => inTurn(watchNow),
    sweep: () => inTurn(() => sweepNow(sweepMs)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sizes: () => correlator?.sizes() ?? { keys: 0, held: 0, groups: 0 },
  };
}

/** Whether anything happens by time alone. */
function watches({ acknowledgeMinutes, resolveMinutes, quiet, digest }: RoutingSettings): boolean {
  return quiet !== undefined || digest !== undefined || [...acknowledgeMinutes, ...resolveMinutes].some((minutes) => minutes > 0);
}

interface BodyRow {
  readonly body: string;
}

function incidentOf(row: BodyRow): Incident {
  return JSON.parse(row.body) as Incident;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
