/** The HTTP API with its pages: everything but listening. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { WeirError } from '../../core/errors.ts';
import type { ApiMetrics } from '../metrics/api.ts';
import { readAccounting } from './accounting.ts';
import { answerOf } from './answer.ts';
import { shared } from './cache.ts';
import type { ApiContext } from './context.ts';
import { documentOptions, documentUi } from './document.ts';
import { createEventStreams } from './events.ts';
import type { Api, SchemaTypes } from './fastify.ts';
import { guard } from './guard.ts';
import { hostCheck } from './host.ts';
import { controlRoutes } from './routes/controls.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { eventRoute } from './routes/events.ts';
import { experienceRoutes } from './routes/experience.ts';
import { findingRoutes } from './routes/findings.ts';
import { healthRoutes } from './routes/health.ts';
import { inboundListRoute, inboundRoute } from './routes/inbound.ts';
import { incidentAfterRoutes } from './routes/incident-after.ts';
import { incidentPeopleRoutes } from './routes/incident-people.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { kpiRoutes } from './routes/kpis.ts';
import { lifeCycleRoutes } from './routes/life-cycle.ts';
import { maintenanceRoutes } from './routes/maintenance.ts';
import { metricsRoute } from './routes/metrics.ts';
import { pageRoutes } from './routes/pages.ts';
import { queryRoutes } from './routes/query.ts';
import { reconciliationRoutes } from './routes/reconciliations.ts';
import { reportRoutes } from './routes/reports.ts';
import { seriesRoutes } from './routes/series.ts';
import { loginRoute, sessionRoutes } from './routes/session.ts';
import { sloRoutes } from './routes/slos.ts';
import { sourceRoutes } from './routes/sources.ts';
import { sqlRoutes } from './routes/sql.ts';
import { statusRoutes } from './routes/status.ts';
import { tableRoutes } from './routes/tables.ts';
import { topologyRoutes } from './routes/topology.ts';
import { verdictRoutes } from './routes/verdicts.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import type { Tokens } from './tokens.ts';

export interface ApiOptions extends ApiContext {
  readonly tokens: Tokens;
  readonly metrics: ApiMetrics;
}

/** Largest body of everything but posted batches, in bytes. */
const bodyLimit = 262_144;
/** A request has to be here by then, in ms: a slow sender does not hold a place for ever. */
const requestTimeoutMs = 150_000;
/** Accounting counts the tables: all who ask within this time share one count, in ms. */
const accountingMs = 5000;

/** The server, not listening yet. Its `close` ends event streams and lets other requests finish. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { settings, log, metrics, store, clock } = options;
  const { tenant, http } = settings;
  const api = fastify({
    bodyLimit,
    exposeHeadRoutes: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false } },
    frameworkErrors: (error, request, reply) => fail(error, request, reply as unknown as FastifyReply),
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify({ error: 'usage', message: 'The request cannot be read.', hint: 'Is it HTTP/1.1?' });
      if (socket.writable)
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
    },
  }).withTypeProvider<SchemaTypes>() as unknown as Api;

  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, body, unexpected } = answerOf(error);
    const route = request.routeOptions?.url ?? '';
    if (unexpected) log.error({ error: error instanceof Error ? error.stack : String(error), route }, 'a request failed');
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="weir"');
    if ((status === 429 || status === 503) && !reply.hasHeader('retry-after')) reply.header('retry-after', '2');
    void reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
  };
  api.setErrorHandler(fail);
  // Answers are our own code's values: their schemas document them, and must neither cut nor bend what they say.
  api.setSerializerCompiler(() => JSON.stringify);
  api.decorateRequest('principal', undefined);
  api.addHook('onRequest', guard({ ...options, hostAllowed: hostCheck(http.host, http.publicUrl), listen: http.host }));
  api.setNotFoundHandler(async (request) => {
    throw new WeirError('not_found', `There is no ${request.method} at this address.`, { hint: 'The reference is at /docs.' });
  });
  api.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
    const facts = { method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 };
    metrics.request(facts);
    log.debug({ ...facts, actor: request.principal?.name }, 'request');
  });

  // The reference tells nothing that is not in the source.
  api.addHook('onRoute', (route) => {
    if (route.url.startsWith(documentUi.routePrefix ?? '')) route.config = { ...route.config, access: 'public' };
  });

  const streams = createEventStreams({ store, clock, tenant, log, onClients: metrics.eventClients });
  api.addHook('preClose', async () => streams.stop());
  const accounting = shared(clock, accountingMs, () => readAccounting(store, tenant));

  await api.register(swagger, documentOptions);
  await api.register(swaggerUi, documentUi);
  await api.register(async (root) => {
    const at = root as unknown as Api;
    pageRoutes(at);
    loginRoute(at, options);
    healthRoutes(at, options);
    statusRoutes(at, options);
    metricsRoute(at, options, metrics, accounting);
  });
  await api.register(
    async (v1) => {
      const at = v1 as unknown as Api;
      sessionRoutes(at, options);
      eventRoute(at, options, streams);
      incidentRoutes(at, options);
      deliveryRoutes(at, options);
      webhookRoutes(at, options);
      verdictRoutes(at, options);
      inboundListRoute(at, options);
      incidentPeopleRoutes(at, options);
      incidentAfterRoutes(at, options);
      queryRoutes(at, options, accounting);
      reportRoutes(at, options);
      experienceRoutes(at, options);
      lifeCycleRoutes(at, options);
      findingRoutes(at, options);
      controlRoutes(at, options);
      reconciliationRoutes(at, options);
      maintenanceRoutes(at, options);
      seriesRoutes(at, options);
      kpiRoutes(at, options);
      topologyRoutes(at, options);
      sloRoutes(at, options);
      sourceRoutes(at, options, accounting);
      sqlRoutes(at, options);
      tableRoutes(at, options);
      await v1.register(async (ingest) => ingestRoutes(ingest as unknown as Api, options));
      await v1.register(async (inbound) => inboundRoute(inbound as unknown as Api, options, options.inbox, options.connectors));
    },
    { prefix: '/api/v1' },
  );
  return api;
}
