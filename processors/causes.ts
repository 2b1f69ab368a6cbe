/** The shipped meaning of causes as tables that are asked record by record. */
import { type CauseScheme, defaultCauses } from '../core/causes.ts';

const tables: Readonly<Record<CauseScheme, readonly (string | undefined)[]>> = {
  q850: table('q850'),
  sip: table('sip'),
  radius: table('radius'),
};

/** Terminate causes as accounting writes them: by name, or by number. */
const terminateCauses = new Map(
  defaultCauses
    .filter(({ scheme }) => scheme === 'radius')
    .flatMap(({ name, value }) => [[name, value] as const, [String(value), value] as const]),
);

/**
 * The class by the recommendations alone; undefined = not stated (0) or no such value.
 * @example defaultCauseClass('q850', 17) // 'user'
 */
export function defaultCauseClass(scheme: CauseScheme, value: number): string | undefined {
  const known = tables[scheme][value];
  if (known !== undefined || scheme !== 'sip') return known;
  if (value >= 300 && value < 400) return 'normal';
  return value >= 400 && value < 700 ? 'interworking' : undefined;
}

/**
 * The RADIUS terminate cause that a final status names; 0 = none.
 * @example terminateCause('Lost-Carrier') // 2
 */
export function terminateCause(finalStatus: string): number {
  return terminateCauses.get(finalStatus) ?? 0;
}

function table(scheme: CauseScheme): readonly (string | undefined)[] {
  const by = new Array<string | undefined>(scheme === 'sip' ? 700 : 128).fill(undefined);
  for (const { scheme: own, value, causeClass } of defaultCauses) if (own === scheme) by[value] = causeClass;
  return by;
}
