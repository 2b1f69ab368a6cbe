/**
 * Sends published status updates to lists of addresses, each list once for each update. Its memory is the table of deliveries, where a list is the endpoint
 * `status:NAME` and an update stands in the place of an incident; what is not taken is tried again as everything else is.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { WeirError } from '../../core/errors.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type EmailSettings, sendMessage } from '../../incidents/notify/email.ts';
import { listGets, type StatusList, statusMail } from '../../incidents/notify/status-mail.ts';
import { decide } from '../../incidents/outbox.ts';
import type { StatusUpdate } from '../../incidents/status-feed.ts';
import type { Store } from '../../sql/store.ts';
import { storeAttempt } from '../outbox/deliveries.ts';
import type { Lease } from '../outbox/lease.ts';
import { type Environment, emailSettings } from '../outbox/targets.ts';

/** A list with how its mail is sent. */
export interface MailedList extends StatusList {
  readonly to: readonly string[];
  readonly mail: EmailSettings;
}

/** Updates that are older were for another day, ms. */
const oldestMs = 4 * 86_400_000;
const mostUpdates = 500;

/** Name of a list among endpoints. @example endpointOf('partners') // 'status:partners' */
export const endpointOf = (list: string): string => `status:${list}`;

/** The lists of the settings. @throws WeirError config_invalid when a list names no e-mail target */
export function mailedLists({ status, targets }: Pick<Settings, 'status' | 'targets'>, environment: Environment): readonly MailedList[] {
  return Object.entries(status.lists).map(([name, { mail, to, services, partners }]) => {
    const place = `status.lists.${name}.mail`;
    const target = targets[mail];
    if (target?.type !== 'email')
      throw new WeirError('config_invalid', `${place}: there is no target ${mail} of type email`, {
        place,
        hint: 'Its server and sender are used.',
      });
    return { name, to, services, partners, mail: emailSettings(mail, target, environment) };
  });
}

interface Row {
  readonly update_id: string;
  readonly stage: string;
  readonly services: readonly string[];
  readonly partners: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly at: string;
  readonly attempts: string;
  readonly before: string;
  readonly due_ms: string;
}

/** Sends what is due once; answers how many messages were taken. */
export function statusMailer(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly title: string;
  readonly lists: readonly MailedList[];
  readonly log: Pick<Logger, 'warn'>;
  /** Where several processes may run. */
  readonly lease?: Lease;
}): () => Promise<number> {
  const { store, clock, tenant, title, lists, log, lease } = options;
  let working = false;

  async function sendDue(list: MailedList): Promise<number> {
    const endpoint = endpointOf(list.name);
    const from = writeInstant(Math.max(0, clock.now() - oldestMs));
    const rows = await store.rows<Row>('status-mails-due', { tenant, endpoint, from, limit: mostUpdates });
    let taken = 0;
    for (const row of rows) {
      if (!listGets(list, row) || Number(row.due_ms) > clock.now()) continue;
      const update = { ...row, at: new Date(readInstant(row.at)).toISOString() } as unknown as StatusUpdate;
      const begun = clock.now();
      const answer = await sendMessage(list.mail, statusMail(list.mail.from, list, title, update), list.to);
      const pending = {
        ...{ incident_id: row.update_id, sequence: 1, at: readInstant(row.at), due: 0 },
        ...{ attempts: Number(row.attempts), before: Number(row.before) },
      };
      const settled = decide(pending, answer, clock.now(), Math.random());
      await storeAttempt(store, { tenant, endpoint, pending, settled, endedAt: clock.now(), durationMs: clock.now() - begun });
      if (settled.state === 'delivered') {
        taken += 1;
        continue;
      }
      log.warn(
        { list: list.name, status: settled.http_status, error: settled.error, state: settled.state },
        'a status update was not taken',
      );
      // A server that is away is not asked for each of them.
      if (settled.state === 'retry') break;
    }
    return taken;
  }

  return async () => {
    if (working || lists.length === 0 || (lease && (await lease.heldUntil()) === 0)) return 0;
    working = true;
    try {
      let taken = 0;
      for (const list of lists) taken += await sendDue(list);
      return taken;
    } finally {
      working = false;
    }
  };
}
