export { type AdmitOptions, admit, refused, stepUpBar, type TickCandidates, withGroup, withinLimit } from './admit.ts';
export { type LearningBounds, learnLimit, type VerdictCounts } from './learn.ts';
export { hardLimit } from './limit.ts';
export { type Look, newPersistence, type PersistenceRule, type PersistenceState, type PersistenceStep, persist } from './persistence.ts';
export { smallestVisibleDrop } from './visible.ts';
