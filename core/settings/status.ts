/** The status feed for stakeholders: `status` of the settings. */
import Type, { type Static } from 'typebox';

const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { default: [], maxItems: 50, description });

export const Status = Type.Object(
  {
    public: Type.Boolean({
      default: false,
      description: 'Whether /status.json and /status.rss answer without a token. They tell what people published, and nothing else.',
    }),
    title: Type.String({ default: 'Service status', minLength: 1, maxLength: 200, description: 'Title of the feed.' }),
    lists: Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }),
      Type.Object(
        {
          mail: Type.String({ minLength: 1, maxLength: 63, description: 'Target of type email whose server and sender are used.' }),
          to: Type.Array(Type.String({ pattern: '^[^\\s<>@,;]+@[A-Za-z0-9.-]+$', maxLength: 320 }), {
            minItems: 1,
            maxItems: 100,
            description: 'Addresses. None sees the others.',
          }),
          services: names('Services whose updates it gets. Empty: all.'),
          partners: names('Partners whose updates it gets besides the public ones. Empty: the public ones alone.'),
        },
        { additionalProperties: false },
      ),
      { default: {}, description: 'Lists of addresses that status updates are sent to, by name.' },
    ),
  },
  { additionalProperties: false, default: {}, description: 'The status feed for stakeholders.' },
);

export type StatusSettings = Static<typeof Status>;
