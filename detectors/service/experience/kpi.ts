/** A KPI of the customer-experience index: what is measured of one customer, and between which points it scores. */
import type { Rater } from '../../../core/rater.ts';

/** Services in whose name a KPI counts; care is what the customer told us. */
export const services = ['voice', 'sms', 'data', 'access', 'care'] as const;
export type ExperienceService = (typeof services)[number];

export interface ExperienceKpi {
  /** As in `experience_daily.kpi`. */
  readonly name: string;
  readonly title: string;
  readonly service: ExperienceService;
  readonly unit: '%' | 'MOS' | 's' | 'Mbit/s' | 'complaints';
  /** Value that scores 0. */
  readonly bad: number;
  /** Value that scores 100; below `bad` where less is better. */
  readonly good: number;
  /** Weight within its service. */
  readonly weight: number;
  /** Samples of a day below which it does not count. */
  readonly minimum: number;
  /** Whether a terrible score of it caps the index. */
  readonly floor: boolean;
  /** Dimension of service quality. A tag, not mathematics. */
  readonly rater: Rater;
  /** The KPI of the catalogue that is the same of a network; empty = there is none. */
  readonly kpi: string;
  /** The KPI of the network that it is, as standards call it. */
  readonly standard: string;
  /** What a sample is, and how the value comes from samples. */
  readonly formula: string;
  /** Where the points come from. */
  readonly source: string;
}
