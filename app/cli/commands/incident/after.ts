/** `weir incidents review|action|action-done|similar|publish|withdraw`: what comes after an incident, and what people outside are told. */
import { type Command, Option } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import type { ActionItem } from '../../../../incidents/action-item.ts';
import { askedOf, causes, type Review, type ReviewChange } from '../../../../incidents/review.ts';
import { type UpdateStage, updateStages } from '../../../../incidents/status-feed.ts';
import { type AfterBook, createAfterBook } from '../../../incidents/after.ts';
import { createStatusBook } from '../../../incidents/status.ts';
import { auditHere, incidentNamed, person, systemClock } from '../../incident-named.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../../options.ts';
import { table, visible } from '../../print.ts';

interface ReviewOptions extends CommonOptions {
  readonly cause?: string;
  readonly causeText?: string;
  readonly useful?: boolean;
  readonly noise?: boolean;
  readonly satisfaction?: string;
  readonly why?: readonly string[];
  readonly rootCause?: string;
  readonly lessons?: string;
}

interface ActionOptions extends CommonOptions {
  readonly kind: ActionItem['kind'];
  readonly text: string;
  readonly owner: string;
  readonly due: string;
}

interface PublishOptions extends CommonOptions {
  readonly title: string;
  readonly text: string;
  readonly stage: UpdateStage;
  readonly service?: readonly string[];
  readonly partner?: readonly string[];
}

/** The book of what comes after incidents, of an open store. */
export const afterBookOf = ({ store, settings }: Pick<OpenStore, 'store' | 'settings'>): AfterBook =>
  createAfterBook({ store, clock: systemClock, tenant: settings.tenant });

const statusBookOf = ({ store, settings }: Pick<OpenStore, 'store' | 'settings'>) =>
  createStatusBook({ store, clock: systemClock, tenant: settings.tenant });

export function addAfter(command: Command, exit: (code: number) => void): void {
  const one = (name: string, about: string): Command =>
    command.command(name).description(about).argument('<id>', 'incident id, or its beginning');
  one('review', 'say what was learned of it, or see what was said and what is still asked for')
    .addOption(new Option('--cause <name>', 'cause that it is filed under').choices([...causes]))
    .option('--cause-text <text>', 'the cause in words')
    .option('--useful', 'it was worth the attention')
    .option('--noise', 'it was not')
    .addOption(new Option('--satisfaction <figure>', 'how content you are with how it went').choices(['1', '2', '3', '4', '5']))
    .option('--why <text...>', 'the chain of whys, three to seven: each says why the one before was so')
    .option('--root-cause <text>', 'the root cause')
    .option('--lessons <text>', 'what was learned')
    .action(async (id: string, options: ReviewOptions) => {
      await review(id, options);
      exit(0);
    });
  one('action', 'add an action that makes it good or keeps it from coming again')
    .addOption(new Option('--kind <kind>', 'corrective or preventive').choices(['corrective', 'preventive']).default('corrective'))
    .requiredOption('--text <text>', 'what is to be done')
    .requiredOption('--owner <name>', 'who does it')
    .requiredOption('--due <day>', 'YYYY-MM-DD')
    .action(async (id: string, options: ActionOptions) => {
      await action(id, options);
      exit(0);
    });
  command
    .command('action-done')
    .description('say that an action is done, or change it')
    .argument('<action>', 'action id, or its beginning')
    .option('--cancelled', 'it will not be done')
    .option('--owner <name>', 'another owner; the action stays open')
    .option('--due <day>', 'another day; the action stays open')
    .action(async (id: string, options: CommonOptions & { cancelled?: boolean; owner?: string; due?: string }) => {
      await changeAction(id, options);
      exit(0);
    });
  one('similar', 'past incidents that look like it, with what they came from').action(async (id: string, options: CommonOptions) => {
    await similar(id, options);
    exit(0);
  });
  one('publish', 'publish a status update: this text stands in the feed, nothing else of the incident does')
    .requiredOption('--title <text>', 'title')
    .requiredOption('--text <text>', 'what people outside are told')
    .addOption(new Option('--stage <stage>', 'how far it is').choices([...updateStages]).default('investigating'))
    .option('--service <name...>', 'services it is about (default: all)')
    .option('--partner <name...>', 'partners it is for (default: the public)')
    .action(async (id: string, options: PublishOptions) => {
      await publish(id, options);
      exit(0);
    });
  command
    .command('withdraw')
    .description('take a status update out of all feeds')
    .argument('<update>', 'update id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await withStore(await workplace(options), async (place) => {
        const { update_id, incident_id } = await statusBookOf(place).withdraw(id, person());
        await auditHere(place, 'status.withdraw', update_id, { incident_id });
        process.stdout.write(options.json ? `${JSON.stringify({ update_id, state: 'withdrawn' })}\n` : `${update_id}: withdrawn\n`);
      });
      exit(0);
    });
}

/** @throws WeirError usage when it was both */
function changeOf({ useful, noise, satisfaction, ...options }: ReviewOptions): ReviewChange {
  if (useful && noise) throw new WeirError('usage', 'give --useful or --noise, not both');
  const { cause, causeText, why, rootCause, lessons } = options;
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(causeText === undefined ? {} : { cause_text: causeText }),
    ...(useful ? { useful: 'useful' as const } : noise ? { useful: 'noise' as const } : {}),
    ...(satisfaction === undefined ? {} : { satisfaction: Number(satisfaction) }),
    ...(why === undefined ? {} : { whys: why }),
    ...(rootCause === undefined ? {} : { root_cause: rootCause }),
    ...(lessons === undefined ? {} : { lessons }),
  };
}

