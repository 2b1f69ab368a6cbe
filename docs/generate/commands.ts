/** `docs/commands.md`: the help that the commands print themselves. */
import type { Command } from 'commander';
import { programOf } from '../../app/cli/main.ts';
import { madeFrom } from './markdown.ts';

const helpWidth = 110;

function helpOf(command: Command): string {
  return command
    .configureHelp({ ...command.configureHelp(), helpWidth })
    .helpInformation()
    .replace(/^Usage: /, 'Usage: npx ')
    .trimEnd();
}

const nameOf = (command: Command): string => (command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name());

function sectionOf(command: Command): string {
  const level = command.parent?.parent ? '###' : '##';
  const parts = [`${level} ${nameOf(command)}`, `\`\`\`text\n${helpOf(command)}\n\`\`\``, ...command.commands.map(sectionOf)];
  return parts.join('\n\n');
}

export function commandsPage(): string {
  const program = programOf(() => undefined);
  return `# Commands

${madeFrom('the help of the commands in `app/cli/commands/`')}

Every command is \`npx weir …\` in the folder of Weir. All of them take \`--help\` and \`--json\`, and end with exit code 0 (done, nothing found),
1 (found something, or failed) or 2 (command or settings not understood). A command attaches to the Weir that runs on its data
directory; where none runs it starts ClickHouse, does its work and stops it. Long work shows a progress line on stderr.

Which data directory: \`--data\`, else \`WEIR_DATA\`, else \`./data\` when there is a \`weir.yaml\` or a Weir runs on it, else the demo in \`./data/demo\` if that is what there is.

\`\`\`text
${helpOf(program)}
\`\`\`

${program.commands.map(sectionOf).join('\n\n')}
`;
}
