export { type Cover, coverageOf, revenueOf, type Value } from './coverage.ts';
export { isRecoverable, kpisOf, type ProgrammeKpis, type RevenueCase } from './kpis.ts';
