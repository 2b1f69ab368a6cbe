/** Values of KPIs as people read them. */
import type { KpiDefinition } from './kpi.ts';

/**
 * A value with its unit: ratios in percent, three significant digits.
 * @example kpiText({ unit: 'ratio' }, 0.9583) // '95.8 %'
 */
export function kpiText({ unit }: Pick<KpiDefinition, 'unit'>, value: number): string {
  if (unit === 'ratio') return `${rounded(value * 100)} %`;
  if (unit === 'percent') return `${rounded(value)} %`;
  return unit === 'R' || unit === 'MOS' ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Three significant digits, four below a hundred percent so that 99.95 does not become 100. */
function rounded(value: number): string {
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 99 && Math.abs(value) < 1_000 ? 4 : 3;
  return String(Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(digits)));
}
