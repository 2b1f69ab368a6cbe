/** What the API answers, as far as the console reads it. */
import type { Incident } from '../../../core/incident.ts';

export type { ChangeSuspect, Explanation, Finding } from '../../../core/finding.ts';
export type { Incident } from '../../../core/incident.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface IncidentSummary {
  readonly incident_id: string;
  readonly incident_key: string;
  readonly sequence: number;
  readonly state: string;
  readonly severity: number;
  readonly category: string;
  readonly title: string;
  readonly summary: string;
  readonly team: string;
  readonly assignee: string;
  readonly money: string | null;
  readonly currency: string;
  readonly customers: number;
  readonly began_at: string;
  readonly detected_at: string;
  readonly updated_at: string;
}

export interface IncidentDetail {
  readonly incident: Incident;
}

export interface Verdict {
  readonly verdict: string;
  readonly note: string;
  readonly actor: string;
  readonly at: string;
}

export interface SeriesSummary {
  readonly detector: string;
  readonly series_key: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly first_seen: string;
  readonly judged_to: string;
  readonly bucket_seconds: number;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly visible_drop: number | null;
  readonly open: boolean;
}

/** Columns of one length; times in seconds since 1970 UTC. */
export interface SeriesColumns {
  readonly series: SeriesSummary;
  readonly time: readonly number[];
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface DetectorSummary {
  readonly detector: string;
  readonly title: string;
  readonly metric: string;
  readonly dimensions: readonly string[];
  readonly direction: string;
  readonly bucket_seconds: number;
  readonly history_days: number;
  readonly series: number;
  readonly open: number;
  readonly blind: number;
  readonly learning: number;
  readonly median_visible_drop: number | null;
  readonly judged_to: string | null;
  readonly written_at: string | null;
}

export interface ControlResult {
  readonly control: string;
  readonly window_from: string;
  readonly window_to: string;
  readonly cell: Readonly<Record<string, string>>;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly state: string;
  readonly note: string;
  readonly money: string | null;
  readonly currency: string;
  readonly judged_at: string;
}
