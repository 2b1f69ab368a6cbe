/** What stands around a finding: the cells of its leg in the same stretch, the changes before it, and gaps in the data it rests on. */
import type { ChangeSuspect, Explanation, Finding } from '../../../core/finding.ts';
import { readInstant, writeInstant } from '../../../core/row.ts';
import { labelsOf as changeLabels, suspects } from '../../../detectors/explain/suspects.ts';
import { cellDimensions, type Metric, type Part, type UsageCells, whereParams } from '../../../detectors/series/index.ts';
import type { SeriesStore } from './port.ts';

const deadline = { timeoutMs: 30_000 };
/** The largest cells that are read of a leg. */
const mostCells = 100_000;
const hourMs = 3_600_000;
/** How far the beginnings of a gap in the data and of a drop may lie apart to be one matter. */
const nearMs = 3 * hourMs;
/** Controls that say data is missing, or is there twice. */
const missing: readonly string[] = ['S01', 'S02', 'S03', 'S04', 'S12'];
const doubled: readonly string[] = ['S10'];

/** Cells of the leg of a part in [from, to) beside the weeks before. */
export async function cellsOf(store: SeriesStore, tenant: string, part: Part, from: number, to: number): Promise<UsageCells> {
  const { metric } = part.definition;
  const columns = await store.columns(
    'series-cells',
    {
      tenant,
      leg: part.fixed,
      ...whereParams(part.definition),
      numerator: metric.numerator,
      denominator: metric.denominator || 'records',
      from: writeInstant(from),
      to: writeInstant(to),
      most: mostCells,
    },
    deadline,
  );
  const labels = Object.fromEntries(cellDimensions.map((dimension, at) => [dimension, columns[at] ?? []]));
  const figures = (at: number) => (columns[cellDimensions.length + at] ?? []) as readonly number[];
  return {
    labels: labels as unknown as UsageCells['labels'],
    nowUp: figures(0),
    nowDown: figures(1),
    usualUp: figures(2),
    usualDown: figures(3),
  };
}

/** Changes near the beginning of a finding, the likeliest first. */
export async function suspectsOf(
  store: SeriesStore,
  tenant: string,
  of: { beganAt: number; scope: Readonly<Record<string, string>>; explanations: readonly Explanation[] },
): Promise<readonly ChangeSuspect[]> {
  const params = { tenant, from: writeInstant(of.beganAt - 2 * hourMs), to: writeInstant(of.beganAt + hourMs / 12) };
  const rows = await store.rows<{ change_id: string; what: string; at: string; touches: string }>('series-changes', params, deadline);
  const changes = rows.map(({ change_id, what, at, touches }) => ({
    change_id,
    summary: what,
    event_time: readInstant(at),
    labels: changeLabels(touches),
  }));
  return suspects(changes, of).map(({ change_id, summary, event_time }) => ({ change_id, summary, event_time }));
}

/**
 * Whether a finding that stands says that data of the leg is missing (or, for a surge, there twice) around an instant: then a node that
 * fell as a whole has lost its records, not its traffic.
 */
export function dataGapNear(
  firing: readonly Finding[],
  metric: Metric,
  of: { leg: string; direction: 'down' | 'up'; beganAt: number },
  legOf: (source: string) => string | undefined,
): boolean {
  if (metric.table !== 'usage') return false;
  const controls = of.direction === 'down' ? missing : doubled;
  return firing.some((finding) => {
    if (!controls.includes(finding.detector)) return false;
    const leg = finding.scope['leg'] || legOf(finding.scope['source'] ?? '');
    if (leg !== undefined && leg !== of.leg) return false;
    const from = Math.min(Date.parse(finding.began_at), Date.parse(finding.window.from));
    return from - nearMs <= of.beganAt && of.beganAt <= Math.max(from, Date.parse(finding.window.to)) + nearMs;
  });
}
