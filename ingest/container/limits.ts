/** Bounds on what a packed file may unpack to. */
import { WeirError } from '../../core/errors.ts';

export interface UnpackLimits {
  /** Most bytes of one unit after unpacking. Default 1 TiB. */
  readonly maxBytes: number;
  /** Most bytes after unpacking per packed byte, once 64 MiB have come out. Default 250; usage records reach 5 to 60. */
  readonly maxRatio: number;
}

export const defaultUnpackLimits: UnpackLimits = { maxBytes: 2 ** 40, maxRatio: 250 };

/** Below this much output the ratio says nothing: small files of one repeated line are legitimate. */
const ratioFrom = 64 << 20;

/** Counts unpacked bytes. @throws WeirError `file_bomb` once a limit is passed */
export function unpackGuard(place: string, limits: Partial<UnpackLimits>): (unpacked: number, packedSoFar: number) => void {
  const { maxBytes, maxRatio } = { ...defaultUnpackLimits, ...limits };
  let total = 0;
  return (unpacked, packedSoFar) => {
    total += unpacked;
    if (total > maxBytes) throw bomb(place, `unpacks to more than ${maxBytes} bytes`);
    if (total > ratioFrom && total > packedSoFar * maxRatio) throw bomb(place, `unpacks to more than ${maxRatio} times its size`);
  };
}

function bomb(place: string, what: string): WeirError {
  return new WeirError('file_bomb', `${place}: ${what}`, { place, hint: 'If the file is genuine, unpack it yourself or raise the limit.' });
}
