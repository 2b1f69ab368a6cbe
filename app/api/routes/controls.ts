/** Controls as they stand, and one with what it means and how it is proved. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { runbookOf } from '../../../detectors/runbooks/index.ts';
import { controlJson, controlLines } from '../../cli/control-table.ts';
import { allControls } from '../../own/definitions.ts';
import { countsByDetector, readVerdicts } from '../../verdicts/counts.ts';
import { shared } from '../cache.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

/** Coverage counts usage of two days: all who ask within this time share one count, ms. */
const sharedMs = 30_000;
const open = { additionalProperties: true };
const text = (description: string) => Type.String({ description });

const Control = Type.Object(
  {
    identity: text('Identity, e.g. S01'),
    title: text('Title'),
    own: Type.Boolean({ description: 'One of the settings' }),
    trigger: text('batch-stored, minute, window-close, nightly'),
    needs: text('What must be in the data'),
    enabled: Type.Boolean({ description: 'Switched on' }),
    state: text('off, not_judged, quiet, violation, ok, waiting, not_applicable'),
    note: text('Why'),
    coverage: Type.Union([Type.Number(), Type.Null()], {
      description: 'Share of the revenue of two days that it looked at; null = it looks at none',
    }),
    last: Type.Union([Type.Object({}, open), Type.Null()], {
      description: 'Cells and violations of two days, and the money of what fires',
    }),
  },
  { ...open, description: 'A control as it stands' },
);

const Limit = Type.Object({ name: text('Name'), default: Type.Number(), unit: text('Unit'), min: Type.Number(), max: Type.Number() }, open);

const ControlPage = Type.Object(
  {
    identity: text('Identity'),
    title: text('Title'),
    meaning: text('What it says'),
    formula: text('How it judges'),
    money: text('How its amounts are computed; empty = it has none'),
    prove: Type.Array(Type.String(), { description: 'How to prove a finding, step by step' }),
    recover: Type.Array(Type.String(), { description: 'How to recover, step by step' }),
    limits: Type.Array(Limit),
  },
  { ...open, description: 'What a control means' },
);

export function controlRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  const lines = shared(clock, sharedMs, async () => {
    const verdicts = countsByDetector(await readVerdicts(store, settings.tenant));
    return (await controlLines(store, settings, verdicts, clock.now())).map(controlJson);
  });

  api.get(
    '/controls',
    {
      schema: {
        tags: ['findings'],
        summary: 'Every control with its state, last result, coverage and money',
        response: answers({ 200: Type.Object({ items: Type.Array(Control) }, { description: 'All controls' }) }),
      },
    },
    async () => ({ items: await lines() }),
  );

  api.get(
    '/controls/:identity',
    {
      schema: {
        tags: ['findings'],
        summary: 'What a control means, how it judges, how a finding is proved and recovered, and its limits',
        params: Type.Object({ identity: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$', description: 'Identity of the control' }) }),
        response: answers({ 200: ControlPage }),
      },
    },
    async ({ params }) => {
      const definition = allControls(settings).find(({ identity }) => identity === params.identity);
      if (!definition)
        throw new WeirError('not_found', `There is no control ${params.identity}.`, { hint: 'List them with GET /api/v1/controls.' });
      const { identity, title, documentation, limits } = definition;
      const runbook = runbookOf(identity);
      return {
        identity,
        title,
        meaning: documentation.meaning,
        formula: documentation.formula,
        money: runbook?.money ?? documentation.money ?? '',
        prove: runbook?.prove ?? [documentation.proof],
        recover: runbook?.recover ?? [documentation.recovery],
        limits,
      };
    },
  );
}
