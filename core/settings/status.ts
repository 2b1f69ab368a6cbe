/** The status feed for stakeholders: `status` of the settings. */
import Type, { type Static } from 'typebox';

export const Status = Type.Object(
  {
    public: Type.Boolean({
      default: false,
      description: 'Whether /status.json and /status.rss answer without a token. They tell what people published, and nothing else.',
    }),
    title: Type.String({ default: 'Service status', minLength: 1, maxLength: 200, description: 'Title of the feed.' }),
  },
  { additionalProperties: false, default: {}, description: 'The status feed for stakeholders.' },
);

export type StatusSettings = Static<typeof Status>;
