/** `weir silences`: findings that nobody wants to hear of for a while; they are kept, and judged again when the silence ends. */
import type { AddCommand } from '../command.ts';
import type { CommonOptions } from '../options.ts';
import { type AddOptions, add, cancel, list } from './maintenance.ts';

export const addSilences: AddCommand = (program, exit) => {
  const command = program.command('silences').description('list, enter and end silences');
  command
    .command('list', { isDefault: true })
    .description('silences that are planned or going on')
    .option('--all', 'also those that have ended')
    .action(async (options: CommonOptions & { all?: boolean }) => {
      await list(options, 'silence');
      exit(0);
    });
  command
    .command('add')
    .description('silence findings with these labels; it always has an end')
    .requiredOption('--match <label=value...>', 'labels that a finding must have, all of them: its scope, detector, metric, kind')
    .option('--from <time>', 'first instant, ISO 8601; without a zone in the time zone of the operator (default: now)')
    .option('--to <time>', 'first instant after it')
    .option('--for <duration>', 'how long instead of --to: 30m, 4h, 2d')
    .requiredOption('--reason <text>', 'why')
    .action(async (options: AddOptions) => {
      await add({ ...options, silence: true });
      exit(0);
    });
  command
    .command('end')
    .description('end a silence now')
    .argument('<id>', 'silence id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await cancel(id, options);
      exit(0);
    });
};
