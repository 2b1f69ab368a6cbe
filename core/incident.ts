/** An incident: what people act on. Findings with the same key feed one incident; every transition is stored and delivered. */
import type { ChangeSuspect, Explanation, Finding, FindingCustomers, FindingMoney } from './finding.ts';

export type IncidentState = 'open' | 'acknowledged' | 'in_progress' | 'resolved' | 'closed' | (string & {});

export type TransitionType = 'opened' | 'updated' | 'acknowledged' | 'in_progress' | 'resolved' | 'closed' | 'reopened' | (string & {});

export interface TimelineEntry {
  readonly at: string;
  readonly type: TransitionType;
  readonly actor: string;
  readonly text: string;
}

/** One transition of an incident with the whole incident as it then stood: the row of the outbox. */
export interface Incident {
  /** Stable over re-opening: the key of what is wrong. */
  readonly incident_key: string;
  /** One per opening. */
  readonly incident_id: string;
  readonly tenant: string;
  /** Grows by one with each transition. */
  readonly sequence: number;
  readonly transition: TransitionType;
  readonly state: IncidentState;
  /** 1 critical … 5 informational. */
  readonly severity: 1 | 2 | 3 | 4 | 5;
  readonly category: string;
  readonly title: string;
  readonly summary: string;
  readonly finding: Finding;
  readonly impact: { readonly money?: FindingMoney; readonly customers?: FindingCustomers };
  readonly explanation: readonly Explanation[];
  readonly change_suspects: readonly ChangeSuspect[];
  readonly team: string;
  readonly assignee: string;
  readonly timeline: readonly TimelineEntry[];
  readonly began_at: string;
  readonly detected_at: string;
  readonly opened_at: string;
  readonly acknowledged_at?: string;
  readonly resolved_at?: string;
  readonly closed_at?: string;
  readonly updated_at: string;
  readonly related: readonly string[];
  readonly links: Readonly<Record<string, string>>;
}
