/** The console: who is logged in sees the page of the address. */
import { type ComponentType, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, wordsOf } from './core/ask.ts';
import { followLinks, usePlace } from './core/route.ts';
import { type Me, Session } from './core/session.ts';
import './core/theme.ts';
import { Incidents } from './pages/Incidents.tsx';
import { Frame } from './parts/Frame.tsx';
import { Empty, Loading, Problem } from './parts/Status.tsx';

/** Pages that come when they are asked for. */
const later: Readonly<Record<string, () => Promise<ComponentType>>> = {
  '/controls': async () => (await import('./pages/Controls.tsx')).Controls,
  '/reconciliation': async () => (await import('./pages/Reconciliation.tsx')).Reconciliation,
  '/slos': async () => (await import('./pages/Slos.tsx')).Slos,
  '/series': async () => (await import('./pages/Series.tsx')).Series,
  '/sources': async () => (await import('./pages/Sources.tsx')).Sources,
  '/sql': async () => (await import('./pages/Sql.tsx')).Sql,
  '/incidents': async () => (await import('./pages/IncidentPage.tsx')).IncidentPage,
};

const loaded = new Map<string, ComponentType>([['/', Incidents]]);

function Unknown() {
  return (
    <Empty title="There is no such page.">
      <a href="/">To the incidents</a>
    </Empty>
  );
}

/** The page of an address; the one before stays until it is there. */
function usePage(path: string): { readonly Page: ComponentType; readonly key: string } | { readonly problem: string } | undefined {
  const name = path.startsWith('/incidents/') ? '/incidents' : path;
  const [, again] = useState(0);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const load = later[name];
    if (loaded.has(name) || !load) return;
    load().then(
      (page) => {
        loaded.set(name, page);
        again((times) => times + 1);
      },
      (error: unknown) => setProblem(wordsOf(error)),
    );
  }, [name]);
  if (problem) return { problem };
  const Page = loaded.get(name) ?? (later[name] ? undefined : Unknown);
  return Page && { Page, key: path };
}

function Console({ me }: { readonly me: Me }) {
  const { path } = usePlace();
  const page = usePage(path);
  const first = useRef(path);
  useEffect(() => {
    // Who listens is told of a page that came by the beginning of its content.
    if (first.current !== path) document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true });
    first.current = path;
  }, [path]);
  useEffect(() => {
    document.addEventListener('click', followLinks);
    return () => document.removeEventListener('click', followLinks);
  }, []);
  return (
    <Session.Provider value={me}>
      <Frame path={path}>
        {page === undefined ? <Loading lines={6} /> : 'problem' in page ? <Problem text={page.problem} /> : <page.Page key={page.key} />}
      </Frame>
    </Session.Provider>
  );
}

const root = document.querySelector('#app')!;
ask<Me>('/session').then(
  (me) => render(<Console me={me} />, root),
  (error: unknown) => render(<Problem text={wordsOf(error)} />, root),
);
