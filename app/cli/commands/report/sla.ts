/** `weir report sla`: what was promised to a partner, or by one, and what is owed for it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import { pageCsv, pageHtml } from '../../../report/page.ts';
import { slaJson, slaPage } from '../../../sla/page.ts';
import { agreementsWith, settingsAgreements } from '../../../sla/read.ts';
import { monthOf, type SlaReport, slaReport } from '../../../sla/report.ts';
import { kpiPort } from '../../../slo/kpi-catalogue.ts';
import { systemClock } from '../../incident-named.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { visible } from '../../print.ts';
import { reportText } from './service.ts';

interface SlaOptions extends CommonOptions {
  readonly partner: string;
  readonly month: string;
  readonly out?: string;
}

export function addSlaReport(report: Command, exit: (code: number) => void): void {
  report
    .command('sla')
    .description('an agreement with a partner for a month: targets, exclusions, credits, evidence; exit code 1 when a target was missed')
    .requiredOption('--partner <name>', 'partner, or name of the agreement')
    .requiredOption('--month <month>', 'YYYY-MM, by the clock of the agreement')
    .option('--out <dir>', 'directory for the report as HTML (to be printed or saved as PDF), CSV and JSON')
    .action(async (options: SlaOptions) => exit(await run(options)));
}

async function run(options: SlaOptions): Promise<number> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(options.month))
    throw new WeirError('usage', `--month ${options.month.slice(0, 20)}: there is no such month`, { hint: 'YYYY-MM, e.g. 2026-11' });
  return withStore(await workplace(options), async ({ store, settings }) => {
    const kpis = kpiPort(store, settings.tenant);
    const { agreements, problems } = settingsAgreements(settings, kpis);
    for (const { place, message } of problems) process.stderr.write(`${visible(`${place}: ${message}`)}\n`);
    const found = agreementsWith(agreements, options.partner);
    if (found.every(({ timeZone }) => monthOf(options.month, timeZone).from > systemClock.now()))
      throw new WeirError('usage', `${options.month} has not begun.`, {
        hint: 'The running month can be asked for; it is marked preliminary.',
      });
    const reports: SlaReport[] = [];
    for (const agreement of found)
      reports.push(await slaReport({ store, tenant: settings.tenant, kpis, clock: systemClock }, agreement, options.month));
    if (reports.every(({ targets }) => targets.length === 0))
      throw new WeirError('not_found', `No agreement with ${options.partner} is valid in ${options.month}.`, {
        hint: 'validFrom and validTo of the agreement.',
      });
    const files = options.out === undefined ? [] : reports.flatMap((report) => write(options.out!, report));
    if (options.json) process.stdout.write(`${JSON.stringify({ items: reports.map(slaJson), files })}\n`);
    else process.stdout.write(`${[...reports.map(textOf), ...files.map((file) => `  ${file}`)].join('\n')}\n`);
    return reports.some(({ targets }) => targets.some(({ credit }) => credit.state === 'missed')) ? 1 : 0;
  });
}

function write(out: string, report: SlaReport): readonly string[] {
  mkdirSync(out, { recursive: true });
  const name = join(out, `sla-${report.agreement.identity}-${report.month}`);
  const page = slaPage(report);
  const files = [
    [`${name}.html`, pageHtml(page)],
    [`${name}.csv`, pageCsv(page)],
    [`${name}.json`, `${JSON.stringify(slaJson(report), undefined, 2)}\n`],
  ] as const;
  for (const [file, text] of files) writeFileSync(file, text);
  return files.map(([file]) => file);
}

/** Without the terms and the evidence, which are in the files. */
function textOf(report: SlaReport): string {
  const page = slaPage(report);
  return reportText({ ...page, sections: page.sections.filter(({ title, code }) => code === undefined && title !== 'Terms') });
}
