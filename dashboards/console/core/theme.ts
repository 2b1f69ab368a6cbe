/** Dark or light: as the system has it, or as a person chose. */
import { useEffect, useState } from 'preact/hooks';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'weir-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

function stored(): Theme {
  try {
    return themes.find((each) => each === localStorage.getItem(key)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

let theme = stored();
const apply = (): void => {
  document.documentElement.dataset['theme'] = theme;
};
apply();
dark.addEventListener('change', tell);

export function setTheme(next: Theme): void {
  theme = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
  apply();
  tell();
}

/** The choice, and whether it comes out dark; again whenever it changes. */
export function useTheme(): { readonly theme: Theme; readonly isDark: boolean } {
  const read = () => ({ theme, isDark: theme === 'dark' || (theme === 'auto' && dark.matches) });
  const [now, setNow] = useState(read);
  useEffect(() => {
    const update = (): void => setNow(read());
    listeners.add(update);
    return () => {
      listeners.delete(update);
    };
  }, []);
  return now;
}
