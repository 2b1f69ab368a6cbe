/** What a file in commands/ exports. */
import type { Command } from 'commander';

/** Adds a command to the program; `exit` sets the exit code. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void;
