/** What the command line prints: aligned tables, colours only on a terminal, one progress line on stderr. */

export type Cell = string | number | bigint | boolean | null | undefined;

export interface TableColumn {
  readonly title: string;
  readonly right?: boolean;
  /** Longest width; longer text is cut with an ellipsis. */
  readonly width?: number;
}

const escapes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof escapes;

/** Colours text when `stream` is a terminal and NO_COLOR is not set. */
export function colour(text: string, name: Colour, stream: { isTTY?: boolean } = process.stdout): string {
  return stream.isTTY && !process.env['NO_COLOR'] ? `\u001b[${escapes[name]}m${text}\u001b[0m` : text;
}

const escapeCode = String.fromCharCode(27);

/** Width on a terminal: escape sequences count nothing, code points one each. */
function widthOf(text: string): number {
  let width = 0;
  let inEscape = false;
  for (const character of text) {
    if (character === escapeCode) inEscape = true;
    else if (inEscape) inEscape = character !== 'm';
    else width++;
  }
  return width;
}

/**
 * Rows as a table with aligned columns; numbers to the right. Control characters of the data are made visible, never sent to the terminal.
 * @example table([{ title: 'source' }, { title: 'read', right: true }], [['msc', 12]]) // 'source  read\nmsc       12'
 */
export function table(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => columns.map((column, i) => shorten(shown(row[i]), column.width)));
  const widths = columns.map((column, i) => Math.max(widthOf(column.title), ...texts.map((row) => widthOf(row[i] as string))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] as number) - widthOf(cell));
        return columns[i]?.right ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...texts.map(line)].join('\n');
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number' && Number.isInteger(cell)) return grouped(cell);
  return visible(String(cell));
}

/** Control characters as their names, so that data cannot drive the terminal. Our own colours pass. */
export function visible(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const ownColour = code === 27 && text[i + 1] === '[' && text.indexOf('m', i) - i <= 5 && text.indexOf('m', i) > 0;
    out += (code < 32 && !ownColour) || code === 127 || (code >= 128 && code < 160) ? '\u00b7' : text[i];
  }
  return out;
}

function shorten(text: string, width: number | undefined): string {
  if (width === undefined || widthOf(text) <= width) return text;
  return `${[...text].slice(0, width - 1).join('')}…`;
}

/**
 * A count with thin groups of three.
 * @example grouped(1234567) // '1,234,567'
 */
export function grouped(value: number | string): string {
  const [whole = '', fraction] = String(value).split('.');
  const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/**
 * A time for a person.
 * @example durationText(5400) // '1.5 h'
 */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}

/** @example bytesText(1536) // '1.5 KiB' */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export interface Progress {
  /** Shows the text in place of the last one. */
  show(text: string): void;
  /** Leaves the line as it is, or clears it. */
  end(text?: string): void;
}

/** A progress line on stderr: rewritten in place on a terminal, one line every ten seconds elsewhere, nothing when quiet. */
export function progressLine(quiet: boolean): Progress {
  const terminal = process.stderr.isTTY === true;
  let last = 0;
  return {
    show(text) {
      if (quiet) return;
      const now = performance.now();
      if (now - last < (terminal ? 100 : 10_000)) return;
      last = now;
      process.stderr.write(terminal ? `\r\u001b[K${visible(text)}` : `${visible(text)}\n`);
    },
    end(text) {
      if (quiet) return;
      if (terminal) process.stderr.write('\r\u001b[K');
      if (text) process.stderr.write(`${text}\n`);
    },
  };
}

/**
 * A bar of a share between 0 and 1.
 * @example bar(0.5, 4) // '██░░'
 */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
