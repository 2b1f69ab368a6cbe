/** What an operator may set about incidents. Every number has a default that suits a mid-sized operator. */

import { defaultPipelineSettings, type PipelineSettings } from './pipeline/settings.ts';
import { defaultRoutingSettings, type RoutingSettings } from './route.ts';

export type Severity = 1 | 2 | 3 | 4 | 5;

/** Four falling limits: from which figure on severity is 1, 2, 3, 4; below the last one it is 5. */
export type SeverityLimits = readonly [number, number, number, number];

export interface SeveritySettings {
  /** Limits of money, in whole units of `currency`. */
  readonly money: SeverityLimits;
  /** ISO 4217 code of the limits. */
  readonly currency: string;
  /** Units of `currency` for one unit of another currency. A currency without a rate is compared as it stands. */
  readonly rates: Readonly<Record<string, number>>;
  /** Limits of affected customers. */
  readonly customers: SeverityLimits;
  /** Severity by category where a finding states neither money nor customers; `other` for a category that is not named. */
  readonly unknown: Readonly<Record<string, Severity>>;
  /** Severity by detector that an incident has at least, whatever its figures: { S02: 2 }. */
  readonly atLeast: Readonly<Record<string, Severity>>;
}

export interface IncidentSettings {
  readonly severity: SeveritySettings;
  /** Relative change of money or customers that is worth telling: 0.2 = 20 %. */
  readonly materialChange: number;
  /** Smallest time between two updates of one incident. A rise of the severity does not wait. */
  readonly updateMinutes: number;
  /** A new occurrence within this time after recovery re-opens the incident; after it a new, related one is opened. */
  readonly reopenMinutes: number;
  /** How long an incident that a person resolved stays quiet although its finding still fires. */
  readonly graceMinutes: number;
  /** The steps between a finding and an incident. */
  readonly pipeline: PipelineSettings;
  /** Teams, routes, escalation, quiet hours, digest. */
  readonly routing: RoutingSettings;
  /** Team by category; `other` for a category that is not named. */
  readonly teams: Readonly<Record<string, string>>;
  /** Address of the console without a slash at the end, for links; empty = no link. */
  readonly publicUrl: string;
}

/** Defaults of all settings about incidents. */
export const defaultIncidentSettings: IncidentSettings = {
  severity: {
    money: [100_000, 10_000, 1_000, 100],
    currency: 'EUR',
    rates: {},
    customers: [10_000, 1_000, 100, 10],
    unknown: { data: 3, other: 4 },
    // Somebody must look now.
    atLeast: { slo_page: 2, slo_ticket: 3 },
  },
  materialChange: 0.2,
  updateMinutes: 15,
  reopenMinutes: 30,
  graceMinutes: 30,
  pipeline: defaultPipelineSettings,
  routing: defaultRoutingSettings,
  teams: { revenue: 'revenue-assurance', service: 'service-operations', data: 'platform', other: 'service-operations' },
  publicUrl: '',
};
