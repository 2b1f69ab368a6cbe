/** A process that delivers until it is killed. For tests: its arguments are the store, the tenant and the endpoint as JSON. */
import pino from 'pino';
import type { Endpoint } from '../../../incidents/notify/endpoint.ts';
import { type ConnectOptions, connect } from '../../../sql/store.ts';
import { createClaim } from '../../claim.ts';
import { startOutbox } from '../outbox.ts';

interface Arguments {
  readonly store: ConnectOptions;
  readonly tenant: string;
  readonly endpoint: Endpoint;
}

const { store: options, tenant, endpoint } = JSON.parse(process.argv[2] ?? '{}') as Arguments;
const store = connect(options);
const clock = { now: () => Date.now() };
startOutbox({
  store,
  clock,
  tenant,
  endpoints: [endpoint],
  log: pino({ level: 'silent' }),
  claim: createClaim({ store, clock, tenant }),
  owner: 'delivering-process',
  pollMs: 20,
});
