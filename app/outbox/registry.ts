/**
 * Webhooks that were registered over the API. They may be public addresses only, and encrypted ones. A secret is made of the key of the data directory, the name and a number,
 * so that none is stored; while secrets rotate, both sign.
 */
import { createHmac } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { WeirError } from '../../core/errors.ts';
import { writeInstant } from '../../core/row.ts';
import { refusesHost } from '../../incidents/notify/addresses.ts';
import type { Endpoint } from '../../incidents/notify/endpoint.ts';
import type { Store } from '../../sql/store.ts';

export interface Registration {
  readonly name: string;
  readonly url: string;
  readonly minimumSeverity: number;
  readonly generation: number;
  /** When the secret before was replaced, ms; 0 = there is none. */
  readonly rotatedAt: number;
  readonly version: number;
  readonly actor: string;
  /** ms. */
  readonly at: number;
}

export interface Registry {
  /** Those that stand. */
  list(): Promise<readonly Registration[]>;
  /** Registers a webhook. @throws WeirError usage, conflict */
  add(entry: { readonly name: string; readonly url: string; readonly minimumSeverity: number }, actor: string): Promise<Registered>;
  /** Makes a new secret; the old one signs too for a week. @throws WeirError not_found */
  rotate(name: string, actor: string): Promise<Registered>;
  /** @throws WeirError not_found */
  remove(name: string, actor: string): Promise<Registration>;
  /** As the outbox delivers to them. */
  endpoints(): Promise<readonly Endpoint[]>;
}

export interface Registered {
  readonly registration: Registration;
  readonly secret: string;
}

/** Most webhooks that may be registered. */
const mostRegistered = 100;
/** Most names that ever were, for one read. */
const mostNames = 10_000;
/** How long the secret before signs too. */
const rotationMs = 7 * 86_400_000;

interface Row {
  readonly name: string;
  readonly url: string;
  readonly minimum_severity: number;
  readonly state: string;
  readonly generation: number;
  readonly rotated_ms: string;
  readonly last_version: string;
  readonly actor: string;
  readonly at_ms: string;
}

interface Change {
  readonly name: string;
  readonly url: string;
  readonly minimum_severity: number;
  readonly state: 'active' | 'removed';
  readonly generation: number;
  readonly rotatedAt: number;
  readonly version: number;
  readonly actor: string;
}

/** The registry of one tenant. @param taken names of webhooks and targets of the settings */
export function createRegistry(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  /** At least 32 bytes. Called when a secret is first needed. */
  readonly key: () => Uint8Array;
  readonly taken: readonly string[];
}): Registry {
  const { store, clock, tenant, key, taken } = options;

  const rowsOf = (name: string): Promise<Row[]> => store.rows<Row>('webhook-registrations', { tenant, name, limit: mostNames });
  const secretOf = (name: string, generation: number): string =>
    `whsec_${createHmac('sha256', key())
      .update(JSON.stringify(['webhook', tenant, name, generation]))
      .digest('base64')}`;

  /** Stores a change under its number; whoever was faster with that number has won. */
  async function save(change: Change): Promise<Registration> {
    const at = clock.now();
    const { rotatedAt, ...rest } = change;
    const row = { tenant, ...rest, rotated_at: writeInstant(rotatedAt), at: writeInstant(at) };
    await store.insert('webhook_registrations', [row], `${tenant}/${change.name}/${change.version}`);
    const [now] = await rowsOf(change.name);
    const won =
      now !== undefined &&
      Number(now.last_version) === change.version &&
      Number(now.at_ms) === at &&
      now.actor === change.actor &&
      now.url === change.url &&
      now.state === change.state;
    if (!won)
      throw new WeirError('conflict', `The webhook ${change.name} was changed by somebody else just now.`, { hint: 'Look at it again.' });
    return registrationOf(now);
  }

  async function standing(name: string): Promise<Row> {
    const [row] = await rowsOf(name);
    if (row === undefined || row.state !== 'active')
      throw new WeirError('not_found', `There is no registered webhook ${name}.`, { hint: 'GET /api/v1/webhooks lists them.' });
    return row;
  }

  const list = async (): Promise<Registration[]> => (await rowsOf('')).filter(({ state }) => state === 'active').map(registrationOf);

  return {
    list,
    async add({ name, url, minimumSeverity }, actor) {
      checkUrl(url);
      if (taken.includes(name))
        throw new WeirError('conflict', `The settings have a webhook or a target ${name}.`, { hint: 'Take another name.' });
      const all = await rowsOf('');
      const before = all.find((row) => row.name === name);
      if (before?.state === 'active') throw new WeirError('conflict', `A webhook ${name} is registered.`, { hint: 'Remove it first.' });
      if (all.filter(({ state }) => state === 'active').length >= mostRegistered)
        throw new WeirError('conflict', `${mostRegistered} webhooks are registered, which is the most.`, { hint: 'Remove one.' });
      // A name that comes back gets another secret: who had it before cannot sign as Weir.
      const generation = Number(before?.generation ?? 0) + 1;
      const version = Number(before?.last_version ?? 0) + 1;
      const registration = await save({
        ...{ name, url, minimum_severity: minimumSeverity, state: 'active', generation, rotatedAt: 0, version, actor },
      });
      return { registration, secret: secretOf(name, generation) };
    },
    async rotate(name, actor) {
      const { url, minimum_severity, generation, last_version } = await standing(name);
      const registration = await save({
        ...{ name, url, minimum_severity, state: 'active', generation: Number(generation) + 1, rotatedAt: clock.now() },
        ...{ version: Number(last_version) + 1, actor },
      });
      return { registration, secret: secretOf(name, registration.generation) };
    },
    async remove(name, actor) {
      const { url, minimum_severity, generation, last_version } = await standing(name);
      return save({
        ...{ name, url, minimum_severity, state: 'removed', generation: Number(generation), rotatedAt: 0 },
        ...{ version: Number(last_version) + 1, actor },
      });
    },
    endpoints: async () =>
      (await list()).map(({ name, url, minimumSeverity, generation, rotatedAt }) => {
        const rotating = rotatedAt > 0 && clock.now() - rotatedAt < rotationMs;
        const secrets = [secretOf(name, generation), ...(rotating ? [secretOf(name, generation - 1)] : [])];
        return { name, url, secrets, minimumSeverity, reach: 'public' };
      }),
  };
}

function registrationOf(row: Row): Registration {
  return {
    name: row.name,
    url: row.url,
    minimumSeverity: row.minimum_severity,
    generation: Number(row.generation),
    rotatedAt: Number(row.rotated_ms),
    version: Number(row.last_version),
    actor: row.actor,
    at: Number(row.at_ms),
  };
}

/** What can be said of an address before its name is looked up; the look-up of each delivery says the rest. @throws WeirError usage */
function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wrong =
    url === undefined || url.protocol !== 'https:'
      ? 'must be an https address'
      : url.username !== '' || url.password !== ''
        ? 'must not contain a password'
        : refusesHost(url.hostname)
          ? 'must be a public address'
          : '';
  if (wrong !== '')
    throw new WeirError('usage', `url: ${wrong}`, { hint: 'Receivers in private networks are named in weir.yaml, by who runs Weir.' });
}
