/** Topology: what contradicts itself in it. Which element stands behind which is asked in SQL, see `sql/queries/topology-*.sql`. */
import type { Definition } from '../../../core/definition.ts';
import { topologyEdges } from './topology-edges.ts';

export { type TopologyProblem, topologyColumns, topologyProblems } from './topology-edges.ts';

export const topologyControls: readonly Definition[] = [topologyEdges];
