/**
 * The incident desk: findings and people's actions in, stored transitions out.
 *
 * All state stands in the table `incidents` and is read for each decision, so a restart goes on where the last process stopped, and any
 * number of desks may work at once: a transition is inserted under the token of its incident and sequence, then read back. Who finds
 * another transition there has lost and decides again from what is true now.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { type Action, act } from '../../incidents/act.ts';
import { fold } from '../../incidents/fold.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import type { Store } from '../../sql/store.ts';
import { incidentRow } from './row.ts';

export interface DeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly settings: IncidentSettings;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export type DeskActResult =
  | { readonly outcome: 'changed' | 'unchanged'; readonly incident: Incident }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'not_found' };

export interface IncidentDesk {
  /**
   * Folds findings into incidents and stores what changed; answers the transitions that this desk stored. Rejects when ClickHouse does
   * not answer; the findings are kept and folded with the next call, which may bring none.
   */
  take(findings: readonly Finding[]): Promise<readonly Incident[]>;
  /** Does what a person asked for. */
  act(incidentId: string, action: Action): Promise<DeskActResult>;
  /**
   * Folds the latest stored word on each finding again. Call it after a start and every ten minutes: it makes good what a crash left
   * undone, tells updates that were too soon, and re-opens what a person resolved although it still fires.
   */
  recover(hours?: number): Promise<readonly Incident[]>;
  /** Calls `listener` with each transition that this desk stored. Answers how to stop it. */
  subscribe(listener: (incident: Incident) => void): () => void;
}

/** Keys in one look-up: they travel in the address of a request. */
const keysPerQuery = 500;
/** Transitions that are read back at once. */
const idsPerQuery = 250;
/** Inserts at the same time: each transition has a token of its own. */
const insertsAtOnce = 8;
/** How often a decision is taken anew because another process was faster. */
const rounds = 8;
/** Latest findings that are read for a recovery. */
const recoverLimit = 20_000;

