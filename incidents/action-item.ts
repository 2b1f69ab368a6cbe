/** What is to be done so that an incident is made good (corrective) or does not come again (preventive). */

export interface ActionItem {
  readonly action_id: string;
  readonly incident_id: string;
  readonly kind: 'corrective' | 'preventive';
  readonly text: string;
  readonly owner: string;
  /** Day, YYYY-MM-DD. */
  readonly due_on: string;
  readonly state: 'open' | 'done' | 'cancelled';
  /** Grows with each change, from 1. */
  readonly version: number;
  /** When its owner was last reminded, ISO 8601; empty = never. */
  readonly reminded_at: string;
  readonly actor: string;
  readonly at: string;
}

const dayMs = 86_400_000;
/** Days before the due day on which the owner is reminded, and between reminders once it is over. */
const aheadDays = 3;
const againDays = 7;

/**
 * Why a day cannot be a due day; undefined when it can.
 * @example dueProblem('2026-02-30') // 'There is no day 2026-02-30.'
 */
export function dueProblem(day: string): string | undefined {
  const at = Date.parse(`${day}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(day) && Number.isFinite(at) && new Date(at).toISOString().startsWith(day);
  return real ? undefined : `There is no day ${day}.`;
}

/** Days until it is due at an instant, UTC; negative = overdue. @example daysLeft({ due_on: '2026-01-05' }, Date.UTC(2026, 0, 6, 3)) // -1 */
export function daysLeft({ due_on }: Pick<ActionItem, 'due_on'>, now: number): number {
  return Math.floor(Date.parse(`${due_on}T00:00:00Z`) / dayMs) - Math.floor(now / dayMs);
}

/** Whether its owner is to be reminded: three days ahead, on the day, and every seven days once it is over. */
export function reminderIsDue(item: ActionItem, now: number): boolean {
  const left = daysLeft(item, now);
  if (item.state !== 'open' || left > aheadDays) return false;
  const last = Date.parse(item.reminded_at);
  if (Number.isNaN(last)) return true;
  const lastLeft = daysLeft(item, last);
  if (left <= 0 && lastLeft > 0) return true;
  return left < 0 && now - last >= againDays * dayMs;
}

/**
 * What a reminder says.
 * @example reminderText({ owner: 'bo', due_on: '2026-01-05', text: 'Renew the card' }, Date.UTC(2026, 0, 7)) // 'bo: "Renew the card" was due on 2026-01-05, 2 days ago.'
 */
export function reminderText(item: Pick<ActionItem, 'owner' | 'due_on' | 'text'>, now: number): string {
  const left = daysLeft(item, now);
  const when = left < 0 ? `was due on ${item.due_on}, ${-left} days ago` : left === 0 ? 'is due today' : `is due on ${item.due_on}`;
  return `${item.owner}: "${item.text}" ${when}.`;
}
