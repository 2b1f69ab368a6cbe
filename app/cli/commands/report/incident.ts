/** `weir report incident` and `weir report actions`: what is handed on after incidents. */
import { type Command, Option } from 'commander';
import { daysLeft } from '../../../../incidents/action-item.ts';
import { reportHtml, reportMarkdown } from '../../../../incidents/post-incident.ts';
import { partsOf } from '../../../incidents/report-parts.ts';
import { incidentNamed, systemClock } from '../../incident-named.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { table } from '../../print.ts';
import { afterBookOf } from '../incident/after.ts';

export function addIncidentReports(report: Command, exit: (code: number) => void): void {
  report
    .command('incident')
    .description('the report after an incident: what happened, why, what is done about it')
    .argument('<id>', 'incident id, or its beginning')
    .addOption(new Option('--format <format>', 'md or html').choices(['md', 'html']).default('md'))
    .action(async (id: string, options: CommonOptions & { format: 'md' | 'html' }) => {
      await withStore(await workplace(options), async (place) => {
        const parts = await partsOf(afterBookOf(place), await incidentNamed(place, id), systemClock.now());
        const text = options.format === 'html' ? reportHtml(parts) : reportMarkdown(parts);
        process.stdout.write(options.json ? `${JSON.stringify(parts)}\n` : text);
      });
      exit(0);
    });
  report
    .command('actions')
    .description('actions after incidents, the first due first; exit code 1 when any is overdue')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'done', 'cancelled', 'overdue']).default('open'))
    .option('--owner <name>', 'only of this owner')
    .action(async (options: CommonOptions & { state: string; owner?: string }) => exit(await actions(options)));
}

async function actions(options: CommonOptions & { state: string; owner?: string }): Promise<number> {
  return withStore(await workplace(options), async (place) => {
    const now = systemClock.now();
    const items = await afterBookOf(place).actions({
      state: options.state,
      ...(options.owner === undefined ? {} : { owner: options.owner }),
    });
    const overdue = items.filter((item) => item.state === 'open' && daysLeft(item, now) < 0);
    if (options.json) process.stdout.write(`${JSON.stringify({ items, overdue: overdue.length })}\n`);
    else if (items.length === 0) process.stdout.write('No actions.\n');
    else {
      const rows = items.map((item) => {
        const left = daysLeft(item, now);
        return [
          item.action_id,
          item.kind,
          item.owner,
          item.due_on,
          item.state === 'open' && left < 0 ? `${-left} days overdue` : item.state,
          item.text,
          item.incident_id,
        ];
      });
      const columns = [
        { title: 'ACTION' },
        { title: 'KIND' },
        { title: 'OWNER' },
        { title: 'DUE' },
        { title: 'STATE' },
        { title: 'WHAT', width: 60 },
        { title: 'INCIDENT' },
      ];
      process.stdout.write(`${table(columns, rows)}\n\n${items.length} actions, ${overdue.length} overdue.\n`);
    }
    return overdue.length > 0 ? 1 : 0;
  });
}
