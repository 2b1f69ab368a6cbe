/** Settings of service assurance: where objectives and agreements are kept. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };

/** The map `slo` of `weir.yaml`. */
export const Slo = Type.Object(
  {
    directory: Type.String({
      default: '',
      description: 'Folder with OpenSLO v1 files (.yaml, .yml), with the folders below it: docs/objectives.md. Empty: none.',
    }),
    queryTimeoutSeconds: Type.Number({
      default: 10,
      minimum: 1,
      maximum: 60,
      description: 'Longest time that a query of an SLI may take for one stretch.',
    }),
  },
  { ...strict, default: {}, description: 'Service level objectives.' },
);

/** The map `sla` of `weir.yaml`. */
export const Sla = Type.Object(
  {
    directory: Type.String({
      default: '',
      description: 'Folder with agreements with partners (.yaml, .yml): docs/sla.md. Empty: none.',
    }),
  },
  { ...strict, default: {}, description: 'Service level agreements with partners.' },
);

export type SloSettings = Static<typeof Slo>;
export type SlaSettings = Static<typeof Sla>;
