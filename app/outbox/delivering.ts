/** Everything that the settings say is to be told of incidents besides webhooks, ready for the outbox. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Tools } from '../../incidents/notify/target.ts';
import type { Store } from '../../sql/store.ts';
import type { Audit } from '../api/audit.ts';
import { customersOf } from '../incidents/reach.ts';
import type { Publisher } from '../pipeline/publisher.ts';
import { correlationsOf } from './correlations.ts';
import { type Delivering, deliveringOf, topicDelivery, topicTarget } from './target.ts';
import { type Environment, targetOf } from './targets.ts';

/** Whether the settings publish incidents or findings to topics, so that a producer is needed. */
export function needsPublisher({ kafka, targets }: Pick<Settings, 'kafka' | 'targets'>): boolean {
  return kafka.findingsTopic !== '' || kafka.incidentsTopic !== '' || Object.values(targets).some(({ type }) => type === 'kafka');
}

/** The targets of the settings. @throws WeirError config_invalid when a target is wrong or its secret is missing */
export function deliveringTargets(options: {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly store: Store;
  readonly clock: Clock;
  /** Needed where {@link needsPublisher} says so. */
  readonly publisher: Publisher | undefined;
  /** Who is told of customers stands in the audit. */
  readonly audit: Audit;
}): Delivering[] {
  const { settings, environment, store, clock, publisher, audit } = options;
  const { kafka, tenant } = settings;
  const all: Delivering[] = [];
  for (const [name, target] of Object.entries(settings.targets)) {
    if (target.type !== 'kafka') {
      const memory = correlationsOf({ store, clock, tenant, target: name });
      const told = target.type === 'customers-webhook' ? concerned({ store, clock, tenant, audit, target: name }) : undefined;
      all.push(
        deliveringOf(targetOf(name, target, settings.http.publicUrl, environment, connectorsOf(settings, name)), target, memory, told),
      );
    } else if (publisher)
      all.push({ target: topicTarget(target.topic, target.minimumSeverity, name), deliver: topicDelivery(publisher, target.topic) });
  }
  if (publisher && kafka.incidentsTopic !== '')
    all.push({
      target: topicTarget(kafka.incidentsTopic, kafka.minimumSeverity),
      deliver: topicDelivery(publisher, kafka.incidentsTopic),
    });
  return all;
}

/** Connectors of the settings by which the system of a target tells how its tickets stand. */
function connectorsOf({ inbound }: Pick<Settings, 'inbound'>, target: string): readonly string[] {
  return Object.entries(inbound).flatMap(([name, connector]) => (connector.target === target ? [name] : []));
}

/** Customers of an incident for a target; the first page of a list is a look that the audit has. */
function concerned(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly audit: Audit;
  readonly target: string;
}): NonNullable<Tools['customers']> {
  const { store, clock, tenant, audit, target } = options;
  return async (incident, { after, limit }) => {
    const page = await customersOf({ store, tenant }, incident, { after, limit, now: clock.now() });
    if (after === '0' && page.items.length > 0) {
      const principal = { name: 'weir', role: 'owner', origin: 'weir' } as const;
      await audit({ principal, action: 'incident.customers', target: incident.incident_id, address: 'local', detail: { to: target } });
    }
    return page;
  };
}
