/** `weir incidents close`: ends an incident, and asks what is to be known of it afterwards. */
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import { askedOf, causes, type Review, type ReviewChange } from '../../../../incidents/review.ts';
import { auditHere, deskOf, incidentNamed, person } from '../../incident-named.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { visible } from '../../print.ts';
import { afterBookOf } from './after.ts';

interface CloseOptions extends CommonOptions {
  readonly note?: string;
  readonly cause?: string;
  readonly useful?: boolean;
  readonly noise?: boolean;
  readonly satisfaction?: string;
}

export function addClose(command: Command, exit: (code: number) => void): void {
  command
    .command('close')
    .description('close for good; asks the cause, whether it was useful or noise, and how content you are')
    .argument('<id>', 'incident id, or its beginning')
    .option('--note <text>', 'what to write into its timeline')
    .addOption(new Option('--cause <name>', 'cause that it is filed under').choices([...causes]))
    .option('--useful', 'it was worth the attention')
    .option('--noise', 'it was not')
    .addOption(new Option('--satisfaction <figure>', 'how content you are with how it went').choices(['1', '2', '3', '4', '5']))
    .action(async (id: string, options: CloseOptions) => {
      await close(id, options);
      exit(0);
    });
}

async function close(id: string, options: CloseOptions): Promise<void> {
  if (options.useful && options.noise) throw new WeirError('usage', 'give --useful or --noise, not both');
  await withStore(await workplace(options), async (place) => {
    const found = await incidentNamed(place, id);
    const action = { type: 'close', actor: person(), ...(options.note ? { note: options.note } : {}) } as const;
    const result = await deskOf(place).act(found.incident_id, action);
    if (result.outcome === 'not_found') throw new WeirError('not_found', `no incident ${id}`);
    if (result.outcome === 'refused') throw new WeirError('usage', `the incident cannot be changed so: ${result.reason}`);
    const { incident } = result;
    if (result.outcome === 'changed')
      await auditHere(place, 'incident.close', incident.incident_id, { sequence: String(incident.sequence) });
    if (!options.json) process.stdout.write(`${visible(incident.title)}: ${incident.state}\n`);
    const book = afterBookOf(place);
    let review = await book.review(incident.incident_id);
    const given = givenBy(options);
    const asking = !options.json && process.stdin.isTTY === true && process.stdout.isTTY === true;
    const change = asking ? { ...given, ...(await asked({ ...review, ...given })) } : given;
    if (Object.keys(change).length > 0) {
      review = await book.sayReview(incident, change, { actor: person(), origin: 'cli' });
      await auditHere(place, 'incident.review', incident.incident_id, { parts: Object.keys(change).join(' ') });
    }
    const open = askedOf(review);
    if (options.json) process.stdout.write(`${JSON.stringify({ ...incident, asked: open })}\n`);
    else if (open.length > 0)
      process.stdout.write(`Asked for: ${open.join(', ')}.\n  npx weir incidents review ${incident.incident_id.slice(0, 12)} --help\n`);
  });
}

function givenBy({ cause, useful, noise, satisfaction }: CloseOptions): ReviewChange {
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(useful ? { useful: 'useful' as const } : noise ? { useful: 'noise' as const } : {}),
    ...(satisfaction === undefined ? {} : { satisfaction: Number(satisfaction) }),
  };
}

/** Asks a person for what is missing; an empty answer leaves it open. */
async function asked(known: Partial<Review>): Promise<ReviewChange> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ask = async <T>(question: string, read: (answer: string) => T | undefined): Promise<T | undefined> => {
    for (;;) {
      const answer = (await terminal.question(`${question}, or nothing: `)).trim().toLowerCase();
      if (answer === '') return undefined;
      const value = read(answer);
      if (value !== undefined) return value;
    }
  };
  try {
    const cause = known.cause ? undefined : await ask(`Cause (${causes.join(', ')})`, causeNamed);
    const useful = known.useful ? undefined : await ask('Useful or noise', usefulNamed);
    const satisfaction = known.satisfaction ? undefined : await ask('How content are you with how it went, 1 to 5', satisfactionNamed);
    return {
      ...(cause === undefined ? {} : { cause }),
      ...(useful === undefined ? {} : { useful }),
      ...(satisfaction === undefined ? {} : { satisfaction }),
    };
  } finally {
    terminal.close();
  }
}

/**
 * The cause that a person begins to name; undefined when it is none or several.
 * @example causeNamed('soft') // 'software'
 */
export function causeNamed(answer: string): string | undefined {
  if (causes.some((cause) => cause === answer)) return answer;
  const meant = causes.filter((cause) => cause.startsWith(answer));
  return meant.length === 1 ? meant[0] : undefined;
}

/** @example usefulNamed('u') // 'useful' */
export function usefulNamed(answer: string): 'useful' | 'noise' | undefined {
  return (['useful', 'noise'] as const).find((word) => word.startsWith(answer));
}

/** @example satisfactionNamed('4') // 4 */
export function satisfactionNamed(answer: string): number | undefined {
  return /^[1-5]$/.test(answer) ? Number(answer) : undefined;
}
