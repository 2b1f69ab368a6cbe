/** `weir topology`: what stands behind what, the customers behind an element, and what contradicts itself. */
import { readRows } from '../../../core/row.ts';
import { topologyColumns, topologyProblems } from '../../../detectors/service/topology/index.ts';
import { type ElementView, elementNamed, elementView, type NearElement } from '../../topology/topology.ts';
import type { AddCommand } from '../command.ts';
import { instantOf } from '../instant.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, table } from '../print.ts';

interface TopologyOptions extends CommonOptions {
  readonly type?: string;
  readonly at?: string;
  readonly check?: boolean;
}

interface OverviewRow {
  readonly parent_type: string;
  readonly child_type: string;
  readonly edges: string;
  readonly parents: string;
  readonly children: string;
}

/** Parents, and children, that are listed. */
const mostNear = 50;

export const addTopology: AddCommand = (program, exit) => {
  program
    .command('topology')
    .description('show an element of the topology: parents, children, customers behind it; without one, what the topology holds')
    .argument('[element]', 'name of an element, e.g. olt-1/3')
    .option('--type <type>', 'its type, where several elements have the name: pon, ont, cell, …')
    .option('--at <time>', 'as of this time, e.g. 2026-11-01T06:00:00Z (default: now)')
    .option('--check', 'list what contradicts itself, with source, file and line; exit code 1 when something does')
    .action(async (element: string | undefined, options: TopologyOptions) => exit(await topology(element, options)));
};

async function topology(element: string | undefined, options: TopologyOptions): Promise<number> {
  const at = options.at === undefined ? Date.now() : instantOf(options.at, '--at');
  return withStore(await workplace(options), async ({ store, settings }) => {
    const asked = { store, tenant: settings.tenant };
    const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
    if (options.check) {
      const read = readRows(topologyColumns, await store.rows('topology-check', { tenant: settings.tenant, sources: [] }));
      if (!read.ok) throw new Error(read.error);
      const problems = topologyProblems(read.rows);
      if (options.json) print(problems);
      else if (problems.length === 0) process.stdout.write('Nothing contradicts itself.\n');
      else process.stdout.write(`${problems.map(({ text }) => text).join('\n')}\n`);
      return problems.length === 0 ? 0 : 1;
    }
    if (element === undefined) {
      const rows = await store.rows<OverviewRow>('topology-overview', { tenant: settings.tenant, at: new Date(at).toISOString() });
      if (options.json) print(rows);
      else if (rows.length === 0)
        process.stdout.write('No topology was taken in yet: bring it as records of kind topology_edge, see docs/topology.md.\n');
      else process.stdout.write(`${overviewTable(rows)}\n`);
      return 0;
    }
    const found = await elementNamed(asked, element, options.type);
    const view = await elementView(asked, found, { at, limit: mostNear, vipSegments: settings.service.vipSegments });
    if (options.json) print(view);
    else process.stdout.write(`${viewText(view)}\n`);
    return 0;
  });
}

function overviewTable(rows: readonly OverviewRow[]): string {
  const right = true;
  return table(
    [{ title: 'PARENT' }, { title: 'CHILD' }, { title: 'EDGES', right }, { title: 'PARENTS', right }, { title: 'CHILDREN', right }],
    rows.map((row) => [row.parent_type, row.child_type, Number(row.edges), Number(row.parents), Number(row.children)]),
  );
}

function viewText({ type, name, at, parents, children, behind, customers }: ElementView): string {
  const near = (title: string, elements: readonly NearElement[]): string =>
    elements.length === 0
      ? `${colour(title, 'bold')}\nnone`
      : `${colour(title, 'bold')}\n${table(
          [{ title: 'TYPE' }, { title: 'NAME' }, { title: 'CHILDREN', right: true }],
          elements.map((each) => [each.type, each.name, each.children]),
        )}${elements.length === mostNear ? `\nthe first ${mostNear}` : ''}`;
  const parts = Object.entries(behind).map(([kind, count]) => `${count} ${kind}`);
  const segments = Object.entries(customers.segments).map(([segment, count]) => `${count} ${segment}`);
  return [
    colour(`${type} ${name}, as of ${at}`, 'bold'),
    near('Parents', parents),
    near('Children', children),
    `${colour('Behind it', 'bold')}\n${parts.length === 0 ? 'nothing' : parts.join(', ')}`,
    `${colour('Customers behind it', 'bold')}\n${customers.count}${segments.length === 0 ? '' : `: ${segments.join(', ')}`}`,
    ...(customers.vips.length > 0 ? [`${colour('Of them to be named', 'bold')}\n${customers.vips.join('\n')}`] : []),
  ].join('\n\n');
}
