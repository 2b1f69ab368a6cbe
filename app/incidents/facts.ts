/** What the pipeline has to know besides findings: maintenance, topology, changes. Read again from time to time. */
import type { Logger } from 'pino';
import type { Finding } from '../../core/finding.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type Change, labelsOf, suspects } from '../../detectors/explain/suspects.ts';
import { type Edge, type Topology, topologyOf } from '../../incidents/pipeline/topology.ts';
import type { Store } from '../../sql/store.ts';
import { createMaintenance, type Hold } from '../maintenance/maintenance.ts';

export interface PipelineFacts {
  /** Reads again what is old. What cannot be read stays as it was. */
  refresh(now: number): Promise<void>;
  held(labels: Readonly<Record<string, string>>, at: number): Hold | undefined;
  topology(): Topology | undefined;
  /** Fills in the changes just before each finding that names none, the likeliest first. */
  withSuspects(findings: readonly Finding[]): Promise<readonly Finding[]>;
}

const maintenanceEveryMs = 30_000;
const topologyEveryMs = 60_000;
/** Edges that are kept in memory. */
const mostEdges = 1_000_000;
const hourMs = 3_600_000;
/** A stretch with more changes than one query brings is not looked at. */
const longestStretchMs = 7 * 24 * hourMs;
const deadline = { timeoutMs: 30_000 };

export function createPipelineFacts(options: {
  readonly store: Store;
  readonly tenant: string;
  readonly settings: Pick<Settings, 'calendars' | 'timeZone'>;
  readonly log: Pick<Logger, 'warn'>;
}): PipelineFacts {
  const { store, tenant, log } = options;
  const maintenance = createMaintenance(options);
  let maintainedAt = Number.NEGATIVE_INFINITY;
  let edgesAt = Number.NEGATIVE_INFINITY;
  let mark = '';
  let topology: Topology | undefined;

  async function readTopology(now: number): Promise<void> {
    const at = writeInstant(now);
    const [row] = await store.rows<object>('topology-mark', { tenant, at }, deadline);
    const seen = JSON.stringify(row);
    if (seen === mark) return;
    const [parentTypes = [], parents = [], childTypes = [], children = []] = (await store.columns(
      'topology-edges',
      { tenant, at, limit: mostEdges },
      { timeoutMs: 120_000 },
    )) as readonly (readonly string[])[];
    const edges = function* (): Iterable<Edge> {
      for (let row = 0; row < parents.length; row++) {
        yield { parent_type: parentTypes[row]!, parent: parents[row]!, child_type: childTypes[row]!, child: children[row]! };
      }
    };
    if (parents.length === mostEdges) log.warn({ edges: mostEdges }, 'the topology is too large, the oldest edges are left out');
    topology = parents.length === 0 ? undefined : topologyOf(edges());
    mark = seen;
  }

  async function tryTo(what: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      log.warn({ error: String(error), what }, 'could not be read, incidents go on with what is known');
    }
  }

  return {
    async refresh(now) {
      if (now - maintainedAt >= maintenanceEveryMs) {
        maintainedAt = now;
        await tryTo('maintenance', () => maintenance.refresh(now));
      }
      if (now - edgesAt >= topologyEveryMs) {
        edgesAt = now;
        await tryTo('topology', () => readTopology(now));
      }
    },
    held: (labels, at) => (maintenance.any(at, at + 1) ? maintenance.holds(labels, at, at + 1) : undefined),
    topology: () => topology,
    async withSuspects(findings) {
      const wanted = findings.filter(({ state, change_suspects }) => state === 'firing' && change_suspects.length === 0);
      if (wanted.length === 0) return findings;
      const starts = wanted.map(({ began_at }) => Date.parse(began_at)).filter((at) => at > 0);
      const [from, to] = [Math.min(...starts) - 2 * hourMs, Math.max(...starts) + hourMs / 12];
      if (!(to - from < longestStretchMs)) return findings;
      let changes: readonly Change[] = [];
      await tryTo('changes', async () => {
        const rows = await store.rows<{ change_id: string; what: string; at: string; touches: string }>(
          'series-changes',
          { tenant, from: writeInstant(Math.max(0, from)), to: writeInstant(to) },
          deadline,
        );
        changes = rows.map(({ change_id, what, at, touches }) => ({
          change_id,
          summary: what,
          event_time: readInstant(at),
          labels: labelsOf(touches),
        }));
      });
      if (changes.length === 0) return findings;
      return findings.map((finding) => {
        if (!wanted.includes(finding)) return finding;
        const found = suspects(changes, { beganAt: Date.parse(finding.began_at), scope: finding.scope, explanations: finding.explanation });
        return { ...finding, change_suspects: found.map(({ change_id, summary, event_time }) => ({ change_id, summary, event_time })) };
      });
    },
  };
}
