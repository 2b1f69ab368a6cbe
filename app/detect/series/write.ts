/** Rows about series as they are stored: scores of marked and pinned ones, and how each stands. */
import { findingKey } from '../../../core/key.ts';
import { writeInstant } from '../../../core/row.ts';
import { bandOf, labelsOf, type Part, visibleDropOf } from '../../../detectors/series/index.ts';

/** -log10 p from which a series is marked. */
const markedScore = 3;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const keyOf = (tenant: string, { definition }: Part, labels: Readonly<Record<string, string>>): string =>
  findingKey(tenant, definition.identity, definition.metric.name, labels);

/** Scores of the last bucket: of what is marked or open, and of pinned series. */
export function scoreRows(tenant: string, part: Part, pinned: readonly number[], instant: number): readonly object[] {
  const { definition, state } = part;
  const { bank, nodes, persistence, value } = state;
  const always = new Set(pinned);
  const rows: object[] = [];
  const time = writeInstant(part.judgedTo() - definition.bucketMs);
  const at = writeInstant(instant);
  for (let node = 0; node < nodes.size; node++) {
    const marked = bank.score[node]! >= markedScore || persistence.open[node] === 1;
    if (!(marked || always.has(node)) || Number.isNaN(value[node]!)) continue;
    const scope = labelsOf(part, node);
    rows.push({
      tenant,
      series_key: keyOf(tenant, part, scope),
      detector: definition.identity,
      metric: definition.metric.name,
      scope,
      event_time: time,
      observed: value[node],
      ...bandOf(state, node),
      score: bank.score[node],
      profile_version: part.judgedTo(),
      pinned: !marked,
      scored_at: at,
    });
  }
  return rows;
}

/** How the series stand whose nodes lie in [from, to), with the smallest drop that each would show within an hour. */
export function seriesRows(tenant: string, part: Part, instant: number, from: number, to: number): readonly object[] {
  const { definition, state } = part;
  const { bank, nodes, persistence, value, firstSeen } = state;
  const limit = part.limit();
  const judgedTo = writeInstant(part.judgedTo());
  const at = writeInstant(instant);
  const rows: object[] = [];
  for (let node = from; node < Math.min(to, nodes.size); node++) {
    if (Number.isNaN(firstSeen[node]!)) continue;
    const scope = labelsOf(part, node);
    const { expected, lower, upper } = bandOf(state, node);
    rows.push({
      tenant,
      detector: definition.identity,
      series_key: keyOf(tenant, part, scope),
      metric: definition.metric.name,
      scope,
      unit: definition.metric.unit,
      first_seen: writeInstant(firstSeen[node]!),
      judged_to: judgedTo,
      bucket_seconds: definition.bucketMs / 1000,
      observed: finite(value[node]!),
      expected: finite(expected),
      lower: finite(lower),
      upper: finite(upper),
      score: bank.score[node],
      visible_drop: visibleDropOf(part, node, limit),
      open: persistence.open[node] === 1,
      updated_at: at,
    });
  }
  return rows;
}
