/** A topology that contradicts itself: circles, validity that ends before it begins, an element in two trees at once. */
import { calm, define, type Evaluation, type Judgement } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, utc } from '../../controls/texts.ts';
import { circlesOf } from './circles.ts';
import { elementText, type PlacedEdge } from './edge.ts';

/** Columns of the query `topology-check`. */
export const topologyColumns = {
  problem: 'text',
  source: 'text',
  file: 'text',
  partition: 'text',
  position: 'number',
  parent_type: 'text',
  parent: 'text',
  child_type: 'text',
  child: 'text',
  other: 'text',
  valid_from: 'instant',
  until: 'instant',
} as const;

type Row = RowOf<typeof topologyColumns>;

/** One contradiction, for a person. */
export interface TopologyProblem {
  readonly source: string;
  readonly kind: string;
  readonly text: string;
}

/** Contradictions named in a summary; the SQL of the finding shows all. */
const named = 5;

const placeOf = ({ source, file, partition, position }: Row): string => `${source}, ${file === '' ? partition : file} line ${position}`;

const edgeOf = (row: Row): PlacedEdge => ({
  parent_type: row.parent_type,
  parent: row.parent,
  child_type: row.child_type,
  child: row.child,
  from: row.valid_from,
  to: row.until,
  place: placeOf(row),
});

const texts: Readonly<Record<string, (row: Row) => string>> = {
  ends_before_it_begins: (row) =>
    `${elementText(row.child_type, row.child)} behind ${elementText(row.parent_type, row.parent)} holds from ${utc(row.valid_from)} but ends ${utc(row.until)}`,
  itself: (row) => `${elementText(row.child_type, row.child)} stands behind itself`,
  two_parents: (row) =>
    `${elementText(row.child_type, row.child)} stands behind ${row.parent_type} ${row.parent} from ${utc(row.valid_from)} and still behind ${row.other}`,
};

/**
 * The contradictions in rows of the query `topology-check`, each with its place.
 * @example topologyProblems([]) // []
 */
export function topologyProblems(rows: readonly Row[]): readonly TopologyProblem[] {
  const stated = rows.flatMap((row) => {
    const text = texts[row.problem];
    return text ? [{ source: row.source, kind: row.problem, text: `${text(row)} (${placeOf(row)})` }] : [];
  });
  const sourceAt = new Map(rows.map((row) => [placeOf(row), row.source]));
  const circles = circlesOf(rows.filter(({ problem }) => problem === '').map(edgeOf)).map(({ edges }) => ({
    source: sourceAt.get(edges.at(-1)!.place) ?? '',
    kind: 'circle',
    text: `a circle: ${[...edges.map(({ parent_type, parent }) => elementText(parent_type, parent)), elementText(edges[0]!.parent_type, edges[0]!.parent)].join(' > ')} (${edges.map(({ place }) => place).join('; ')})`,
  }));
  return [...stated, ...circles];
}

function judge(rows: readonly Row[], { sources, window, tenant, instant }: Evaluation): readonly Judgement[] {
  const problems = topologyProblems(rows);
  return rows
    .filter(({ problem }) => problem === 'source')
    .map(({ source }) => {
      const own = problems.filter((each) => each.source === source);
      const start: Judgement = {
        ...calm({ source }, window),
        unit: 'contradictions',
        observed: own.length,
        statistic: own.length,
        evidence: { query: 'topology-check', params: { tenant, sources } },
      };
      if (own.length === 0) return start;
      return {
        ...start,
        state: 'violation' as const,
        direction: 'up' as const,
        p: 0,
        beganAt: instant,
        title: `${source}: the topology contradicts itself`,
        summary: `${counted(own.length, 'contradiction')} in the topology of ${source}: ${own
          .slice(0, named)
          .map(({ text }) => text)
          .join('. ')}${own.length > named ? `. And ${own.length - named} more` : ''}.`,
      };
    });
}

/**
 * Topology edges that cannot all be true.
 * @example topologyEdges.identity // 'topology_edges'
 */
export const topologyEdges = define({
  identity: 'topology_edges',
  title: 'The topology contradicts itself',
  kind: 'data',
  rater: 'reliability',
  metric: 'contradictions',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['topology_edges'], data: 'topology edges (record kind topology_edge)' },
  query: 'topology-check',
  columns: topologyColumns,
  lookbackMs: 0,
  limits: [],
  scope: ['source'],
  holdMs: 0,
  store: 'marked',
  evaluate: judge,
  documentation: {
    meaning:
      'The inventory says things that cannot all be true: an element that stands behind itself, a validity that ends before it begins, a PON, ONT, cell, OLT or route with two parents at once. Incidents would be put behind the wrong element and customers counted at the wrong place.',
    formula:
      'Of each edge (parent, child, valid_from) the latest statement counts. Contradictions: valid_to at or before valid_from; parent = child; another parent of the same type that has not ended, for routes, cells, OLTs, PONs and ONTs; a walk along edges that hold at one instant and leads back to where it began. Until it is mended the parent that was stated to hold last counts, and an edge that would close a circle is left out of the judgement of incidents.',
    proof: 'The summary names source, file and line of each statement; the SQL of the finding lists up to a thousand of each kind.',
    recovery: 'Mend the inventory and send it again: an edge that moved ends (valid_to) at the instant at which the new one begins.',
  },
});
