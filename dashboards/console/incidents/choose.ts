/** Which incidents are shown, and in what order. */
import type { IncidentSummary } from '../core/types.ts';

export interface Choice {
  readonly severities: readonly number[];
  readonly category: string;
  /** Words that all have to stand somewhere in it. */
  readonly text: string;
  readonly sort: string;
}

/** Orders by their name; each with the latest detected first among equals. */
export const orders: Readonly<Record<string, { readonly name: string; readonly by: (incident: IncidentSummary) => number }>> = {
  newest: { name: 'Newest', by: ({ detected_at }) => -Date.parse(detected_at) },
  severity: { name: 'Most severe', by: ({ severity }) => severity },
  money: { name: 'Most money', by: ({ money }) => -Number(money ?? 0) },
  customers: { name: 'Most customers', by: ({ customers }) => -customers },
  updated: { name: 'Latest news', by: ({ updated_at }) => -Date.parse(updated_at) },
};

function textOf({ title, summary, team, assignee, incident_id }: IncidentSummary): string {
  return `${title} ${summary} ${team} ${assignee} ${incident_id}`.toLowerCase();
}

/** The chosen ones in order. */
export function chosenOf(items: readonly IncidentSummary[], { severities, category, text, sort }: Choice): readonly IncidentSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const order = (orders[sort] ?? orders['newest']!).by;
  return items
    .filter((incident) => {
      if (severities.length > 0 && !severities.includes(incident.severity)) return false;
      if (category !== '' && incident.category !== category) return false;
      if (words.length === 0) return true;
      const all = textOf(incident);
      return words.every((word) => all.includes(word));
    })
    .map((incident) => ({ incident, key: order(incident), at: Date.parse(incident.detected_at) }))
    .sort((a, b) => a.key - b.key || b.at - a.at)
    .map(({ incident }) => incident);
}
