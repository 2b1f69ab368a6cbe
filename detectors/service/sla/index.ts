/** Service level agreements with partners: targets, exclusions, credits. */
export type { Agreement, Exclusion, SlaTarget } from './agreement.ts';
export { type AgreementCredit, creditOf, type TargetCredit, totalCredit } from './credit.ts';
export { capped, exclusionsOf, merged, type Stretch } from './exclusions.ts';
export { kpiFigure, type MeasuredIncident, type MeasuredSlice, repairFigure, type SlaFigure } from './figure.ts';
export { readAgreements, type SlaDocument, type SlaFacts } from './read.ts';
