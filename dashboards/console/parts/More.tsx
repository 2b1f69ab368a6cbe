/** The way on at the end of a list. */
export function More({ more }: { readonly more: (() => void) | undefined }) {
  if (!more) return null;
  return (
    <p class="more">
      <button type="button" onClick={more}>
        Show more
      </button>
    </p>
  );
}
