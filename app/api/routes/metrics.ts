/** Metrics of all processes and of the accounting, for Prometheus. */
import Type from 'typebox';
import type { ApiMetrics } from '../../metrics/api.ts';
import type { SourceAccounting } from '../accounting.ts';
import { shared } from '../cache.ts';
import type { ApiContext } from '../context.ts';
import { exposition, type Metric } from '../exposition.ts';
import type { Api } from '../fastify.ts';
import { askLocal } from '../local.ts';
import { answers } from '../schemas.ts';

/** How long another process may take to say its metrics, in ms. */
const deadlineMs = 2000;
const sharedMs = 10_000;

const accounted = ['read', 'stored', 'rejected', 'dropped', 'in_flight'] as const;

const help: Readonly<Record<(typeof accounted)[number], string>> = {
  read: 'Positions read, by source',
  stored: 'Positions stored as records, by source',
  rejected: 'Positions rejected, by source',
  dropped: 'Positions left out by a rule, by source',
  in_flight: 'Positions planned whose insert is not answered yet, by source',
};

export function metricsRoute(
  api: Api,
  { store, sockets, settings, clock, log }: ApiContext,
  metrics: ApiMetrics,
  accounting: () => Promise<ReadonlyMap<string, SourceAccounting>>,
): void {
  const severities = shared(clock, sharedMs, () =>
    store.rows<{ severity: number; incidents: string }>('api-incidents-by-severity', { tenant: settings.tenant }, { timeoutMs: 5000 }),
  );

  async function of(role: string, socket: string): Promise<Metric[]> {
    const metrics = await askLocal(socket, '/metrics', { timeoutMs: deadlineMs })
      .then(({ status, body }) => (status === 200 ? (JSON.parse(body) as Metric[]) : undefined))
      .catch((error: Error) => void log.warn({ other: role, error: error.message }, 'metrics of another process are missing'));
    return [up(role, metrics !== undefined), ...(metrics ?? [])];
  }

  async function ofStore(): Promise<Metric[]> {
    try {
      const [accounts, open] = await Promise.all([accounting(), severities()]);
      return [up('clickhouse', true), ...accountingMetrics(accounts), openIncidents(open)];
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'accounting is missing in the metrics');
      return [up('clickhouse', false)];
    }
  }

  api.get(
    '/metrics',
    {
      schema: {
        tags: ['health'],
        summary: 'Metrics of all processes and the accounting by source, as Prometheus text',
        response: answers({ 200: Type.String({ description: 'Prometheus text format 0.0.4' }) }),
      },
    },
    async (_request, reply) => {
      const own = metrics.registry.getMetricsAsJSON() as unknown as Promise<Metric[]>;
      const readers = [...sockets.readers].map(([role, socket]) => of(role, socket));
      const groups = await Promise.all([own, of('ingest', sockets.ingest), ...readers, of('detect', sockets.detect), ofStore()]);
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(exposition([up('api', true), ...groups.flat()]));
    },
  );
}

function up(role: string, answers: boolean): Metric {
  return { name: 'weir_up', help: 'The process answers', type: 'gauge', values: [{ value: answers ? 1 : 0, labels: { role } }] };
}

function accountingMetrics(accounts: ReadonlyMap<string, SourceAccounting>): Metric[] {
  const gauge = (name: string, text: string, value: (account: SourceAccounting) => number): Metric => ({
    name: `weir_accounting_${name}`,
    help: text,
    type: 'gauge',
    values: [...accounts].map(([source, account]) => ({ value: value(account), labels: { source } })),
  });
  return [
    ...accounted.map((name) => gauge(name, help[name], (account) => account[name])),
    gauge('balanced', 'read = stored + rejected + dropped, by source', ({ balanced }) => (balanced ? 1 : 0)),
    gauge('proved', 'As many rows in the tables as the ledger says, by source', ({ proved }) => (proved ? 1 : 0)),
  ];
}

function openIncidents(rows: readonly { severity: number; incidents: string }[]): Metric {
  const counts = new Map(rows.map(({ severity, incidents }) => [severity, Number(incidents)]));
  return {
    name: 'weir_incidents_open',
    help: 'Incidents to act on, by severity: 1 critical to 5 informational',
    type: 'gauge',
    values: [1, 2, 3, 4, 5].map((severity) => ({ value: counts.get(severity) ?? 0, labels: { severity } })),
  };
}
