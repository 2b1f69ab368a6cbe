/**
 * Named parts of file names, e.g. `CDR_{node}_{date}_{sequence}.csv`. Not a regular expression: each part ends where the next
 * literal text first occurs (the last one: where the name's end matches), so the cost is linear whatever the name is.
 */
export interface FileNameTemplate {
  readonly names: readonly string[];
  /** The parts of a name; undefined when it does not fit. Names longer than 1,024 characters never fit. */
  match(name: string): ReadonlyMap<string, string> | undefined;
}

type Piece = { readonly literal: string } | { readonly part: string };

/**
 * @example fileNameTemplate('CDR_{node}_{sequence}.csv')?.match('CDR_msc1_00017.csv')?.get('sequence') // '00017'
 */
export function fileNameTemplate(template: string): FileNameTemplate | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < template.length; ) {
    const previous = pieces.at(-1);
    if (template[at] === '{' || template[at] === '*') {
      const close = template[at] === '*' ? at : template.indexOf('}', at);
      if (close < 0 || (previous && 'part' in previous)) return undefined;
      const part = template.slice(at + 1, close);
      if (template[at] === '{' && !/^[a-zA-Z][a-zA-Z0-9_]{0,31}$/.test(part)) return undefined;
      pieces.push({ part });
      at = close + 1;
      continue;
    }
    const next = template.slice(at).search(/[{*]/);
    const end = next < 0 ? template.length : at + next;
    pieces.push({ literal: template.slice(at, end) });
    at = end;
  }
  const names = pieces.flatMap((piece) => ('part' in piece && piece.part !== '' ? [piece.part] : []));
  return new Set(names).size === names.length ? { names, match: (name) => matchPieces(pieces, name) } : undefined;
}

function matchPieces(pieces: readonly Piece[], name: string): ReadonlyMap<string, string> | undefined {
  if (name.length > 1024) return undefined;
  const parts = new Map<string, string>();
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if ('literal' in piece) {
      if (!name.startsWith(piece.literal, at)) return undefined;
      at += piece.literal.length;
      continue;
    }
    const next = pieces[index + 1];
    let end = name.length;
    if (next && 'literal' in next) end = index + 2 === pieces.length ? name.length - next.literal.length : name.indexOf(next.literal, at);
    if (end < at || (piece.part === 'sequence' && !digitsOnly(name, at, end))) return undefined;
    if (piece.part !== '') parts.set(piece.part, name.slice(at, end));
    at = end;
  }
  return at === name.length ? parts : undefined;
}

function digitsOnly(name: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (name.charCodeAt(i) < 48 || name.charCodeAt(i) > 57) return false;
  return to > from && to - from <= 15;
}
