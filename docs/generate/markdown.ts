/** Small pieces of Markdown that the pages share. */

/**
 * A table; cells are one line, and bars within them do not end a cell.
 * @example markdownTable(['a', 'b'], [['x|y', '1']]) // '| a | b |\n|---|---|\n| x\\|y | 1 |'
 */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** @example code('a') // '`a`' */
export const code = (text: string): string => `\`${text}\``;

/**
 * The anchor that GitHub gives to a heading: small letters, no punctuation, - for each space.
 * @example anchorOf('Who may `import` whom?') // 'who-may-import-whom'
 */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** The line under the title of a page that is made. */
export const madeFrom = (what: string): string => `<!-- Made by \`npm run docs\` from ${what}. Edit those, not this page. -->`;
