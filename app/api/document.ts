/** The OpenAPI document and its page at /docs. */
import { readFileSync } from 'node:fs';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';
import type { FastifySchema } from 'fastify';
import { contentSecurityPolicy } from './guard.ts';

const posted = ['application/json', 'application/x-ndjson', 'text/csv', 'application/octet-stream'];

export const documentOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Weir',
      description: 'Incidents, findings, accounting and posted records of one Weir.',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [
      { name: 'incidents', description: 'What people act on' },
      { name: 'deliveries', description: 'What became of what targets were told' },
      { name: 'inbound', description: 'How tickets stand, told by their systems' },
      { name: 'status', description: 'What people outside are told' },
      { name: 'findings', description: 'What controls and detectors said' },
      { name: 'experience', description: 'How service was for customers' },
      { name: 'life cycle', description: 'Orders, activations and field visits' },
      { name: 'series', description: 'Detectors over series, and what each series would show' },
      { name: 'kpis', description: 'Service KPIs: the catalogue and their figures' },
      { name: 'service', description: 'Service levels: objectives and error budgets' },
      { name: 'maintenance', description: 'What is held back by planned work' },
      { name: 'sources', description: 'What came in and what became of it' },
      { name: 'ingest', description: 'Posting records' },
      { name: 'query', description: 'Questions of dashboards' },
      { name: 'sql', description: 'Questions as the analyst' },
      { name: 'session', description: 'Logging in and out' },
      { name: 'health', description: 'Whether everything runs' },
    ],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of http.tokens, or the owner token of the data directory' },
      },
    },
    security: [{ bearer: [] }],
  },
  // A posted batch is handed on as it comes and has no schema here; its document says what it may be.
  transform: ({ schema, url, route }) => {
    const described: FastifySchema & { security?: readonly object[] } =
      url === '/api/v1/ingest/:source' || url === '/api/v1/inbound/:connector'
        ? { ...schema, consumes: posted, body: { type: 'string', format: 'binary' } }
        : { ...schema };
    if (route.config?.access === 'public') described.security = [];
    return { schema: described, url };
  },
};

export const documentUi: FastifySwaggerUiOptions = {
  routePrefix: '/docs',
  logo: { type: 'image/svg+xml', content: readFileSync(new URL('../../dashboards/console/icon.svg', import.meta.url)), href: '/' },
  theme: { title: 'Weir API' },
  uiConfig: {
    deepLinking: true,
    docExpansion: 'list',
    validatorUrl: null,
    // Runs in the browser: what is tried out with a session comes from our own page.
    requestInterceptor: (request) => {
      Object.assign(Reflect.get(request, 'headers') as object, { 'x-weir-request': '1' });
      return request;
    },
  },
  // As for our own pages, but that its elements carry styles of their own.
  staticCSP: contentSecurityPolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
};
