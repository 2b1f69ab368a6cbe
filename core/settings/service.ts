/** Service assurance: `service` of the settings. */
import Type, { type Static } from 'typebox';

const metric = Type.String({ minLength: 1, maxLength: 128 });
const metrics = (names: readonly string[], description: string) => Type.Array(metric, { default: [...names], maxItems: 32, description });

export const Service = Type.Object(
  {
    vipSegments: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: ['vip'],
      maxItems: 16,
      description: 'Customer segments whose customers are named, by pseudonym, where a fault touches them.',
    }),
    statusMetrics: metrics(
      ['ont_up', 'online', 'device_up'],
      'Metrics that say whether a device is up: 1 up, 0 down; attribute `reason` says why, e.g. los, dying_gasp.',
    ),
    powerMetrics: metrics(['rx_power_dbm', 'ont_rx_power_dbm'], 'Metrics that are an optical level of a device, in dBm.'),
    uptimeMetrics: metrics(['uptime_seconds', 'uptime'], 'Metrics that are the time since a device started, in seconds.'),
  },
  { additionalProperties: false, default: {}, description: 'Service assurance.' },
);

export type ServiceSettings = Static<typeof Service>;
