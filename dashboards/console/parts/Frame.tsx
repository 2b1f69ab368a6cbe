/** The frame of every page: where one can go, who is logged in, how it looks, what keys do. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { setAnnouncer } from '../core/announce.ts';
import { ask } from '../core/ask.ts';
import { useKeys } from '../core/keys.ts';
import { go } from '../core/route.ts';
import { useMe } from '../core/session.ts';
import { setTheme, themes, useTheme } from '../core/theme.ts';
import { Help } from './Help.tsx';

/** Pages by the letter that follows `g`. */
const pages = [
  ['/', 'Incidents', 'i'],
  ['/controls', 'Controls', 'c'],
  ['/reconciliation', 'Reconciliation', 'r'],
  ['/slos', 'Objectives', 'o'],
  ['/series', 'Series', 'e'],
  ['/sources', 'Sources', 's'],
  ['/sql', 'SQL', 'q'],
] as const;

async function leave(): Promise<void> {
  await ask('/session', { method: 'DELETE' }).catch(() => undefined);
  location.assign('/');
}

function Look() {
  const { theme } = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  const names = { auto: 'as the system', light: 'light', dark: 'dark' };
  const signs = { auto: '◐', light: '○', dark: '●' };
  const label = `Colours: ${names[theme]}. Change to ${names[next]}.`;
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={() => setTheme(next)}>
      <span aria-hidden="true">{signs[theme]}</span>
    </button>
  );
}

export function Frame({ path, children }: { readonly path: string; readonly children: ComponentChildren }) {
  const me = useMe();
  const [help, setHelp] = useState(false);
  const region = useRef<HTMLParagraphElement>(null);
  useEffect(() => setAnnouncer(region.current), []);
  const keys = useMemo(
    () => ({
      '?': () => setHelp(true),
      '/': () => document.querySelector<HTMLElement>('[data-find]')?.focus(),
      ...Object.fromEntries(pages.map(([url, , letter]) => [`g ${letter}`, () => go(url)])),
    }),
    [],
  );
  useKeys(keys);
  useEffect(() => {
    document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  const current = path.startsWith('/incidents/') ? '/' : path;
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="mark" href="/">
            <img src="/console/icon.svg" width="24" height="24" alt="" />
            Weir
          </a>
          <nav aria-label="Pages">
            {pages.map(([url, name]) => (
              <a key={url} href={url} aria-current={current === url ? 'page' : undefined}>
                {name}
              </a>
            ))}
            <a href="/docs">API</a>
          </nav>
          <div class="who">
            <span class="name">{me.name === me.role ? me.name : `${me.name} · ${me.role}`}</span>
            <Look />
            <button type="button" class="icon" aria-label="Keys" title="Keys (?)" onClick={() => setHelp(true)}>
              <span aria-hidden="true">?</span>
            </button>
            <button type="button" class="quiet" onClick={() => void leave()}>
              Log out
            </button>
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <p class="hidden-visually" ref={region} aria-live="polite" />
      <Help open={help} onClose={() => setHelp(false)} />
    </>
  );
}
