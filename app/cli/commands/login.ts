/** `weir login`: a new link that opens the page, once. */
import { WeirError } from '../../../core/errors.ts';
import { newLoginLink } from '../../api/link-socket.ts';
import { runningWeir } from '../../data-directory.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, workplace } from '../options.ts';

export const addLogin: AddCommand = (program, exit) => {
  program
    .command('login')
    .description('print a new link to the page of the running Weir; it works once, within 15 minutes')
    .action(async (options: CommonOptions) => {
      const { directory } = await workplace(options);
      if (!runningWeir(directory.root)) {
        throw new WeirError('not_running', `no Weir runs on ${directory.root}`, {
          place: directory.root,
          hint: 'Start it: npm start, or npx weir start --data DIR',
        });
      }
      const url = await newLoginLink(directory.run);
      process.stdout.write(options.json ? `${JSON.stringify({ url })}\n` : `${url}\n`);
      exit(0);
    });
};
