import { expect, it } from 'vitest';
import { parseSettings, settingVariables } from '../../app/settings/load.ts';
import { Settings } from '../../core/settings/index.ts';
import { configurationPage } from '../../docs/generate/configuration.ts';

const page = configurationPage();

/** Names of all settings anywhere in a schema. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties ?? {}), ...Object.values(schema as object).flatMap(namesIn)];
}

it('names every setting, each with its meaning', () => {
  for (const name of new Set(namesIn(Settings.properties))) expect(page, name).toMatch(new RegExp(`[\`.{,] ?${name}[\`:, ]`));
  for (const row of page.split('\n').filter((line) => line.startsWith('| `'))) expect(row, row).not.toMatch(/\|\s+\|$/);
});

it('names only variables that take effect', () => {
  const values: Record<string, string> = {
    WEIR_TENANT: 'acme',
    WEIR_HTTP_PORT: '8181',
    WEIR_LOG_LEVEL: 'warn',
    WEIR_INGEST_SCAN_SECONDS: '2',
  };
  const settings = parseSettings('', 'test', values);
  expect(settings).toMatchObject({ tenant: 'acme', http: { port: 8181 }, logLevel: 'warn', ingest: { scanSeconds: 2 } });
  const documented = [...page.matchAll(/`(WEIR_[A-Z_]+)`/g)].map(([, name]) => name as string);
  const known = new Set(['WEIR_DATA', ...settingVariables().map(({ variable }) => variable)]);
  expect(documented.filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !documented.includes(name))).toEqual([]);
});
