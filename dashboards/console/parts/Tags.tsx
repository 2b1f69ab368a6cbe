/** Labels: name and value side by side. */

export function Tags({ of, none = '' }: { readonly of: Readonly<Record<string, unknown>> | undefined; readonly none?: string }) {
  const entries = Object.entries(of ?? {});
  if (entries.length === 0) return none ? <span class="muted">{none}</span> : null;
  return (
    <span class="tags">
      {entries.map(([name, value]) => (
        <span class="tag" key={name}>
          <span>{name}</span> {String(value) || '(none)'}
        </span>
      ))}
    </span>
  );
}
