/** Life-cycle event: one step of an order, activation or change of a subscription. */
import { type ColumnOf, code, float, hash, instant, type Kind, type RecordOf, text, transient } from '../column.ts';

const columns = {
  step: code('Step of the life cycle, open: ordered, paid, activated, provisioned, first_usage, first_charge, suspended, ceased, …'),
  event_time: instant('Instant of the step, UTC'),
  subscription: hash('Pseudonym of the subscription'),
  order_id: text('Order or request the step belongs to'),
  result: code('ok, failed, pending, or as the source words it'),
  error: text('Error of a failed step, as the source words it'),
  actor: code('Who did it: system, shop, agent, customer'),
  system: code('System that reported it: crm, provisioning, hlr, billing, …'),
  plan: code('Plan of the subscription'),
  segment: code('Customer segment'),
  duration_seconds: float('How long the step took, in seconds'),
  subscription_number: transient('Number, IMSI or account that identifies the subscription, as the source states it'),
} satisfies Record<string, ColumnOf>;

export const lifecycle: Kind<typeof columns> = {
  name: 'lifecycle',
  table: 'lifecycle',
  comment: 'Customer life-cycle events: orders, activations, provisioning, suspensions, each step with its result.',
  columns,
  required: ['step', 'event_time'],
};

export type LifecycleRecord = RecordOf<typeof columns>;
