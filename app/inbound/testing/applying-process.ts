/** A process that applies words of tickets until it is killed: by itself, at the moment that its arguments name. For tests. */
import pino from 'pino';
import { defaultIncidentSettings } from '../../../incidents/settings.ts';
import { type ConnectOptions, connect } from '../../../sql/store.ts';
import { createAudit } from '../../api/audit.ts';
import { createIncidentDesk } from '../../incidents/desk.ts';
import { parseSettings } from '../../settings/load.ts';
import { connectorsOf } from '../connectors.ts';
import { createInbox } from '../inbox.ts';

interface Arguments {
  readonly store: ConnectOptions;
  readonly tenant: string;
  /** Table whose insert kills it; empty = none does. */
  readonly table: string;
  readonly when: 'before' | 'after';
}

const { store: options, tenant, table, when } = JSON.parse(process.argv[2] ?? '{}') as Arguments;
const store = connect(options);
const killing = {
  ...store,
  insert: async (into: string, rows: readonly object[], token: string): Promise<void> => {
    if (into === table && when === 'before') process.kill(process.pid, 'SIGKILL');
    await store.insert(into, rows, token);
    if (into === table && when === 'after') process.kill(process.pid, 'SIGKILL');
  },
};
const clock = { now: () => Date.now() };
const log = pino({ level: 'silent' });
const settings = parseSettings('inbound: { script: { type: generic, secretEnv: S } }', 'weir.yaml');
const audit = createAudit({ store: killing, clock, tenant });
const inbox = createInbox({
  store: killing,
  desk: createIncidentDesk({ store: killing, clock, tenant, settings: defaultIncidentSettings, log }),
  ...{ clock, tenant, log, graceMs: 0 },
  connectors: connectorsOf(settings, { S: `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}` }),
  audit: ({ actor, action, target, address, connector, key }) =>
    audit({ principal: { name: actor, role: 'operator', origin: 'ticket' }, action, target, address, key, detail: { connector } }),
});
await inbox.apply();
await store.close();
