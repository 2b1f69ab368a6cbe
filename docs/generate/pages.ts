/** Every page that `npm run docs` writes, with its text as it should be. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shipped } from '../../app/detect/start.ts';
import { controlsPage } from '../../detectors/page.ts';
import { frameOf, seriesDefinitions } from '../../detectors/series/index.ts';
import { commandsPage } from './commands.ts';
import { configurationPage } from './configuration.ts';
import { dataModelPage } from './data-model.ts';
import { detectorsPage } from './detectors.ts';
import { withCode } from './embed.ts';
import { errorsPage } from './errors.ts';
import { kpisPage } from './kpis.ts';
import { notifyPage } from './notify.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The list of decisions in the index: each page of the folder under its own title. */
function withDecisions(index: string): string {
  const list = readdirSync(`${root}/docs/decisions`)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const title = /^# (.+)$/m.exec(readFileSync(`${root}/docs/decisions/${name}`, 'utf8'))?.[1] ?? name;
      return `- [${title.replace(/^(\d{4}):/, '$1')}](decisions/${name})`;
    });
  return index.replace(/(<!-- decisions -->\n)[\s\S]*?(\n\n|$)/, (_, marker: string, end: string) => `${marker}${list.join('\n')}${end}`);
}

export function pages(): readonly Page[] {
  const howTo = readdirSync(`${root}/docs/how-to`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/how-to/${name}`);
  return [
    { path: 'docs/commands.md', text: commandsPage() },
    { path: 'docs/configuration.md', text: configurationPage() },
    { path: 'docs/controls.md', text: controlsPage([...shipped, ...seriesDefinitions({}).definitions.map((each) => frameOf(each))]) },
    { path: 'docs/data-model.md', text: dataModelPage() },
    { path: 'docs/detectors.md', text: detectorsPage() },
    { path: 'docs/errors.md', text: errorsPage() },
    { path: 'docs/kpis.md', text: kpisPage() },
    { path: 'docs/notify.md', text: notifyPage() },
    { path: 'docs/README.md', text: withDecisions(readFileSync(`${root}/docs/README.md`, 'utf8')) },
    ...howTo.map((path) => ({ path, text: withCode(readFileSync(`${root}/${path}`, 'utf8'), root) })),
  ];
}
