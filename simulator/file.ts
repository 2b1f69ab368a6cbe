/** A file as a feed hands it over: rows held as lines with what each is worth, text made on demand. */
import { amountText } from './feed.ts';
import { stampText } from './instant.ts';

/** Figures of one line, beside its text. */
export interface LineFigures {
  /** ms of use as stated in the line. */
  readonly durationMs: number;
  readonly octets: number;
  /** Micro-units stated by this leg: retail for rating, wholesale for the host. */
  readonly charge: number;
  /** Micro-units of the retail price behind the line, whichever leg wrote it: what its loss puts at risk. */
  readonly value: number;
}

export interface SimulatedFile {
  /** Name of the feed = name of the source. */
  readonly feed: string;
  readonly name: string;
  /** Record kind of the rows. */
  readonly kind: string;
  /** Undefined = the feed numbers no files. */
  readonly sequence: number | undefined;
  /** Window in which the records were written, ms; half-open. */
  readonly from: number;
  readonly to: number;
  /** When the file is complete at the receiver, event time, ms. */
  readonly modifiedAt: number;
  /** Lines before the rows: header record and column names. */
  readonly head: readonly string[];
  readonly lines: readonly string[];
  /** As many as `lines` for usage, empty for the rest. */
  readonly figures: readonly LineFigures[];
  /** What the trailer record states; undefined = no trailer. */
  readonly declared: FileTotals | undefined;
}

/** Control totals as the sender states them. */
export interface FileTotals {
  readonly records: number;
  readonly durationMs: number;
  readonly octets: number;
  /** Micro-units. */
  readonly charge: number;
}

/** Sums of the figures of lines. */
export function totalsOf(figures: readonly LineFigures[]): FileTotals {
  let durationMs = 0;
  let octets = 0;
  let charge = 0;
  for (const line of figures) {
    durationMs += line.durationMs;
    octets += line.octets;
    charge += line.charge;
  }
  return { records: figures.length, durationMs, octets, charge };
}

/** Retail value behind lines, micro-units. */
export function worthOf(figures: readonly LineFigures[]): number {
  let value = 0;
  for (const line of figures) value += line.value;
  return value;
}

/**
 * The trailer record: records, seconds, octets, charge, by position.
 * @example trailerLine({ records: 2, durationMs: 61500, octets: 0, charge: 1250000 }) // '#trailer,2,61.5,0,1.250000'
 */
export function trailerLine({ records, durationMs, octets, charge }: FileTotals): string {
  return `#trailer,${records},${durationMs / 1000},${octets},${amountText(charge)}`;
}

/**
 * File name: feed, sequence number of six digits, UTC stamp of the end of its window.
 * @example fileName('msc-1', 123, 0, 'csv') // 'msc-1_000123_19700101T000000.csv'
 */
export function fileName(feed: string, sequence: number, to: number, extension: string): string {
  return `${feed}_${`${sequence}`.padStart(6, '0')}_${stampText(to)}.${extension}`;
}

const chunkLines = 500;

/** Text of a file in chunks of about 100 KB, every line ended by a line feed. */
export function* textOf(file: SimulatedFile): Generator<string, void, undefined> {
  if (file.head.length > 0) yield `${file.head.join('\n')}\n`;
  for (let at = 0; at < file.lines.length; at += chunkLines) yield `${file.lines.slice(at, at + chunkLines).join('\n')}\n`;
  if (file.declared) yield `${trailerLine(file.declared)}\n`;
}
