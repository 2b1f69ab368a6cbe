/** Every KPI that ships, by group. */
import { abr } from './abr.ts';
import { acd } from './acd.ts';
import { asr } from './asr.ts';
import { cssr } from './cssr.ts';
import { dropRate } from './drop-rate.ts';
import type { KpiDefinition } from './kpi.ts';
import { ner } from './ner.ts';

export { kpiDimensions } from './dimensions.ts';
export * from './kpi.ts';

export const kpis: readonly KpiDefinition[] = [asr, ner, abr, acd, cssr, dropRate];

const byName = new Map(kpis.map((kpi) => [kpi.name, kpi]));

/**
 * The KPI of that name.
 * @example kpiNamed('asr')?.unit // 'ratio'
 */
export function kpiNamed(name: string): KpiDefinition | undefined {
  return byName.get(name);
}
