/** An edge of the topology with the time for which it holds and the place where it was stated. */

export interface PlacedEdge {
  readonly parent_type: string;
  readonly parent: string;
  readonly child_type: string;
  readonly child: string;
  /** ms since 1970 UTC, half-open. */
  readonly from: number;
  readonly to: number;
  /** Source, file and position: where a person finds the statement. */
  readonly place: string;
}

/** @example elementText('pon', 'olt-1/3') // 'pon olt-1/3' */
export function elementText(type: string, name: string): string {
  return `${type} ${name}`;
}
