/** The question what certain usage is worth, as a finding asks it. */
import type { Valuation } from '../core/definition.ts';

/** The usage that is meant; what is left out may be any. */
export interface MeantUsage {
  readonly tenant: string;
  readonly source?: string;
  /** Name of the file that brought it. */
  readonly file?: string;
  readonly leg?: string;
  readonly service?: string;
  /** Event times, ms, half-open. */
  readonly from: number;
  readonly to: number;
}

/**
 * Query and parameters of a valuation.
 * @example usageWorth({ tenant: 'main', leg: 'switch', from: 0, to: 1000 }).params // { tenant: 'main', source: '', file: '', leg: 'switch', service: '', from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z' }
 */
export function usageWorth({
  tenant,
  source = '',
  file = '',
  leg = '',
  service = '',
  from,
  to,
}: MeantUsage): Pick<Valuation, 'query' | 'params'> {
  return {
    query: 'detect-worth',
    params: { tenant, source, file, leg, service, from: new Date(from).toISOString(), to: new Date(to).toISOString() },
  };
}
