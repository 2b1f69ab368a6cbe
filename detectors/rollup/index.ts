export { type Candidates, type Rolled, type RollUpOptions, rollUp } from './roll-up.ts';
export { summed, type Tree, treeOf } from './tree.ts';
