/** `weir report service` and `weir report rater`: how the services did in a week or a month. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { pageCsv, pageHtml, type Report } from '../../../report/page.ts';
import { reportPeriod } from '../../../report/period.ts';
import { incidentRater } from '../../../report/raters.ts';
import { type ServiceReport, serviceReport } from '../../../report/service.ts';
import { raterPage, serviceJson, servicePage } from '../../../report/service-page.ts';
import { kpiPort } from '../../../slo/kpi-catalogue.ts';
import { settingsObjectives } from '../../../slo/read.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { table, visible } from '../../print.ts';

interface ServiceOptions extends CommonOptions {
  readonly week?: string;
  readonly month?: string;
  readonly out?: string;
}

export function addServiceReports(report: Command, exit: (code: number) => void): void {
  const add = (name: string, description: string, page: (report: ServiceReport, tenant: string) => Report): void => {
    report
      .command(name)
      .description(description)
      .option('--week <week>', 'YYYY-Www, ISO week by the clock of the operator')
      .option('--month <month>', 'YYYY-MM')
      .option('--out <dir>', 'directory for the report as HTML (to be printed or saved as PDF), CSV and JSON')
      .action(async (options: ServiceOptions) => {
        await run(name, page, options);
        exit(0);
      });
  };
  add('service', 'KPIs against objectives, incidents and their times, who saw them first, noise, causes, actions', servicePage);
  add('rater', 'KPIs and incidents by RATER tag: reliability, assurance, tangibles, empathy, responsiveness', raterPage);
}

async function run(name: string, page: (report: ServiceReport, tenant: string) => Report, options: ServiceOptions): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings }) => {
    const { tenant } = settings;
    const period = reportPeriod(options, settings.timeZone);
    const { objectives, problems } = settingsObjectives(settings, kpiPort(store, tenant));
    for (const { place, message } of problems) process.stderr.write(`${visible(`${place}: ${message}`)}\n`);
    const report = await serviceReport(store, tenant, objectives, period, incidentRater(settings));
    const shown = page(report, tenant);
    const files = options.out === undefined ? [] : write(options.out, `${name}-${period.name}`, shown, serviceJson(report));
    if (options.json) process.stdout.write(`${JSON.stringify({ ...serviceJson(report), files })}\n`);
    else process.stdout.write(`${reportText(shown)}\n${files.map((file) => `  ${file}\n`).join('')}`);
  });
}

/** Writes a report as HTML, CSV and JSON; answers the files. */
function write(out: string, name: string, page: Report, json: object): readonly string[] {
  mkdirSync(out, { recursive: true });
  const files = [
    [join(out, `${name}.html`), pageHtml(page)],
    [join(out, `${name}.csv`), pageCsv(page)],
    [join(out, `${name}.json`), `${JSON.stringify(json, undefined, 2)}\n`],
  ] as const;
  for (const [file, text] of files) writeFileSync(file, text);
  return files.map(([file]) => file);
}

/** A report on a terminal: its sections with their tables. */
export function reportText({ title, subtitle, sections }: Report): string {
  const parts = sections.map(({ title: name, text, table: rows }) => {
    const columns = rows?.head.map((head, at) => ({
      title: head.toUpperCase(),
      right: rows.rows.every((row) => typeof row[at] === 'number' || /^[–-]?\d[\d.,]*( %)?$/.test(String(row[at]))),
      width: 60,
    }));
    return [
      `${name}${text === undefined ? '' : `: ${visible(text)}`}`,
      rows && rows.rows.length > 0
        ? table(
            columns!,
            rows.rows.map((row) => [...row]),
          )
        : '',
    ]
      .filter(Boolean)
      .join('\n');
  });
  return [`${visible(title)}\n${visible(subtitle)}`, ...parts].join('\n\n');
}
