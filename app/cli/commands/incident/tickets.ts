/** `weir incidents tickets|updates`: what an incident is called in other systems and what they said of it, and what was published. */
import type { Command } from 'commander';
import { createStatusBook } from '../../../incidents/status.ts';
import { incidentNamed, systemClock } from '../../incident-named.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { table } from '../../print.ts';

interface Ticket {
  readonly target: string;
  readonly external_id: string;
  readonly reference: string;
  readonly since: string;
}

interface Word {
  readonly connector: string;
  readonly reference: string;
  readonly status: string;
  readonly outcome: string;
  readonly reason: string;
  readonly said_at: string;
}

export function addTickets(command: Command, exit: (code: number) => void): void {
  command
    .command('tickets')
    .description('what it is called in other systems, what ticket systems said of it, and what became of each word')
    .argument('<id>', 'incident id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await tickets(id, options);
      exit(0);
    });
  command
    .command('updates')
    .description('published status updates, the latest first')
    .option('--service <name>', 'only of this service')
    .option('--partner <name>', 'also what is for this partner')
    .action(async (options: CommonOptions & { service?: string; partner?: string }) => {
      await updates(options);
      exit(0);
    });
}

const most = 200;

async function tickets(id: string, options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const { store } = place;
    const { tenant } = place.settings;
    const { incident_id } = await incidentNamed(place, id);
    const [known, words] = await Promise.all([
      store.rows<Ticket>('incident-tickets', { tenant, incident_id }),
      store.rows<Word>('api-inbound', {
        tenant,
        incident_id,
        connector: '',
        after_at: '2299-01-01 00:00:00.000',
        after_id: '',
        limit: most,
      }),
    ]);
    if (options.json) process.stdout.write(`${JSON.stringify({ tickets: known, words })}\n`);
    else process.stdout.write(`${ticketsText(known)}\n\n${wordsText(words)}\n`);
  });
}

function ticketsText(known: readonly Ticket[]): string {
  if (known.length === 0) return 'No other system has a name for it.';
  const rows = known.map(({ target, reference, external_id, since }) => [target, reference || external_id, since.slice(0, 16)]);
  return table([{ title: 'TARGET' }, { title: 'CALLED', width: 60 }, { title: 'SINCE (UTC)' }], rows);
}

function wordsText(words: readonly Word[]): string {
  if (words.length === 0) return 'No ticket system has said anything of it.';
  const columns = [
    ...[{ title: 'SAID (UTC)' }, { title: 'CONNECTOR' }, { title: 'TICKET', width: 30 }, { title: 'STATUS' }, { title: 'OUTCOME' }],
    { title: 'WHY', width: 60 },
  ];
  return table(
    columns,
    words.map((word) => [word.said_at.slice(0, 16), word.connector, word.reference, word.status, word.outcome, word.reason]),
  );
}

async function updates({ service = '', partner = '', ...options }: CommonOptions & { service?: string; partner?: string }): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const items = await createStatusBook({ store, clock: systemClock, tenant }).updates({ service, partner, limit: most });
    if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
    else if (items.length === 0) process.stdout.write('Nothing is published.\n');
    else {
      const columns = [
        { title: 'UPDATE' },
        { title: 'PUBLISHED (UTC)' },
        { title: 'STAGE' },
        { title: 'FOR', width: 30 },
        { title: 'TITLE', width: 60 },
      ];
      const rows = items.map((item) => [
        ...[item.update_id, item.at.slice(0, 16).replace('T', ' '), item.stage],
        ...[item.partners.join(', ') || 'the public', item.title],
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    }
  });
}
