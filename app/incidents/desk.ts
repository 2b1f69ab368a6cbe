/**
 * The incident desk: findings and people's actions in, stored transitions out.
 *
 * Incidents stand in the table `incidents`, what became of each finding in `incident_findings`; the memory of the desk can be made again from
 * both, so a restart goes on where the last process stopped. Several desks may work at once: see `log.ts`.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { type Action, type ActResult, act } from '../../incidents/act.ts';
import { finished } from '../../incidents/finished.ts';
import type { IncidentSettings } from '../../incidents/settings.ts';
import { isActive } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import type { Lease } from '../outbox/lease.ts';
import type { PipelineFacts } from './facts.ts';
import { createFolding } from './folding.ts';
import { createIncidentLog, rounds } from './log.ts';
import { createStored, wordsPerQuery } from './stored.ts';
import { createWatch } from './watch.ts';

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

const sweepMs = 600_000;
const hourMs = 3_600_000;

/** Makes a desk for one tenant. */
export function createIncidentDesk(options: DeskOptions): IncidentDesk {
  const { store, clock, tenant, settings, log, facts, lease } = options;
  const listeners = new Set<(incident: Incident) => void>();
  const incidentLog = createIncidentLog(store, tenant);
  const stored = createStored(store, tenant);
  const folding = createFolding({ store, clock, tenant, settings, log, facts, incidentLog, stored, tell });
  const watch = createWatch({ clock, settings, incidentLog, stored });
  /** Findings that could not be folded because ClickHouse did not answer. */
  let kept: readonly Finding[] = [];
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two calls of one process need not race. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  const isOurs = async (): Promise<boolean> => lease === undefined || (await lease.heldUntil()) > 0;

  async function takeNow(findings: readonly Finding[]): Promise<Incident[]> {
    const own = findings.filter((finding) => finding.tenant === tenant);
    if (own.length < findings.length) log.error({ findings: findings.length - own.length }, 'findings of another tenant were refused');
    if (!(await isOurs())) {
      // Who holds the lease reads them from the table.
      folding.forget();
      kept = [];
      return [];
    }
    if (own.length === 0 && kept.length === 0 && !folding.due(clock.now())) return [];
    const all = [...kept, ...own];
    kept = [];
    try {
      return await folding.fold(all);
    } catch (error) {
      kept = all;
      // What it knows may be ahead of what is stored.
      folding.forget();
      throw error;
    }
  }

  function tell(incident: Incident): void {
    const { incident_id, sequence, transition, severity, category } = incident;
    log.info({ incident_id, sequence, transition, severity, category }, 'incident transition');
    for (const listener of listeners) listener(incident);
  }

  /** Stores a transition as the write after `generation`; undefined = another process was faster. */
  async function written(incident: Incident, generation: number): Promise<Incident | undefined> {
    const done = finished(incident, settings, clock.now());
    if (!(await incidentLog.write([done], generation, 'act'))) return undefined;
    tell(done);
    return done;
  }

  async function openNow(incident: Incident): Promise<boolean> {
    for (let round = 0; round < rounds; round += 1) {
      const generation = await incidentLog.generation();
      if ((await stored.byId(incident.incident_id)) !== undefined) return false;
      if (await written(incident, generation)) return true;
    }
    throw new Error('Other processes were faster each time.');
  }

  async function changeNow(incidentId: string, step: Step): Promise<DeskActResult> {
    for (let round = 0; round < rounds; round += 1) {
      const generation = await incidentLog.generation();
      const incident = await stored.byId(incidentId);
      if (incident === undefined) return { outcome: 'not_found' };
      const [latest] = await stored.byKeys([incident.incident_key]);
      const result = await step(incident, clock.now(), latest ?? incident);
      if (result.outcome === 'unchanged') return { outcome: 'unchanged', incident };
      if (result.outcome === 'refused') return result;
      const changed = await written(result.incident, generation);
      if (changed) return { outcome: 'changed', incident: changed };
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

  async function watchNow(): Promise<readonly Incident[]> {
    if (!(await isOurs())) return [];
    const transitions = await watch();
    for (const incident of transitions) tell(incident);
    return transitions;
  }

  async function sweepNow(ms: number): Promise<Incident[]> {
    const done: Incident[] = [];
    for (;;) {
      const words = await stored.undecided(clock.now() - ms);
      done.push(...(await takeNow(words)));
      if (words.length < wordsPerQuery || !(await isOurs())) return done;
    }
  }

  return {
    take: (findings) => inTurn(() => takeNow(findings)),
    act: (incidentId, action) => inTurn(() => actNow(incidentId, action)),
    change: (incidentId, step) => inTurn(() => changeNow(incidentId, step)),
    open: (incident) => inTurn(() => openNow(incident)),
    recover: (hours = 48) =>
      inTurn(async () => {
        const done = await sweepNow(hours * hourMs);
        folding.refold();
        return [...done, ...(await takeNow([]))];
      }),
    watch: () => inTurn(watchNow),
    sweep: () => inTurn(() => sweepNow(sweepMs)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sizes: folding.sizes,
  };
}
