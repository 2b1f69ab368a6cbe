/** Where transitions of incidents are delivered to: a webhook endpoint, another system, or a topic. */
import type { Incident } from '../../core/incident.ts';
import type { Answer } from '../../incidents/notify/answer.ts';
import { webhookBody } from '../../incidents/notify/body.ts';
import { exchange } from '../../incidents/notify/exchange.ts';
import { type Memory, readBytes, type Target, type Tools } from '../../incidents/notify/target.ts';
import { transitionId } from '../../incidents/transition.ts';
import type { Publisher } from '../pipeline/publisher.ts';

export interface DeliveryTarget {
  /** Its name in the table of deliveries. */
  readonly name: string;
  /** Where it is, a secret perhaps: only its hash is kept. What answered 410 is tried again when this changes. */
  readonly url: string;
  /** Deadline of one attempt. Default 15. */
  readonly timeoutSeconds?: number;
  /** Least severe incidents that are sent, 1 to 5. Default 5. */
  readonly minimumSeverity?: number;
}

/** Delivers one transition once; what went wrong is the answer. `now`: ms since 1970 UTC. */
export type Deliver = (incident: Incident, now: number) => Promise<Answer>;

/** A place and how to deliver to it. */
export interface Delivering {
  readonly target: DeliveryTarget;
  readonly deliver: Deliver;
}

/** Requests of one attempt at most: look for a ticket, read it, say something, change its state. */
const mostRequests = 4;

/** How a target is told. @param timeoutSeconds deadline of one request */
export function deliveringOf(
  target: Target,
  limits: { timeoutSeconds: number; minimumSeverity: number },
  memory: Memory,
  customers?: Tools['customers'],
): Delivering {
  const { timeoutSeconds, minimumSeverity } = limits;
  return {
    target: {
      name: target.name,
      url: `${target.type}:${target.identity ?? target.place}`,
      timeoutSeconds: timeoutSeconds * mostRequests,
      minimumSeverity,
    },
    deliver: (incident, now) =>
      target.deliver(incident, {
        now,
        memory,
        ...(customers && { customers }),
        send: (request) => exchange(request, { timeoutMs: timeoutSeconds * 1000, readBytes }),
      }),
  };
}

/** Limit of a message: below what brokers take by default. */
const mostBytes = 900_000;
/** Longer than the producer itself takes to give a message up, which is when an attempt has ended. */
const topicSeconds = 100;

/** @example topicTarget('weir.incidents', 5).name // 'topic:weir.incidents' */
export function topicTarget(topic: string, minimumSeverity: number, name = `topic:${topic}`): DeliveryTarget {
  return { name, url: `kafka:${topic}`, timeoutSeconds: topicSeconds, minimumSeverity };
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
