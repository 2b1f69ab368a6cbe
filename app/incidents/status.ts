/** Status updates for stakeholders: what people publish of incidents, and nothing else. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { writeInstant } from '../../core/row.ts';
import { type StatusUpdate, type UpdateStage, updateStages } from '../../incidents/status-feed.ts';
import type { Store } from '../../sql/store.ts';
import { isoOf, refuse, theOne } from './book.ts';

export interface NewUpdate {
  readonly incident_id: string;
  readonly stage: UpdateStage;
  readonly services: readonly string[];
  readonly partners: readonly string[];
  readonly title: string;
  readonly text: string;
}

export interface StatusBook {
  /** @throws WeirError usage */
  publish(update: NewUpdate, actor: string): Promise<StatusUpdate & { readonly incident_id: string }>;
  /** Takes an update out of all feeds. @throws WeirError not_found, usage */
  withdraw(updateId: string, actor: string): Promise<{ readonly update_id: string; readonly incident_id: string }>;
  /** Published updates, the latest first. @param partner empty = what is public */
  updates(of: {
    readonly service: string;
    readonly partner: string;
    readonly incident_id?: string;
    readonly limit?: number;
  }): Promise<readonly (StatusUpdate & { readonly incident_id: string })[]>;
}

interface Row {
  readonly update_id: string;
  readonly incident_id: string;
  readonly version: number;
  readonly stage: string;
  readonly services: readonly string[];
  readonly partners: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly state: string;
  readonly at: string;
}

const mostNames = 50;

export function createStatusBook({
  store,
  clock,
  tenant,
}: {
  readonly store: Pick<Store, 'rows' | 'insert'>;
  readonly clock: Clock;
  readonly tenant: string;
}): StatusBook {
  return {
    async publish({ incident_id, stage, services, partners, title, text }, actor) {
      if (title.trim() === '' || title.length > 200) return refuse('An update has a title of at most 200 characters.');
      if (text.trim() === '' || text.length > 4_000) return refuse('An update says something, in at most 4000 characters.');
      if (!updateStages.includes(stage)) return refuse(`The stage is one of ${updateStages.join(', ')}.`);
      if (services.length > mostNames || partners.length > mostNames) return refuse(`At most ${mostNames} services and partners.`);
      const now = clock.now();
      const update_id = `upd_${randomBytes(8).toString('hex')}`;
      const said = { update_id, incident_id, stage, services, partners, title, text };
      const row = { ...said, tenant, version: 1, state: 'published', actor, at: writeInstant(now), changed_at: writeInstant(now) };
      await store.insert('status_updates', [row], `status/${tenant}/${update_id}/1`);
      return { ...said, at: new Date(now).toISOString() };
    },
    async withdraw(updateId, actor) {
      const row = theOne(await store.rows<Row>('status-update-latest', { tenant, update_id: updateId }), updateId, 'status update');
      if (row.state === 'withdrawn') return row;
      const version = Number(row.version) + 1;
      const next = { ...row, tenant, version, state: 'withdrawn', actor, changed_at: writeInstant(clock.now()) };
      await store.insert('status_updates', [next], `status/${tenant}/${row.update_id}/${version}`);
      return row;
    },
    async updates({ service, partner, incident_id = '', limit = 100 }) {
      const rows = await store.rows<Row>('status-updates', { tenant, service, partner, incident_id, limit });
      return rows.map(({ version: _version, state: _state, at, stage, ...row }) => ({
        ...row,
        stage: stage as UpdateStage,
        at: isoOf(at),
      }));
    },
  };
}
