/** The command `weir`: every command with its help, `--json` and exit codes 0 (done), 1 (found or failed), 2 (not understood). */
import { Command, CommanderError } from 'commander';
import { WeirError } from '../../core/errors.ts';
import { commands } from './commands/index.ts';
import { colour } from './print.ts';
import { version } from './version.ts';

/** Every command with its options, ready to parse; `exit` takes the exit code of the command that ran. */
export function programOf(exit: (code: number) => void): Command {
  const program = new Command('weir')
    .description('Revenue assurance and service assurance for telecom operators, MVNOs and internet providers.')
    .version(version, '-V, --version')
    .showHelpAfterError('(see npx weir --help)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false });
  for (const add of commands) add(program, exit);
  for (const command of program.commands) common(command);
  return program;
}

/** Runs one command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = programOf((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error);
  }
}

function common(command: Command): void {
  command.exitOverride().showHelpAfterError(`(see npx weir ${command.name()} --help)`);
  if (command.commands.length > 0) for (const sub of command.commands) common(sub);
  else {
    command
      .option('--data <dir>', 'data directory (default: ./data, or the demo that runs)')
      .option('--config <file>', 'settings file (default: ./weir.yaml if there is one)')
      .option('--json', 'print JSON');
  }
}

function failed(error: unknown): number {
  if (error instanceof CommanderError)
    return error.code === 'commander.helpDisplayed' || error.code === 'commander.version' || error.code === 'commander.help' ? 0 : 2;
  if (error instanceof WeirError) {
    process.stderr.write(`${colour('weir:', 'red', process.stderr)} ${error.message}\n${error.hint ? `  hint: ${error.hint}\n` : ''}`);
    return error.code === 'usage' || error.code === 'config_invalid' || error.code === 'config_unreadable' ? 2 : 1;
  }
  process.stderr.write(`weir: this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
