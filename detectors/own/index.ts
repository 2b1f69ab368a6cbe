export { type OwnProblem, ownParameters, ownProblems, sqlProblem } from './check.ts';
export { isOwn, mostOwnRows, ownControls, ownWindow } from './definition.ts';
