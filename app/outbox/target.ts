/** Where transitions of incidents are delivered to: a webhook endpoint, or a topic. */
import type { Incident } from '../../core/incident.ts';
import type { Answer } from '../../incidents/notify/answer.ts';
import { webhookBody } from '../../incidents/notify/body.ts';
import { transitionId } from '../../incidents/transition.ts';
import type { Publisher } from '../pipeline/publisher.ts';

export interface DeliveryTarget {
  /** Its name in the table of deliveries. */
  readonly name: string;
  readonly url: string;
  /** Deadline of one attempt. Default 15. */
  readonly timeoutSeconds?: number;
  /** Least severe incidents that are sent, 1 to 5. Default 5. */
  readonly minimumSeverity?: number;
}

/** Delivers one transition once; what went wrong is the answer. `now`: ms since 1970 UTC. */
export type Deliver = (incident: Incident, now: number) => Promise<Answer>;

/** Limit of a message: below what brokers take by default. */
const mostBytes = 900_000;
/** Longer than the producer itself takes to give a message up, which is when an attempt has ended. */
const topicSeconds = 100;

/** @example topicTarget('weir.incidents', 5).name // 'topic:weir.incidents' */
export function topicTarget(topic: string, minimumSeverity: number): DeliveryTarget {
  return { name: `topic:${topic}`, url: `kafka:${topic}`, timeoutSeconds: topicSeconds, minimumSeverity };
}

/**
 * Sends a transition as a message: the same JSON as the body of a webhook, the incident as key, so that those of one incident lie in order
 * in one partition, and the header `weir-id`, the same in each attempt.
 */
export function topicDelivery(publisher: Publisher, topic: string): Deliver {
  return async (incident) => {
    try {
      const headers = [['weir-id', transitionId(incident)] as const];
      await publisher.send(topic, [{ key: incident.incident_id, value: Buffer.from(webhookBody(incident, mostBytes)), headers }]);
      return { outcome: 'delivered', status: 0 };
    } catch (error) {
      return { outcome: 'retry', status: 0, error: error instanceof Error ? error.message : String(error) };
    }
  };
}
