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

/** A finding that belongs to an incident besides the one that it is named after. */
export interface Symptom {
  readonly finding_key: string;
  readonly detector: string;
  readonly title: string;
  /** `symptom`: the same cause seen elsewhere; `child`: behind what has failed. */
  readonly relation: 'symptom' | 'child' | (string & {});
  /** Why it belongs to it, for a person. */
  readonly reason: string;
  /** When it was put there. */
  readonly at: string;
}

/** What one step on the way from the finding to the incident decided. */
export interface StepReason {
  /** gate, debounce, silence, parent, merge, open, flapping, route */
  readonly step: string;
  readonly text: string;
}

/** Complaints of customers within the scope of an incident. */
export interface IncidentComplaints {
  readonly count: number;
  readonly customers: number;
  readonly first_at: string;
  readonly last_at: string;
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
  /** Why it is an incident of its own, with this scope and this team: what each step decided. */
  readonly reasons?: readonly StepReason[];
  /** Other findings of the same incident, the first 20; all stand in the table `incident_findings`. */
  readonly symptoms?: readonly Symptom[];
  readonly symptom_counts?: { readonly symptoms: number; readonly children: number };
  /** It fires and clears again and again: clearing does not resolve it. */
  readonly flapping?: boolean;
  /** Why work on it waits; absent = it does not. */
  readonly hold_reason?: string;
  /** Line of support that has it: 1 first, 2 second, 3 experts. */
  readonly line?: number;
  /** Who of the team is on call since it has it. */
  readonly on_call?: string;
  /** Names of the targets that are told of it; absent = all. */
  readonly targets?: readonly string[];
  /** Why this transition is told to nobody now: `quiet` until the quiet hours are over, `digest` once a day. */
  readonly muted?: 'quiet' | 'digest' | (string & {});
  /** P1 to P5, as people set it; absent = as its severity. */
  readonly priority?: 1 | 2 | 3 | 4 | 5;
  /** Order among incidents, larger first: severity, then money and customers. */
  readonly rank?: number;
  /** weir, customer, partner or staff; absent = nobody but Weir has reported it. */
  readonly first_seen_by?: 'weir' | 'customer' | 'partner' | 'staff' | (string & {});
  /** When somebody else first reported it. */
  readonly reported_at?: string;
  /** As they were last told: they are counted every minute, and told when they double. */
  readonly complaints?: IncidentComplaints;
  /** When its ticket was resolved although what is wrong still stood; absent = it was not. */
  readonly ticket_resolved_at?: string;
  /** Incident that it became part of. */
  readonly merged_into?: string;
  readonly links: Readonly<Record<string, string>>;
}
