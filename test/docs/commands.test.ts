import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { programOf } from '../../app/cli/main.ts';
import { documents } from './files.ts';

/** Words of a command line, quotes around a text taken as one word. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g)].map(([word]) => word);

/** What is wrong with `npx weir …`, or nothing. */
function faultOf(line: string): string | undefined {
  const program: Command = programOf(() => undefined);
  const words = wordsOf(line.replace(/^npx weir\s*/, ''));
  let command = program;
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
  }
  const first = words[0];
  if (command === program && first !== undefined && /^[a-z]+$/.test(first)) return `${line}: no command ${first}`;
  // The command that runs when none of them is named.
  const unnamed = ['list', 'show'].map((name) => command.commands.find((one) => one.name() === name)).find((one) => one !== undefined);
  const target = unnamed ?? command;
  const known = new Set(['--help', '--version', ...target.options.flatMap(({ long, short }) => [long, short])]);
  const unknown = words.filter((word) => /^--?[a-z]/.test(word)).find((word) => !known.has(word.split('=', 1)[0] as string));
  return unknown === undefined ? undefined : `${line}: no option ${unknown}`;
}

/** Every command line in a text: in a block of code up to the end of the line, in a sentence up to the closing backtick. */
function linesOf(text: string): string[] {
  return [...text.matchAll(/npx weir(?: [^\n`#;|…]*)?/g)].map(([line]) => line.split(/ {2,}|\. | \(/)[0]!.trim());
}

describe('commands in Markdown', () => {
  it.each(
    documents()
      .map(({ path, text }) => [path, linesOf(text)] as const)
      .filter(([, lines]) => lines.length > 0),
  )('%s names only what exists', (_, lines) => {
    expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  });

  it('finds what does not exist', () => {
    expect(faultOf('npx weir fly')).toContain('no command fly');
    expect(faultOf('npx weir ingest a.csv --sauce x')).toContain('no option --sauce');
    expect(faultOf('npx weir rejects replay --source msc')).toBeUndefined();
  });
});
