/** Reviews of incidents and the actions that come from them, in their tables. Each change is a version; of two at once the first stands. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import { type ActionItem, dueProblem, reminderIsDue, reminderText } from '../../incidents/action-item.ts';
import { type Review, type ReviewChange, reviewed } from '../../incidents/review.ts';
import { type Likeness, type Similar, similarTo } from '../../incidents/similar.ts';
import { advance, weirActor } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import { sayVerdict } from '../verdicts/say.ts';
import { isoOf, refuse, standing, theOne } from './book.ts';
import type { IncidentDesk } from './desk.ts';

export interface ActionFilter {
  readonly incident_id?: string;
  /** Or its beginning. */
  readonly action_id?: string;
  readonly owner?: string;
  /** open, done, cancelled, overdue. */
  readonly state?: string;
}

export interface NewAction {
  readonly kind: ActionItem['kind'];
  readonly text: string;
  readonly owner: string;
  /** YYYY-MM-DD */
  readonly due_on: string;
}

/** A past incident that looks like one. */
export interface PastIncident extends Likeness {
  readonly title: string;
  readonly state: string;
  readonly severity: number;
  readonly detected_at: string;
  readonly cause: string;
  readonly root_cause: string;
}

export interface AfterBook {
  review(incidentId: string): Promise<Review | undefined>;
  /** @throws WeirError usage when it cannot be so; conflict when somebody else was faster */
  sayReview(incident: Incident, change: ReviewChange, by: { actor: string; origin: 'console' | 'api' | 'cli' }): Promise<Review>;
  actions(filter: ActionFilter): Promise<readonly ActionItem[]>;
  /** @throws WeirError usage */
  addAction(incidentId: string, action: NewAction, actor: string): Promise<ActionItem>;
  /** @throws WeirError not_found, usage, conflict */
  changeAction(
    actionId: string,
    change: Partial<Pick<ActionItem, 'state' | 'owner' | 'due_on' | 'text'>>,
    actor: string,
  ): Promise<ActionItem>;
  similar(incident: Incident): Promise<readonly Similar<PastIncident>[]>;
  /** Reminds the owners of actions that are due, by a line in the timeline that targets are told of. Answers how many. */
  remind(desk: Pick<IncidentDesk, 'change'>): Promise<number>;
}

const most = 1_000;

export function createAfterBook({
  store,
  clock,
  tenant,
}: {
  readonly store: Pick<Store, 'rows' | 'insert'>;
  readonly clock: Clock;
  readonly tenant: string;
}): AfterBook {
  async function review(incident_id: string): Promise<Review | undefined> {
    const [row] = await store.rows<Omit<Review, 'satisfaction'> & { satisfaction: number }>('review-latest', { tenant, incident_id });
    return row && { ...row, version: Number(row.version), satisfaction: Number(row.satisfaction), at: isoOf(row.at) };
  }

  async function actions(filter: ActionFilter): Promise<ActionItem[]> {
    const rows = await store.rows<ActionItem & { due: string }>('actions-latest', {
      ...{
        tenant,
        incident_id: filter.incident_id ?? '',
        action_id: filter.action_id ?? '',
        owner: filter.owner ?? '',
        state: filter.state ?? '',
      },
      today: new Date(clock.now()).toISOString().slice(0, 10),
      limit: most,
    });
    return rows.map(({ due, ...row }) => ({
      ...row,
      due_on: due,
      version: Number(row.version),
      reminded_at: readInstant(row.reminded_at) > 0 ? isoOf(row.reminded_at) : '',
      at: isoOf(row.at),
    }));
  }

  async function writeAction(item: ActionItem): Promise<ActionItem> {
    const row = {
      ...item,
      tenant,
      reminded_at: writeInstant(item.reminded_at === '' ? 0 : Date.parse(item.reminded_at)),
      at: writeInstant(Date.parse(item.at)),
    };
    await store.insert('incident_actions', [row], `action/${tenant}/${item.action_id}/${item.version}`);
    const [stored] = await actions({ action_id: item.action_id });
    return standing(stored, item);
  }

  return {
    review,
    actions,
    async sayReview(incident, change, { actor, origin }) {
      const before = await review(incident.incident_id);
      const result = reviewed(incident.incident_id, before, change, { actor, at: new Date(clock.now()).toISOString() });
      if ('refused' in result) return refuse(result.refused);
      const { review: next } = result;
      const row = { ...next, tenant, at: writeInstant(Date.parse(next.at)) };
      await store.insert('incident_reviews', [row], `review/${tenant}/${next.incident_id}/${next.version}`);
      standing(await review(incident.incident_id), next);
      // Limits learn from it.
      if (next.useful !== '' && next.useful !== before?.useful) {
        const verdict = next.useful === 'useful' ? 'useful' : 'false';
        await sayVerdict({ store, clock, tenant }, incident, { verdict, note: next.cause_text, actor, origin });
      }
      return next;
    },
    async addAction(incident_id, { kind, text, owner, due_on }, actor) {
      if (text.trim() === '' || text.length > 4_000) return refuse('An action says what is to be done, in at most 4000 characters.');
      if (owner.trim() === '' || owner.length > 200) return refuse('An action has an owner.');
      const problem = dueProblem(due_on);
      if (problem !== undefined) return refuse(problem);
      return writeAction({
        ...{
          action_id: `act_${randomBytes(8).toString('hex')}`,
          incident_id,
          kind,
          text,
          owner,
          due_on,
          state: 'open',
          version: 1,
          reminded_at: '',
          actor,
        },
        at: new Date(clock.now()).toISOString(),
      });
    },
    async changeAction(actionId, change, actor) {
      const before = theOne(await actions({ action_id: actionId }), actionId, 'action');
      const problem = change.due_on === undefined ? undefined : dueProblem(change.due_on);
      if (problem !== undefined) return refuse(problem);
      const next = { ...before, ...change, version: before.version + 1, actor, at: new Date(clock.now()).toISOString() };
      // A day that moved is reminded of anew.
      return writeAction(change.due_on === undefined ? next : { ...next, reminded_at: '' });
    },
    async similar(incident) {
      const { finding, explanation, category, detected_at } = incident;
      const rows = await store.rows<PastIncident & { detected_at: string }>('incident-likenesses', {
        ...{ tenant, incident_id: incident.incident_id, category, detector: finding.detector, metric: finding.metric },
        before: writeInstant(Date.parse(detected_at)),
      });
      const own = { incident_id: incident.incident_id, detector: finding.detector, metric: finding.metric, scope: finding.scope };
      const past = rows.map((row) => ({ ...row, severity: Number(row.severity), detected_at: isoOf(row.detected_at) }));
      return similarTo({ ...own, explanation: explanation[0]?.dimensions ?? {} }, past);
    },
    async remind(desk) {
      const now = clock.now();
      const due = (await actions({ state: 'open' })).filter((item) => reminderIsDue(item, now));
      for (const item of due) {
        const text = reminderText(item, now);
        await desk.change(item.incident_id, (incident, at) => {
          // Said already, and a crash came before it was written down.
          if (incident.timeline.at(-1)?.text === text) return { outcome: 'unchanged' };
          return { outcome: 'changed', incident: advance(incident, 'action_due', at, weirActor, text, {}) };
        });
        await writeAction({
          ...item,
          version: item.version + 1,
          reminded_at: new Date(now).toISOString(),
          actor: weirActor,
          at: new Date(now).toISOString(),
        });
      }
      return due.length;
    },
  };
}
