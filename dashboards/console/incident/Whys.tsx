/** The chain of whys: each says why the one before was so. */

interface WhysProps {
  readonly whys: readonly string[];
  readonly most: number;
  readonly onChange: (whys: readonly string[]) => void;
}

export function Whys({ whys, most, onChange }: WhysProps) {
  const shown = whys.length < most ? [...whys, ''] : whys;
  const put = (at: number, text: string): void => {
    const next = [...shown];
    next[at] = text;
    // The last empty one is for the next why.
    while (next.length > 0 && next.at(-1) === '') next.pop();
    onChange(next);
  };
  return (
    <fieldset class="whys">
      <legend>Chain of whys</legend>
      <ol>
        {shown.map((why, at) => (
          <li key={at}>
            <input
              aria-label={`Why ${at + 1}`}
              placeholder={at === 0 ? 'Why did it happen?' : 'And why that?'}
              maxLength={4000}
              value={why}
              onInput={(event) => put(at, event.currentTarget.value)}
            />
          </li>
        ))}
      </ol>
    </fieldset>
  );
}
