/** All commands, in the order in which the help lists them. */
import type { Command } from 'commander';
import { addStart } from './start.ts';

/** Adds a command to the program; `exit` sets the exit code. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void;

export const commands: readonly AddCommand[] = [addStart];