/** Makes a desk for one tenant. Holds nothing but findings that wait for their time. */
export function createIncidentDesk(options: DeskOptions): IncidentDesk {
  const { store, clock, tenant, settings, log } = options;
  const listeners = new Set<(incident: Incident) => void>();
  /** Findings that were deferred, or that could not be folded because ClickHouse did not answer. */
  let kept: Finding[] = [];
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
    const all = latestPerKey(kept, own);
    kept = [];
    try {
      return await foldAll(all);
    } catch (error) {
      kept = latestPerKey(all, kept);
      throw error;
    }
  }

  async function foldAll(findings: readonly Finding[]): Promise<Incident[]> {
    const stored: Incident[] = [];
    let left = findings;
    for (let round = 0; left.length > 0; round += 1) {
      if (round === rounds) throw new Error('Other processes were faster each time.');
      const known = await latestOf([...new Set(left.map((finding) => finding.finding_key))]);
      const result = fold(known, left, settings, { now: clock.now(), hash });
      for (const { finding, reason } of result.ignored) {
        if (reason === 'unreadable') log.error({ detector: finding.detector, finding_key: finding.finding_key }, 'finding is unreadable');
      }
      const lost = await storeAll(result.transitions, stored);
      kept = [...kept, ...result.deferred.filter((finding) => !lost.has(finding.finding_key))];
      left = left.filter((finding) => lost.has(finding.finding_key));
    }
    return stored;
  }

  async function latestOf(keys: readonly string[]): Promise<Incident[]> {
    const incidents: Incident[] = [];
    for (let start = 0; start < keys.length; start += keysPerQuery) {
      const rows = await store.rows<BodyRow>('incident-latest-by-key', { tenant, keys: keys.slice(start, start + keysPerQuery) });
      for (const row of rows) incidents.push(incidentOf(row));
    }
    return incidents;
  }

  /** Stores transitions, those of one key in order. Answers the keys where another process was faster. */
  async function storeAll(transitions: readonly Incident[], stored: Incident[]): Promise<Set<string>> {
    const lost = new Set<string>();
    const chains = chainsOf(transitions);
    for (let step = 0; ; step += 1) {
      const next = chains.flatMap((chain) => chain[step] ?? []).filter((incident) => !lost.has(incident.incident_key));
      if (next.length === 0) return lost;
      for (const incident of await storeWinners(next, lost)) stored.push(incident);
    }
  }

  /** Stores one transition of each of several incidents. Answers those that stand; the keys of the others are `lost`. */
  async function storeWinners(incidents: readonly Incident[], lost: Set<string>): Promise<Incident[]> {
    const won: Incident[] = [];
    for (let start = 0; start < incidents.length; start += idsPerQuery) {
      const page = incidents.slice(start, start + idsPerQuery);
      await insertAll(page);
      const names = page.map((incident) => `${incident.incident_id}/${incident.sequence}`);
      const rows = await store.rows<WinnerRow>('incident-winners', { tenant, ids: page.map((incident) => incident.incident_id), names });
      const bodies = new Map(rows.map((row) => [`${row.incident_id}/${row.sequence}`, row.body]));
      for (const [index, incident] of page.entries()) {
        const body = bodies.get(names[index]!);
        if (body === undefined) throw new Error('A transition that was stored cannot be read back.');
        if (body === JSON.stringify(incident)) {
          won.push(incident);
          tell(incident);
        } else lost.add(incident.incident_key);
      }
    }
    return won;
  }

  async function insertAll(incidents: readonly Incident[]): Promise<void> {
    for (let start = 0; start < incidents.length; start += insertsAtOnce) {
      const inserts = incidents.slice(start, start + insertsAtOnce).map((incident) => {
        const token = `${tenant}/${incident.incident_id}/${incident.sequence}`;
        return store.insert('incidents', [incidentRow(incident)], token);
      });
      for (const result of await Promise.allSettled(inserts)) if (result.status === 'rejected') throw result.reason;
    }
  }

  function tell(incident: Incident): void {
    const { incident_id, sequence, transition, severity, category } = incident;
    log.info({ incident_id, sequence, transition, severity, category }, 'incident transition');
    for (const listener of listeners) listener(incident);
  }

  async function actNow(incidentId: string, action: Action): Promise<DeskActResult> {
    for (let round = 0; round < rounds; round += 1) {
      const row = (await store.rows<BodyRow>('incident-latest-by-id', { tenant, incident_id: incidentId }))[0];
      if (row === undefined) return { outcome: 'not_found' };
      const incident = incidentOf(row);
      const result = act(incident, action, clock.now());
      if (result.outcome === 'unchanged') return { outcome: 'unchanged', incident };
      if (result.outcome === 'refused') return result;
      if ((await storeWinners([result.incident], new Set())).length === 1) return { outcome: 'changed', incident: result.incident };
    }
    throw new Error('Other processes were faster each time.');
  }

  return {
    take: (findings) => inTurn(() => takeNow(findings)),
    act: (incidentId, action) => inTurn(() => actNow(incidentId, action)),
    recover: async (hours = 48) => {
      const from = writeInstant(clock.now() - hours * 3_600_000);
      const rows = await store.rows<BodyRow>('incident-findings', { tenant, from, limit: recoverLimit });
      return await inTurn(() => takeNow(rows.map((row) => JSON.parse(row.body) as Finding)));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface BodyRow {
  readonly body: string;
}

interface WinnerRow extends BodyRow {
  readonly incident_id: string;
  readonly sequence: string;
}

function incidentOf(row: BodyRow): Incident {
  return JSON.parse(row.body) as Incident;
}

/** Transitions of each key, in order. */
function chainsOf(transitions: readonly Incident[]): Incident[][] {
  const chains = new Map<string, Incident[]>();
  for (const incident of transitions) {
    const chain = chains.get(incident.incident_key);
    if (chain === undefined) chains.set(incident.incident_key, [incident]);
    else chain.push(incident);
  }
  return [...chains.values()];
}

/** What was kept, unless something newer about the same is given. New findings all stay: they may tell a whole history. */
function latestPerKey(older: readonly Finding[], newer: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of older) kept.set(finding.finding_key, finding);
  for (const finding of newer) kept.delete(finding.finding_key);
  return [...kept.values(), ...newer];
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
