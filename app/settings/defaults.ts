/** Fills the defaults of a schema into a value, also inside maps, lists and the shape of a union that its `type` names. */

interface SchemaNode {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly title?: string;
  readonly type?: string;
}

/**
 * A copy of the value with every missing setting at its default. What is of the wrong type is left for the check to complain about.
 * @example withDefaults({ type: 'object', properties: { port: { type: 'integer', default: 8080 } } }, {}) // { port: 8080 }
 */
export function withDefaults(schema: object, value: unknown): unknown {
  const node = schema as SchemaNode;
  const given = value === undefined ? structuredClone(node.default) : value;
  if (given === undefined) return undefined;
  if (node.anyOf) {
    const named = node.anyOf.find(({ title }) => title !== undefined && title === (given as { type?: unknown } | null)?.type);
    return named ? withDefaults(named, given) : given;
  }
  if (Array.isArray(given)) return node.items ? given.map((item) => withDefaults(node.items as SchemaNode, item)) : given;
  if (typeof given !== 'object' || given === null) return given;
  const filled: Record<string, unknown> = { ...given };
  const inner = node.patternProperties && Object.values(node.patternProperties)[0];
  if (inner) for (const [key, child] of Object.entries(filled)) filled[key] = withDefaults(inner, child);
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const next = withDefaults(child, filled[key]);
    if (next !== undefined) filled[key] = next;
  }
  return filled;
}
