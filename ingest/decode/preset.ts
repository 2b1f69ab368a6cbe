/** What a ready-made format is: one file per format exports one of these. */
import type { Format } from './format.ts';

export interface PresetOptions {
  /** Leg of the usage records, where the format does not state one. */
  readonly leg?: string;
  /** IANA zone or offset of times that carry none. */
  readonly timeZone?: string;
  /** Record kind, for the formats that bring any. */
  readonly kind?: string;
}

/** The beginning of a file, as the recognisers look at it. */
export interface Sample {
  /** As text; bytes that are no UTF-8 are read as Latin-1. */
  readonly text: string;
  /** The first lines, the last possibly cut. */
  readonly lines: readonly string[];
  readonly fileName: string;
}

export interface Preset {
  /** The word in the settings: `format: asterisk-cdr`. */
  readonly name: string;
  readonly title: string;
  /** Record kind it brings unless told otherwise. */
  readonly kind: string;
  /** For the documentation: what one position is, what is dropped and why. */
  readonly positions: string;
  readonly drops: string;
  /** 0 = not this format, 1 = certainly. */
  recognise(sample: Sample): number;
  /** @throws WeirError `config_invalid` */
  format(options?: PresetOptions): Format;
}
