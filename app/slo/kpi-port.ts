/** What objectives and agreements ask of the KPI catalogue. */
import type { KpiFacts } from '../../detectors/service/slo/index.ts';

/** A slice of a KPI. */
export interface KpiSlice {
  /** Its beginning, ms since 1970 UTC. */
  readonly at: number;
  /** The figure; null where there is too little to say. */
  readonly value: number | null;
  /** Of a ratio the denominator: how much stands behind it. */
  readonly volume: number;
  /** Of a ratio the numerator; null for others. */
  readonly events: number | null;
}

export interface KpiPort {
  facts(name: string): KpiFacts | undefined;
  readonly names: readonly string[];
  /** Legs that it may be read from, the best first. */
  legs(name: string): readonly string[];
  /** Every slice of [from, to). Rejects when ClickHouse does not answer. */
  slices(kpi: string, where: Readonly<Record<string, string>>, from: number, to: number, sliceMs: number): Promise<readonly KpiSlice[]>;
  /** SQL that shows what the slices were made of, to be run as the analyst. */
  evidence(kpi: string, where: Readonly<Record<string, string>>, from: number, to: number, sliceMs: number): Promise<string>;
}

/** No catalogue. */
export const noKpis: KpiPort = { facts: () => undefined, names: [], legs: () => [], slices: async () => [], evidence: async () => '' };
