/** Prometheus metrics of the API process. Routes are labelled by their pattern, never by an address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface ApiMetrics {
  readonly registry: Registry;
  request(facts: { method: string; route: string; status: number; seconds: number }): void;
  eventClients(count: number): void;
  /** Words that a ticket system was asked for because they had never come. */
  unheard(connector: string, words: number): void;
}

export function apiMetrics(): ApiMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role: 'api' });
  collectDefaultMetrics({ register: registry });
  const of = { registers: [registry] };
  const requests = new Counter({
    ...of,
    name: 'weir_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['method', 'route', 'status'],
  });
  const seconds = new Histogram({
    ...of,
    name: 'weir_http_request_seconds',
    help: 'From the request to its answer, by route',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  });
  const unheard = new Counter({
    ...of,
    name: 'weir_inbound_unheard_total',
    help: 'Words of ticket systems that never came and were asked for, by connector: how far tickets and incidents drift apart',
    labelNames: ['connector'],
  });
  const clients = new Gauge({ ...of, name: 'weir_http_event_clients', help: 'Open connections of server-sent events' });
  return {
    registry,
    request(facts) {
      requests.inc({ method: facts.method, route: facts.route, status: facts.status });
      seconds.observe({ route: facts.route }, facts.seconds);
    },
    eventClients: (count) => clients.set(count),
    unheard: (connector, words) => unheard.inc({ connector }, words),
  };
}
