/** `docs/errors.md`: every error code and every reason for which a record is rejected. */
import { errorCodes } from '../../core/errors.ts';
import { rejectReasons } from '../../core/outcome.ts';
import { code, madeFrom, markdownTable } from './markdown.ts';

export function errorsPage(): string {
  const table = (words: Readonly<Record<string, string>>, title: string) =>
    markdownTable(
      [title, 'Meaning'],
      Object.entries(words).map(([name, meaning]) => [code(name), meaning]),
    );
  return `# Errors

${madeFrom('`core/errors.ts` and `core/outcome.ts`')}

## Error codes

An error that a user can cause has a code, a message that names the place (file, line, setting, URL) and a hint. The API answers it as \`code\`, a command
prints message and hint and ends with 1, or 2 when the settings or the command were not understood. An error without a code is a bug.

${table(errorCodes, 'Code')}

## Why a record is rejected

One bad record never stops the others. It is kept in the table \`rejects\` with its original bytes (at most 64 KiB of them), its place, its reason, the field at
fault and a detail that holds no identity. See them with \`npx weir rejects\`, send them through again after the fix with \`npx weir rejects replay --source NAME\`.

${table(rejectReasons, 'Reason')}

## Why a position is dropped

A position that is no record of its own is dropped and counted under the rule that left it out: \`header\`, \`trailer\`, \`comment\`, \`blank\`, \`merged\`, \`not_numeric\`, \`accounting_on\`, \`accounting_off\`,
and the reasons of the filters in your own mapping. Which format drops what: [formats](formats.md).
`;
}