async function review(id: string, options: ReviewOptions): Promise<void> {
  const change = changeOf(options);
  await withStore(await workplace(options), async (place) => {
    const incident = await incidentNamed(place, id);
    const book = afterBookOf(place);
    const said = Object.keys(change).length > 0;
    const stands = said
      ? await book.sayReview(incident, change, { actor: person(), origin: 'cli' })
      : await book.review(incident.incident_id);
    if (said) await auditHere(place, 'incident.review', incident.incident_id, { parts: Object.keys(change).join(' ') });
    const asked = askedOf(stands);
    process.stdout.write(options.json ? `${JSON.stringify({ review: stands ?? null, asked })}\n` : `${reviewText(stands, asked)}\n`);
  });
}

function reviewText(review: Review | undefined, asked: readonly string[]): string {
  const lines = [
    ...(review?.cause ? [`cause         ${review.cause}${review.cause_text ? `: ${review.cause_text}` : ''}`] : []),
    ...(review?.useful ? [`it was        ${review.useful}`] : []),
    ...(review?.satisfaction ? [`satisfaction  ${review.satisfaction} of 5`] : []),
    ...(review?.whys ?? []).map((why, index) => `why ${index + 1}         ${why}`),
    ...(review?.root_cause ? [`root cause    ${review.root_cause}`] : []),
    ...(review?.lessons ? [`learned       ${review.lessons}`] : []),
  ].map(visible);
  return [...lines, asked.length === 0 ? 'Nothing more is asked for.' : `Still asked for: ${asked.join(', ')}.`].join('\n');
}

async function action(id: string, { kind, text, owner, due, ...options }: ActionOptions): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const { incident_id } = await incidentNamed(place, id);
    const item = await afterBookOf(place).addAction(incident_id, { kind, text, owner, due_on: due }, person());
    await auditHere(place, 'incident.action', incident_id, { action_id: item.action_id, owner, due_on: due });
    process.stdout.write(options.json ? `${JSON.stringify(item)}\n` : `${item.action_id}: ${visible(owner)}, due ${due}\n`);
  });
}

async function changeAction(id: string, options: CommonOptions & { cancelled?: boolean; owner?: string; due?: string }): Promise<void> {
  const { cancelled, owner, due } = options;
  const moved = owner !== undefined || due !== undefined;
  const change = {
    ...(cancelled ? { state: 'cancelled' as const } : moved ? {} : { state: 'done' as const }),
    ...(owner === undefined ? {} : { owner }),
    ...(due === undefined ? {} : { due_on: due }),
  };
  await withStore(await workplace(options), async (place) => {
    const item = await afterBookOf(place).changeAction(id, change, person());
    const detail = { incident_id: item.incident_id, state: item.state, owner: item.owner, due_on: item.due_on };
    await auditHere(place, 'action.change', item.action_id, detail);
    process.stdout.write(
      options.json ? `${JSON.stringify(item)}\n` : `${item.action_id}: ${item.state}, ${visible(item.owner)}, due ${item.due_on}\n`,
    );
  });
}

async function similar(id: string, options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const items = await afterBookOf(place).similar(await incidentNamed(place, id));
    if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
    else if (items.length === 0) process.stdout.write('Nothing like it is known.\n');
    else {
      const columns = [
        { title: 'INCIDENT' },
        { title: 'LIKE', right: true },
        { title: 'DETECTED' },
        { title: 'TITLE', width: 50 },
        { title: 'WHAT IS ALIKE', width: 40 },
        { title: 'ROOT CAUSE', width: 50 },
      ];
      const rows = items.map(({ incident, score, reason }) => [
        ...[
          incident.incident_id,
          `${Math.round(score * 100)} %`,
          incident.detected_at.slice(0, 10),
          incident.title,
          reason,
          incident.root_cause || incident.cause,
        ],
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    }
  });
}

async function publish(id: string, { title, text, stage, service = [], partner = [], ...options }: PublishOptions): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const { incident_id } = await incidentNamed(place, id);
    const update = await statusBookOf(place).publish({ incident_id, title, text, stage, services: service, partners: partner }, person());
    await auditHere(place, 'status.publish', update.update_id, { incident_id });
    const whom = partner.length > 0 ? `for ${partner.join(', ')}` : 'public';
    process.stdout.write(options.json ? `${JSON.stringify(update)}\n` : `${update.update_id}: published, ${visible(whom)}\n`);
  });
}

/** Past incidents that look like one, for the end of its description; empty when there are none. */
export function similarText(items: Awaited<ReturnType<AfterBook['similar']>>): string {
  if (items.length === 0) return '';
  const lines = items.map(({ incident, score }) => {
    const cause = incident.root_cause || incident.cause;
    return `  ${incident.incident_id.slice(0, 12)}  ${String(Math.round(score * 100)).padStart(3)} %  ${incident.detected_at.slice(0, 10)}  ${visible(incident.title)}${cause === '' ? '' : `: ${visible(cause)}`}`;
  });
  return `\nSimilar before\n${lines.join('\n')}\n`;
}
