/** What the validator of Grafana's catalogue checks of a plugin, of the sources: it is itself a program to download, so its static checks stand here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(fileURLToPath(import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const plugin = JSON.parse(read('src/plugin.json'));
const { version } = JSON.parse(read('package.json')) as { version: string };

function* sources(folder = join(root, 'src')): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.includes('.test.')) yield path;
  }
}

describe('plugin.json', () => {
  it('has what its schema requires, and no key that it does not know', () => {
    const known = [
      '$schema',
      'type',
      'name',
      'id',
      'category',
      'metrics',
      'annotations',
      'queryOptions',
      'info',
      'routes',
      'dependencies',
      'includes',
    ];
    expect(known).toEqual(expect.arrayContaining(Object.keys(plugin)));
    for (const key of ['type', 'name', 'id', 'info', 'dependencies']) expect(plugin).toHaveProperty(key);
    for (const key of ['logos', 'version', 'updated', 'keywords']) expect(plugin.info).toHaveProperty(key);
    expect(plugin.id).toMatch(/^[0-9a-z]+-([0-9a-z]+-)?(app|panel|datasource)$/);
    expect(plugin.type).toBe('datasource');
    expect(plugin.id.endsWith(`-${plugin.type}`)).toBe(true);
    expect(['tsdb', 'logging', 'cloud', 'tracing', 'profiling', 'sql', 'enterprise', 'iot', 'other']).toContain(plugin.category);
    expect(Object.keys(plugin.info).sort()).toEqual([
      'author',
      'description',
      'keywords',
      'links',
      'logos',
      'screenshots',
      'updated',
      'version',
    ]);
    expect(plugin.dependencies.grafanaDependency).toMatch(/^>=\d+\.\d+\.\d+$/);
  });

  it('claims nothing that needs a backend', () => {
    for (const key of ['backend', 'alerting', 'logs', 'streaming', 'tracing', 'executable']) expect(plugin).not.toHaveProperty(key);
    expect([plugin.metrics, plugin.annotations]).toEqual([true, true]);
  });

  it('leaves version and date to the build, and describes itself in a sentence or two', () => {
    expect([plugin.info.version, plugin.info.updated]).toEqual(['%VERSION%', '%TODAY%']);
    const { description, keywords, author, links } = plugin.info;
    expect(description.split(/\.\s/).length).toBeLessThanOrEqual(2);
    expect(description.length).toBeLessThan(200);
    expect(new Set(keywords).size).toBe(keywords.length);
    expect(author.name).not.toBe('');
    for (const { name, url } of links) expect([name, new URL(url).protocol]).toEqual([expect.any(String), 'https:']);
  });

  it('sends the token from the secrets of the server, nothing else', () => {
    expect(plugin.routes).toHaveLength(1);
    const [route] = plugin.routes;
    expect(route.url).toBe('{{ .JsonData.apiUrl }}');
    expect(route.headers).toEqual([{ name: 'Authorization', content: 'Bearer {{ .SecureJsonData.apiToken }}' }]);
  });

  it('shows pictures that are there, and logos that are safe', () => {
    expect(plugin.info.screenshots.length).toBeGreaterThan(0);
    for (const { path, name } of plugin.info.screenshots) {
      const bytes = readFileSync(join(root, 'src', path));
      expect(bytes.subarray(1, 4).toString(), path).toBe('PNG');
      expect(name).not.toBe('');
    }
    for (const path of Object.values(plugin.info.logos) as string[]) {
      const svg = read(`src/${path}`);
      expect(svg).toMatch(/^<svg [^>]*viewBox/);
      expect(svg).not.toMatch(/<script|on\w+\s*=|javascript:|<foreignObject|href\s*=|<!ENTITY|url\(/i);
    }
  });
});

describe('what lies beside it', () => {
  it('is a README of its own, with requirements, setting up, use and its limits', () => {
    const readme = read('src/README.md');
    for (const heading of ['## Requirements', '## Setting up', '## Querying', '## What it cannot do']) expect(readme).toContain(heading);
    expect(readme).not.toMatch(/Grafana data source plugin template|This template|TODO|lorem/i);
    for (const [, path = ''] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) expect(existsSync(join(root, 'src', path)), path).toBe(true);
  });

  it('is a changelog whose first entry is this version, with its day', () => {
    expect(/^## (\S+) \((\d{4}-\d\d-\d\d)\)$/m.exec(read('CHANGELOG.md'))?.slice(1)).toEqual([version, expect.any(String)]);
  });

  it('is a license that the catalogue takes', () => {
    expect(read('../../LICENSE')).toContain('Apache License');
    expect(JSON.parse(read('package.json')).license).toBe('Apache-2.0');
  });

  it('is a lock file of its own, for any registry', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean }>;
    };
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    for (const [name, wanted] of Object.entries(devDependencies)) {
      expect(wanted, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(wanted);
    }
    for (const [path, { resolved }] of Object.entries(lock.packages)) expect(resolved, path).toBeUndefined();
  });
});

describe('the source', () => {
  it.each([...sources()].map((path) => [path.slice(root.length + 1), path]))('%s', (_name, path) => {
    const code = readFileSync(path, 'utf8');
    expect(code).not.toMatch(/\bconsole\.|debugger|\beval\(|new Function|innerHTML|dangerouslySetInnerHTML|document\.cookie|localStorage/);
    // Colours come from the theme; addresses from the settings.
    expect(code).not.toMatch(/#[0-9a-f]{6}\b|https?:\/\/(?!weir:8080)/i);
    const imported = [...code.matchAll(/from '([^'.][^']*)'/g)].map(([, name]) => name);
    for (const name of imported) expect(['@grafana/data', '@grafana/runtime', '@grafana/ui', 'react', 'rxjs']).toContain(name);
  });
});
