/** Service assurance: `service` of the settings. */
import Type, { type Static } from 'typebox';

export const Service = Type.Object(
  {
    vipSegments: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: ['vip'],
      maxItems: 16,
      description: 'Customer segments whose customers are named, by pseudonym, where a fault touches them.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Service assurance.' },
);

export type ServiceSettings = Static<typeof Service>;
