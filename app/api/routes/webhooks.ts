/** Webhooks that are registered over the API: the list, registering, a new secret, taking one away. */
import Type from 'typebox';
import { createRegistry, type Registration } from '../../outbox/registry.ts';
import { targetNames } from '../../outbox/targets.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const text = (description: string) => Type.String({ description });

const Webhook = Type.Object(
  {
    name: text('Its name'),
    url: text('Where incidents are posted'),
    minimum_severity: Type.Integer({ minimum: 1, maximum: 5, description: 'Least severe incidents that are sent' }),
    rotated_at: Type.Union([text('When it got a new secret, ISO 8601; the one before signs too for a week'), Type.Null()]),
    actor: text('Who registered or changed it last'),
    at: text('When, ISO 8601'),
  },
  { additionalProperties: true, description: 'A registered webhook' },
);
const WithSecret = Type.Object({ webhook: Webhook, secret: text('Signing secret, whsec_…; shown now and never again') });

const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Lower-case letters, digits, - and _' });
const Named = Type.Object({ name: Name });
const Entry = Type.Object(
  {
    name: Name,
    url: Type.String({ minLength: 9, maxLength: 2000, description: 'Public https address' }),
    minimum_severity: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 5,
      description: 'Least severe incidents that are sent: 1 critical … 5 all',
    }),
  },
  { additionalProperties: false },
);

function shown({ name, url, minimumSeverity, rotatedAt, actor, at }: Registration) {
  return {
    name,
    url,
    minimum_severity: minimumSeverity,
    rotated_at: rotatedAt > 0 ? new Date(rotatedAt).toISOString() : null,
    actor,
    at: new Date(at).toISOString(),
  };
}

/** Routes of registered webhooks. All need the right to act: an address may carry a token. */
export function webhookRoutes(api: Api, { store, clock, audit, settings, webhookKey }: ApiContext): void {
  const { tenant } = settings;
  const registry = createRegistry({ store, clock, tenant, key: webhookKey, taken: targetNames(settings) });
  const config = { access: 'act' } as const;
  const tags = ['deliveries'];

  api.get(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Webhooks that were registered here; those of the settings are not',
        response: answers({ 200: Type.Object({ items: Type.Array(Webhook) }) }),
      },
    },
    async () => ({ items: (await registry.list()).map(shown) }),
  );

  api.post(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Register a webhook: a public https address that is sent every incident, signed',
        body: Entry,
        response: answers({ 201: WithSecret }),
      },
    },
    async (request, reply) => {
      const { name, url, minimum_severity } = request.body;
      const principal = request.principal!;
      const { registration, secret } = await registry.add({ name, url, minimumSeverity: minimum_severity }, principal.name);
      await audit({ principal, action: 'webhook.register', target: name, address: request.ip, detail: { host: new URL(url).host } });
      void reply.code(201);
      return { webhook: shown(registration), secret };
    },
  );

  api.post(
    '/webhooks/:name/rotate',
    {
      config,
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags,
        summary: 'Give a webhook a new secret; the old one signs too for a week',
        params: Named,
        body: Type.Object({}, { additionalProperties: false }),
        response: answers({ 200: WithSecret }),
      },
    },
    async (request) => {
      const principal = request.principal!;
      const { registration, secret } = await registry.rotate(request.params.name, principal.name);
      await audit({ principal, action: 'webhook.rotate', target: registration.name, address: request.ip });
      return { webhook: shown(registration), secret };
    },
  );

  api.delete(
    '/webhooks/:name',
    {
      config,
      schema: {
        tags,
        summary: 'Take a webhook away: it is sent nothing more',
        params: Named,
        response: answers({ 200: Type.Object({ webhook: Webhook }) }),
      },
    },
    async (request) => {
      const principal = request.principal!;
      const removed = await registry.remove(request.params.name, principal.name);
      await audit({ principal, action: 'webhook.remove', target: removed.name, address: request.ip });
      return { webhook: shown(removed) };
    },
  );
}
