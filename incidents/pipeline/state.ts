/** What a correlator holds between rounds, and what one round has said so far. */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { type Decision, decisionOf, type Outcome, type Reason, type Step } from './decision.ts';
import type { Group } from './group.ts';
import type { Change } from './history.ts';
import type { PipelineSettings } from './settings.ts';
import type { Node, Topology } from './topology.ts';

/** What is true outside of the findings. */
export interface Facts {
  /** ms since 1970 UTC. */
  readonly now: number;
  /** What holds labels back at an instant: a maintenance window or a silence. */
  held(labels: Readonly<Record<string, string>>, at: number): { readonly id: string; readonly reason: string } | undefined;
  /** undefined = nothing is known. */
  readonly topology: Topology | undefined;
  /** Keys of incidents that people still have to do something about. */
  readonly active: ReadonlySet<string>;
  severityOf(finding: Finding): number;
}

/** A group became part of another. */
export interface Merged {
  readonly from: string;
  readonly into: string;
  readonly text: string;
}

export interface Correlated {
  readonly decisions: readonly Decision[];
  /** To be folded, in order. */
  readonly findings: readonly Finding[];
  readonly merged: readonly Merged[];
  /** Keys whose latest word is needed again: give it to `take`. */
  readonly reread: readonly string[];
}

/** What stands on the incident of a key besides the figures of its finding. */
export interface Notes {
  readonly reasons: readonly Reason[];
  readonly symptoms: Incident['symptoms'];
  readonly counts: { readonly symptoms: number; readonly children: number };
  readonly flapping: boolean;
  readonly flappingText: string;
}

/** A finding that is held and judged again. */
export interface Held {
  /** Undefined when too many are held: it is read again. */
  readonly finding: Finding | undefined;
  readonly step: Step;
  readonly due: number;
  readonly reasons: readonly Reason[];
  readonly node: Node | undefined;
  /** It has waited for what is above it. */
  readonly waited: boolean;
  readonly feed: string;
}

/** What is known of a finding. */
export interface KeyState {
  history: readonly Change[];
  last: number;
  firing: boolean;
  group: string;
  flapping: boolean;
}

/** A group about data that is in doubt. */
export interface Doubted {
  readonly finding_key: string;
  readonly title: string;
  readonly scope: Readonly<Record<string, string>>;
}

export interface State {
  readonly tenant: string;
  readonly settings: PipelineSettings;
  readonly keys: Map<string, KeyState>;
  readonly held: Map<string, Held>;
  readonly groups: Map<string, Group>;
  /** Groups to be looked at again, and when. */
  readonly waiting: Map<string, number>;
  forgotAt: number;
  // Of a round.
  decisions: Decision[];
  findings: Finding[];
  merged: Merged[];
  reread: string[];
  dirty: Set<string>;
  opened: Set<string>;
  facts: Facts;
  /** A doubt about data has ended in this round. */
  trusted: boolean;
  /** Made when first asked for in a round: groups about an element, by label and value that explains them, about data. */
  places: Map<Node, Group[]> | undefined;
  explained: Map<string, Group[]> | undefined;
  doubted: Doubted[] | undefined;
}

/** The state of a correlator that knows nothing yet. */
export function newState(tenant: string, settings: PipelineSettings): State {
  const facts: Facts = { now: 0, held: () => undefined, topology: undefined, active: new Set(), severityOf: () => 5 };
  return {
    ...{ tenant, settings, keys: new Map(), held: new Map(), groups: new Map(), waiting: new Map(), forgotAt: 0 },
    ...roundOf(facts),
  };
}

/** What a round begins with. */
export function roundOf(
  facts: Facts,
): Pick<
  State,
  'decisions' | 'findings' | 'merged' | 'reread' | 'dirty' | 'opened' | 'facts' | 'trusted' | 'places' | 'explained' | 'doubted'
> {
  return {
    ...{ decisions: [], findings: [], merged: [], reread: [], dirty: new Set<string>(), opened: new Set<string>() },
    ...{ facts, trusted: false, places: undefined, explained: undefined, doubted: undefined },
  };
}

/** Writes down what became of a word. */
export function say(s: State, finding: Finding, outcome: Outcome, step: Step, text: string, key = ''): void {
  s.decisions.push(decisionOf(finding, outcome, step, text, key));
}

/** Silences and gates are looked at again after this long, ms. */
export const againMs = 30_000;

/** When a finding said it, ms. */
export function timeOf(finding: Finding): number {
  return Date.parse(finding.detected_at);
}

/** Length of the window of a finding, ms. */
export function windowOf({ window }: Finding): number {
  const length = Date.parse(window.to) - Date.parse(window.from);
  return Math.max(0, length) || 0;
}

/** Labels that silences are matched against. */
export function labelsOf({ scope, detector, metric, kind }: Finding): Readonly<Record<string, string>> {
  return { ...scope, detector, metric, kind };
}
