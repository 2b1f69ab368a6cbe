/** Everything that the settings say is to be told of incidents besides webhooks, ready for the outbox. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';
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
}): Delivering[] {
  const { settings, environment, store, clock, publisher } = options;
  const { kafka, tenant } = settings;
  const all: Delivering[] = [];
  for (const [name, target] of Object.entries(settings.targets)) {
    if (target.type !== 'kafka') {
      const memory = correlationsOf({ store, clock, tenant, target: name });
      all.push(deliveringOf(targetOf(name, target, settings.http.publicUrl, environment), target, memory));
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
