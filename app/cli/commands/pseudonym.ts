/** `weir pseudonym NUMBER`: the pseudonym under which a number is stored, to find one's own test phone. */
import { createPseudonym } from '../../../processors/index.ts';
import { normaliseNumber } from '../../../processors/normalise-number.ts';
import { pseudonymKey } from '../../data-directory.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, workplace } from '../options.ts';

export const addPseudonym: AddCommand = (program, exit) => {
  program
    .command('pseudonym')
    .description('the pseudonym of a number, IMSI or user name: find your own test phone in the data')
    .argument('<number>', 'as a source would write it')
    .option('--country <iso>', 'home country of national numbers')
    .action(async (number: string, options: CommonOptions & { country?: string }) => {
      const { settings, directory } = await workplace(options);
      const { identity, form } = normaliseNumber(number, options.country ?? settings.country);
      const pseudonym = createPseudonym(pseudonymKey(directory, settings.pseudonyms.keyFile)).of(identity).toString();
      if (options.json) process.stdout.write(`${JSON.stringify({ pseudonym, form })}\n`);
      else {
        process.stdout.write(`${pseudonym}\n`);
        process.stderr.write(
          `read as ${form === 'e164' ? 'an E.164 number' : form}; npx weir sql "SELECT * FROM usage WHERE subscriber = ${pseudonym}"\n`,
        );
      }
      exit(0);
    });
};
